"""Many new tags at once look like an import and start nothing: they stand as one question until somebody answers it."""

from __future__ import annotations

import logging
from collections.abc import Iterable, Mapping

from prefect.context import FlowRunContext

from checklists.versions import precedence
from checklists.which import choose
from ledger.receipts import Receipt
from tasks.boards.artifacts import make_artifact
from tasks.intake.asking import Ignored, Place, place_of
from tasks.intake.told import OfTag
from tasks.world import World

LOG = logging.getLogger(__name__)
IMPORT = "import"
KEY = "tags-that-started-nothing"
ABOUT = "`tminus doctor` says it until somebody has answered it."


def keep_import(world: World, told: OfTag, tags: Mapping[str, str]) -> str:
    """Says it, keeps it for `tminus doctor`, and shows it in Prefect the first time.

    `tags` are the versions by tag, `told` is of one of them. One that has its launch by then: somebody dealt with them.
    """
    place = place_of(told, world.organisation)
    if isinstance(place, Ignored):
        return f"{len(tags)} new tags at once start nothing: {place.reason}"
    said = _question(place, tags)
    receipt = Receipt(
        release_key=f"{told.release_key}!{IMPORT}",
        source=told.host,
        delivery_id=IMPORT,
        event=IMPORT,
        payload={"product": place.key, "versions": list(tags.values())},
        received_at=world.now(),
        state="ignored",
        reason=said,
    )
    if not is_answered(world, receipt) and world.ledger.receipts.keep(receipt):
        _show(said)
    return said


def _question(place: Place, tags: Mapping[str, str]) -> str:
    first, *_, last = sorted(tags, key=lambda tag: precedence(tags[tag]))
    choice = choose(place.product, tags[last], tags.values())
    many = f"{len(tags)} new tags at once, {first} to {last}"
    about = f"{place.product.title}: {many}, look like an import and start nothing"
    asked = f"--product {place.key} --version {tags[last]} --tag {last}"
    start = "" if choice.is_ignored else f"; `tminus start {choice.checklist} {asked}` starts the newest"
    if not place.product.git:
        return f"{about}{start}; name the product's `git` address, and `tminus backfill` writes the others down"
    return f"{about}{start}; `tminus backfill {place.key} --since {first} --dry-run` shows what it would write down"


def still_asked(world: World, receipts: Iterable[Receipt]) -> list[Receipt]:
    """These without the imports that somebody has answered."""
    return [one for one in receipts if one.event != IMPORT or not is_answered(world, one)]


def is_answered(world: World, receipt: Receipt) -> bool:
    """Whether a version of the import has a launch: a person has started one, or written them down."""
    told = receipt.payload["versions"]
    launched = world.ledger.index.versions_of(str(receipt.payload["product"]))
    return isinstance(told, list) and any(version in launched for version in told)


def _show(said: str) -> None:
    """Beside the flow run that saw it; where Prefect does not take it, that is logged and nothing more."""
    here = FlowRunContext.get()
    if here is None or here.flow_run is None:
        return
    try:
        make_artifact(str(here.flow_run.id), KEY, "markdown", said, ABOUT)
    except Exception as error:  # whatever Prefect's server answers
        LOG.warning("%s: could not be shown in Prefect: %s", KEY, error)

"""What a tag would start, and why: by the same rules as when it arrives, without a server and without a trace."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from checklists.checklist import unknown
from checklists.errors import LaunchError
from checklists.files.load import load_checklist
from checklists.files.validate import check_against
from checklists.launch import Launch
from checklists.organisation import Organisation, Product
from checklists.rules.starting import launch_id
from checklists.versions import SAFE_TAG
from checklists.which import Choice, Reading, choose, problem, readings, refusal
from ledger.store import Ledger
from tasks.changes.known import Known, known_releases
from tasks.settings import Settings

PATIENCE = 20  # seconds for git


@dataclass(frozen=True, slots=True)
class Explanation:
    """`outcome` is what would happen, in one sentence; what nobody got to see is None."""

    tag: str
    readings: tuple[Reading, ...]
    outcome: str
    starts: bool = False
    product: str | None = None
    choice: Choice | None = None
    found: str = ""
    launch: str | None = None
    status: str | None = None


@dataclass(frozen=True, slots=True)
class Asked:
    """Everything that is looked at; no ledger where none was made yet."""

    settings: Settings
    organisation: Organisation
    ledger: Ledger | None = None


def explain(at: Asked, tag: str, product: str | None = None, repository: str | None = None) -> Explanation:
    """What this tag starts: of this product, or in this repository, or wherever a product reads it as its release."""
    organisation = _only(at.organisation, product)
    if not SAFE_TAG.fullmatch(tag) or ".." in tag:
        return Explanation(tag, (), "nothing: it has signs that no release tag has")
    found = readings(tag, organisation, repository)
    matching = [one for one in found if one.version]
    if len(matching) != 1:
        why = problem(tag, found, organisation, repository) if repository else _untold(tag, matching)
        return Explanation(tag, found, f"nothing: {why}")
    return _explained(at, tag, found, matching[0].product, matching[0].version or "")


def _only(organisation: Organisation, product: str | None) -> Organisation:
    """The organisation with this product alone. Raises LaunchError for one that it does not know."""
    if product is None:
        return organisation
    if product not in organisation.products:
        raise LaunchError(unknown(product, organisation.products, "product"))
    return organisation.model_copy(update={"products": {product: organisation.products[product]}})


def _untold(tag: str, matching: list[Reading]) -> str:
    if not matching:
        return f"{tag} is a release tag of no product"
    names = " and ".join(f"`{one.product}`" for one in matching)
    return f"{tag} fits {names}; say which with --product or --repository"


def _explained(at: Asked, tag: str, found: tuple[Reading, ...], key: str, version: str) -> Explanation:
    product, name = at.organisation.products[key], launch_id(key, version)
    known = known_releases(at.settings, at.ledger, at.organisation, key, PATIENCE)
    choice = choose(product, version, known.versions)
    launch = at.ledger.launch(name) if at.ledger else None
    refused = None if launch else _refused(at, key, product, choice)
    return Explanation(
        tag=tag,
        readings=found,
        outcome=_outcome(name, choice, launch, refused),
        starts=launch is None and refused is None,
        product=key,
        choice=choice,
        found=_found(choice, known),
        launch=name,
        status=launch.status if launch else None,
    )


def _refused(at: Asked, key: str, product: Product, choice: Choice) -> str | None:
    """Why no launch would begin. Whether people can fill its gates is only known on the day."""
    if choice.is_ignored:
        return refusal(key, choice)
    try:
        findings = check_against(load_checklist(choice.checklist, at.settings.folders), at.organisation)
    except LaunchError as error:
        return str(error)
    return "; ".join(map(str, findings)) or None


def _outcome(name: str, choice: Choice, launch: Launch | None, refused: str | None) -> str:
    if launch:
        return f"nothing new: {name} is there already, {launch.status}"
    if refused:
        return f"nothing: {refused}"
    rehearsed = ", as a rehearsal that reaches nobody" if choice.is_rehearsal else ""
    return f"the launch {name} with the checklist {choice.checklist}{rehearsed}"


def _found(choice: Choice, known: Known) -> str:
    """How the release before was found."""
    return "; ".join(_sources(choice, known))


def _sources(choice: Choice, known: Known) -> Iterator[str]:
    if choice.previous:
        yield known.versions[choice.previous]
    elif known.versions:
        yield f"none of the {len(known.versions)} known releases is older"
    elif not known.why:
        yield "no other release is known"
    if known.why:
        yield known.why

"""Commands on releases: what a tag would start, and launches for what was released before tminus came."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from deployments.answers import as_json, plain, table
from deployments.wiring import As, Flag, Json, reach

if TYPE_CHECKING:
    from ledger.store import Ledger
    from tasks.backfilling import Past
    from tasks.explaining import Asked, Explanation
    from tasks.settings import Settings


def explain(tag: str, *, product: str | None = None, repository: str | None = None, json: Json = False) -> None:
    """Say what a tag would start, and why: product, release before, step, checklist. Starts nothing.

    Parameters
    ----------
    tag
        A tag, there or not: v2.4.0.
    product
        The product it is meant for; where left out, whichever reads it as its release.
    repository
        The repository it would be pushed to, such as example-org/acme.
    """
    from tasks.explaining import explain as explained

    found = explained(asked(), tag, product, repository)
    if json:
        as_json(_data(found))
        return
    table(plain(tag), ("product", "version", "why"), _read(found))
    for name, said in _said(found):
        print(f"{name:<12}{plain(said)}")


def backfill(product: str, *, since: str, dry_run: Flag = False, as_: As = None, json: Json = False) -> None:
    """Record past releases as launches that are over; nobody is asked, and nothing is sent.

    Parameters
    ----------
    product
        A product of the organisation file that names its `git` address.
    since
        The release tag to begin with, such as v1.0.0; later ones follow by version.
    dry_run
        Say what would be recorded, and record nothing.
    """
    from tasks.backfilling import backfill as written
    from tasks.backfilling import past

    releases = past(asked(), product, since)
    if not dry_run:
        from tasks.people.identity import in_terminal

        world = reach()
        list(written(world, product, releases, in_terminal(world, as_, "manage")))
    if json:
        as_json([_row(one) for one in releases])
        return
    done = "would be recorded" if dry_run else "recorded"
    rows = ((one.launch, one.tag, f"{one.released_at:%Y-%m-%d}", one.skipped or done) for one in releases)
    table(f"{product} since {plain(since)}", ("launch", "tag", "released", "what"), rows)


def _row(one: Past) -> dict[str, Any]:
    return {
        "launch": one.launch,
        "tag": one.tag,
        "commit": one.commit,
        "released_at": one.released_at.isoformat(),
        "checklist": one.checklist,
        "skipped": one.skipped,
    }


def asked() -> Asked:
    """What there is to look at without a server."""
    from checklists.files.organisation_file import OrganisationFile
    from tasks.explaining import Asked
    from tasks.settings import Settings

    settings = Settings()
    return Asked(settings, OrganisationFile(settings.organisation).current(), _ledger(settings))


def _ledger(settings: Settings) -> Ledger | None:
    """The ledger, where there is one: explaining makes none."""
    from ledger.store import Ledger

    is_made = settings.database_url or (settings.home / "ledger.sqlite3").exists()
    return Ledger(settings.ledger_url) if is_made else None


def _read(found: Explanation) -> Iterator[tuple[str, ...]]:
    for one in found.readings:
        yield one.product, one.version or "", one.why


def _said(found: Explanation) -> Iterator[tuple[str, str]]:
    if found.choice:
        yield "before", f"{found.choice.previous or 'none'}: {found.found}"
        yield "step", found.choice.since
        yield "checklist", found.choice.checklist
    yield "starts", found.outcome


def _data(found: Explanation) -> dict[str, Any]:
    choice = found.choice
    return {
        "tag": found.tag,
        "starts": found.starts,
        "outcome": found.outcome,
        "product": found.product,
        "version": choice.version if choice else None,
        "previous": choice.previous if choice else None,
        "found": found.found,
        "step": choice.step if choice else None,
        "towards": choice.towards if choice else None,
        "checklist": choice.checklist if choice else None,
        "policy": choice.policy if choice else None,
        "launch": found.launch,
        "status": found.status,
        "products": [{"product": one.product, "version": one.version, "why": one.why} for one in found.readings],
    }

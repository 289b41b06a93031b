"""Commands on people outside: import, export, show, forget; and who is in an audience."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated, Any

from cyclopts import App, Parameter

from deployments.answers import No, as_json, plain, table
from deployments.wiring import Flag, Json, reach

people = App(name="people", help="Import, export, show and forget subscribers.", help_format="plaintext")
Lists = Annotated[
    list[str] | None, Parameter(name="--list", negative=(), help="A list they are on; may be said again.")
]
LABELS = {
    "timezone": "time zone",
    "locale": "language",
    "pace": "how often",
    "paused_until": "paused until",
    "change_types": "kinds of change",
}
"""What `people show` calls what has another name in files and the API."""


@people.command(name="import")
def import_(file: Path, *, list_: Lists = None, consent: str = "", dry_run: Flag = False, json: Json = False) -> None:
    """Take people from a CSV file. Nothing is sent to anybody, and nobody who left is brought back.

    Parameters
    ----------
    file
        Its first line names the columns: address, name, locale, timezone, topics, lists, state, consent, consented;
        every other one is an attribute.
    consent
        How they agreed to be written to; without it, or a column, they are unconfirmed and get nothing.
    dry_run
        Say what would come of it, and change nothing.
    """
    from tasks.audiences.importing import import_people

    def tell(bad: object) -> None:
        print(plain(str(bad)), file=sys.stderr)

    named = tuple(list_ or ())
    fates, bad, silent = import_people(reach(), file, lists=named, consent=consent, rehearse=dry_run, tell=tell)
    said = {fate: fates[fate] for fate in ("new", "renewed", "same", "left")} | {"bad": bad}
    if json:
        as_json(said | {"without_topic": silent, "dry_run": dry_run})
    else:
        words = (
            f"{said['new']} new, {said['renewed']} renewed, {said['same']} as before, {said['left']} who left stay away"
        )
        print(f"{'would be: ' if dry_run else ''}{words}, {bad} bad rows left out")
        if silent:
            print(f"{silent} name no topic: who has none hears only what audiences without topics are told")
    if bad:
        raise No(f"{bad} rows were left out; put them right and import the file again, what is in stays as it is")


@people.command
def export() -> None:
    """Write everybody as CSV, in a form that no spreadsheet takes for formulas."""
    from tasks.audiences.importing import export_people

    export_people(reach(), sys.stdout)


@people.command
def show(address: str, *, json: Json = False) -> None:
    """Show what is known of somebody, and what they said yes and no to."""
    from tasks.audiences.showing import as_shown, found

    world = reach()
    shown = as_shown(world, found(world, address))
    if json:
        as_json(shown)
        return
    told = ((LABELS.get(name, name), _said(value)) for name, value in shown.items() if name != "consents")
    table(address, ("what", "is"), told)
    rows = ((one["at"], one["what"], one["how"], one["origin"]) for one in shown["consents"])
    table("What they said", ("when", "what", "how", "where from"), rows)


def _said(value: Any) -> str:
    if isinstance(value, dict):
        return ", ".join(f"{name}: {inner}" for name, inner in value.items())
    return ", ".join(value) if isinstance(value, list) else str(value or "")


@people.command
def forget(address: str, *, yes: Flag = False) -> None:
    """Delete all that is known of somebody, but for a hash that keeps an import from bringing them back.

    Parameters
    ----------
    yes
        Do not ask first; for scripts.
    """
    from tasks.audiences.showing import found

    world = reach()
    who = found(world, address)
    if not yes and not _is_sure(who.address):
        raise No(f"{address} was not forgotten; add --yes where nobody can be asked")
    world.ledger.wishes.forget(who.id, world.now())
    print("forgotten")


def _is_sure(address: str) -> bool:
    """What a person at the terminal says; nobody else can be asked."""
    if not sys.stdin.isatty():
        return False
    asked = f"Delete all that is known of {plain(address)}, for good? Type yes: "
    return input(asked).strip().lower() in ("y", "yes")


def audience(name: str, *, why: str = "", product: str = "", checklist: str = "", json: Json = False) -> None:
    """Show who is in an audience: how many, who is left out and why, a few of them; or why one address is in or out.

    Parameters
    ----------
    name
        An audience of the organisation file, or of --checklist.
    why
        An address.
    product
        Where the audience depends on it, the product that is launched.
    checklist
        The checklist whose audience it is.
    """
    from checklists.files.load import load_checklist
    from tasks.audiences import looking

    world = reach()
    own = load_checklist(checklist, world.settings.folders).checklist if checklist else None
    shown = looking.why(world, name, why, product, own) if why else looking.audience_now(world, name, product, own)
    if json:
        as_json(shown)
    elif why:
        print(f"{plain(why)} is {'in' if shown['in'] else 'not in'} {name}: {plain('; '.join(shown['because']))}")
    else:
        _print_audience(shown)


def _print_audience(shown: dict[str, Any]) -> None:
    rows = [("get it now", f"{shown['reach']:,}")]
    rows += [(f"left out: {one['reason']}", f"{one['count']:,}") for one in shown["excluded"].values()]
    rows += [
        (f"by {by}", ", ".join(f"{part or '(unknown)'} {many}" for part, many in split.items()))
        for by, split in shown["reach_by"].items()
        if split
    ]
    rows += [("for example", ", ".join(one["address"] for one in shown["sample"]))]
    table(f"{shown['audience']}: {'; '.join(shown['meant']) or 'nobody'}", ("who", "how many"), rows)

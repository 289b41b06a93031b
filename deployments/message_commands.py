"""Commands on announcements before they leave, and on what became of them."""

from __future__ import annotations

import json as jsons
import sys
from collections.abc import Iterator
from itertools import product
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

from cyclopts import Parameter

from deployments.answers import No, as_json, as_text, plain
from deployments.wiring import Flag, Json, found, print_doubt
from deployments.wiring import reach as reach_world

if TYPE_CHECKING:
    from checklists.organisation import Person
    from tasks.announcements.previewing import Preview
    from tasks.announcements.reaching import Told
    from tasks.world import World
    from templates.render import Rendered

LABEL, NUMBER = 16, 9  # columns
ALWAYS = ("audience", "handed_over")


def preview(
    launch: str,
    item: str,
    *,
    to: str = "",
    locale: str = "",
    channel: str = "",
    out: Path | None = None,
    open: Annotated[bool, Parameter(negative=())] = False,
    send_test: Flag = False,
    json: Json = False,
) -> None:
    """Show an announcement as it would leave now, to whom and when; nothing leaves but a test that is asked for.

    Parameters
    ----------
    to
        Somebody of the organisation file, by mail address: shown as they would get it; where a test goes.
    locale
        The language, such as de or pt-BR; the organisation's first when left out.
    channel
        One of the announcement's channels; the first when left out.
    out
        A folder for every message in every language; without --to as everybody in the audience would get it.
    open
        Show the mail in a browser.
    send_test
        Mail it to --to, marked as a test and counted nowhere.
    """
    world, shown = _previewed(launch, item, channel)
    if send_test:
        _send_test(world, shown, to, locale)
    elif open:
        _open(world, shown, locale, to)
    elif out:
        _write(world, shown, out, to)
    else:
        _show(world, shown, channel or next(iter(shown.as_it_leaves.kinds)), locale, to, json)


def _previewed(launch: str, item: str, channel: str) -> tuple[World, Preview]:
    from tasks.announcements.previewing import preview

    world = reach_world()
    shown = preview(world, found(world, launch), item)
    if channel and channel not in shown.as_it_leaves.kinds:
        raise No(f"{item} has no channel {channel}; it has {', '.join(shown.as_it_leaves.kinds)}")
    return world, shown


def _send_test(world: World, shown: Preview, to: str, locale: str) -> None:
    from checklists.decide import Refusal
    from tasks.announcements.previewing import send_test

    if not to:
        raise No("say with --to who gets the test")
    came = send_test(world, shown.launch, shown.key, to, locale)
    if isinstance(came, Refusal):
        raise No(came.reason)
    print(f"test to {to}: {came}")


def _reader(world: World, to: str) -> Person | None:
    """Nobody in particular where nobody is named."""
    person = world.organisation.people.get(to.strip().lower())
    if to and person is None:
        raise No(f"{to} is nobody of the organisation file")
    return person


def _as_got(world: World, shown: Preview, channel: str, locale: str, to: str) -> Rendered:
    """As this person would get it."""
    from tasks.announcements.previewing import as_read

    person, kind = _reader(world, to), shown.as_it_leaves.kinds.get(channel, "email")
    why = shown.as_it_leaves.standing_of(person, channel)
    return as_read(world, shown, kind, locale, person.name if person else "", why)


def _show(world: World, shown: Preview, channel: str, locale: str, to: str, json: bool) -> None:
    from tasks.announcements.announcement import READERS
    from templates.left_out import left_out

    message = _as_got(world, shown, channel, locale, to)
    if json:
        as_json({**_facts(shown), "channel": channel, "message": message.model_dump(exclude_defaults=True)})
        return
    several = len(shown.as_it_leaves.comes_as(channel)) > 1
    reader = f", to {READERS[shown.as_it_leaves.standing_of(_reader(world, to), channel)]}" if several else ""
    count = f"{shown.reach:,} {'person' if shown.reach == 1 else 'people'}"
    lacking, first = shown.untranslated, shown.as_it_leaves.languages[0]
    split = ", ".join(f"{count:,} in {name}" for name, count in shown.by_language.items())
    when = f"not before {shown.not_before:%d %b %Y %H:%M %Z}" if shown.not_before else "when all before it is done"
    when += f", {shown.after}" if shown.after else ""
    when += f", {shown.window}" if shown.window else ""
    when += f", not after {shown.not_after:%d %b %Y %H:%M %Z}" if shown.not_after else ""
    lines = [
        *([f"{plain(shown.became)} This is how it would read today."] if shown.became else []),
        *([] if shown.became else [f"To        {count} ({split}), {when}"]),
        f"{'Was for' if shown.became else '':10}{shown.audience}: {plain('; '.join(shown.meant)) or 'nobody'}",
        *(
            f"          not translated into {one}: {count:,} read the notes in {first}"
            for one, count in lacking.items()
        ),
        *([f"Left out  {left_out(shown.excluded)}"] if shown.excluded else []),
        f"By        {'; '.join(f'{name}: {plain(place)}' for name, place in shown.as_it_leaves.leads.items())}",
        f"Shown     as it reads by {channel}, in {message.locale}{reader}",
        f"Subject   {plain(message.subject)}",
    ]
    sys.stdout.write("\n".join((*lines, "", as_text(message), "")))


def _facts(shown: Preview) -> dict[str, object]:
    at, until = shown.not_before, shown.not_after
    return {
        "launch": shown.launch.id,
        "item": shown.key,
        "audience": shown.audience,
        "meant": list(shown.meant),
        "reach": shown.reach,
        "by-language": dict(shown.by_language),
        "excluded": shown.excluded,
        "not-before": at.isoformat() if at else None,
        "after": shown.after,
        "window": shown.window,
        "not-after": until.isoformat() if until else None,
        "channels": dict(shown.as_it_leaves.leads),
        "languages": list(shown.as_it_leaves.languages),
    }


def _write(world: World, shown: Preview, out: Path, to: str) -> None:
    """Every message in every language, and for each reason to get it unless somebody is named: what a mail program, a
    reader of plain text, Slack and Teams get."""
    out.mkdir(parents=True, exist_ok=True)
    person = _reader(world, to)
    for name, message in _messages(world, shown, person):
        payload = message.slack or message.teams
        files = {"json": jsons.dumps(payload, ensure_ascii=False, indent=2)} if payload else {"txt": message.text}
        for suffix, text in {**files, **({"html": message.html} if message.html else {})}.items():
            file = out / f"{name}.{suffix}"
            file.write_text(text, encoding="utf-8")
            print(file)


def _messages(world: World, shown: Preview, person: Person | None) -> Iterator[tuple[str, Rendered]]:
    """By name: `email.de`, or `email.de.role` where it comes for several reasons."""
    from tasks.announcements.previewing import as_read

    for channel, kind in shown.as_it_leaves.kinds.items():
        own = shown.as_it_leaves.standing_of(person, channel)
        readers = (own,) if person else shown.as_it_leaves.comes_as(channel)
        for locale, why in product(shown.as_it_leaves.languages, readers):
            name = ".".join((channel, locale, *([why] if len(readers) > 1 else [])))
            yield name, as_read(world, shown, kind, locale, person.name if person else "", why)


def _open(world: World, shown: Preview, locale: str, to: str) -> None:
    import tempfile
    import webbrowser

    with tempfile.NamedTemporaryFile("w", suffix=".html", delete=False, encoding="utf-8") as file:
        file.write(_as_got(world, shown, "", locale, to).html)
    webbrowser.open(Path(file.name).as_uri())


def reach(launch: str, *, json: Json = False, csv: Flag = False) -> None:
    """Show what became of a launch's announcements: handed over, delivered, bounced, unknown, clicked.

    Parameters
    ----------
    csv
        A line for each announcement and channel, for a spreadsheet.
    """
    from tasks.announcements.reaching import as_csv, as_plain, reach_of

    world = reach_world()
    there = found(world, launch)
    told = reach_of(world, there)
    if json:
        as_json(as_plain(there, told))
    elif csv:
        sys.stdout.write(as_csv(there, told))
    else:
        print("\n\n".join("\n".join(_block(one)) for one in told) or f"{launch} announces nothing")
        for one in told:
            if one.settle:
                print_doubt(_name_of(one), one.unknown, one.settle, is_silent=one.is_silent)


def _name_of(one: Told) -> str:
    return one.item if one.purpose == "announcement" else f"{one.item} {one.purpose}"


def _block(one: Told) -> Iterator[str]:
    """A line for each number, where it is not nought everywhere, a column for each channel; and who was left out."""
    from tasks.announcements.reaching import NUMBERS
    from templates.left_out import left_out

    wide = max(len(row.channel) for row in one.channels) if one.channels else 0
    status = f" ({one.status})" if one.purpose == "announcement" else ""
    yield f"{_name_of(one)}: {plain(one.title)}{status}"
    yield " " * LABEL + "".join(f"  {row.channel:>{max(wide, NUMBER)}}" for row in one.channels)
    for name in NUMBERS:
        counts = [getattr(row, name) for row in one.channels]
        if any(counts) or name in ALWAYS:
            yield f"  {name.replace('_', ' '):<{LABEL - 2}}" + "".join(f"  {n:>{max(wide, NUMBER)},}" for n in counts)
    yield from (f"  left out of {row.channel}: {left_out(row.excluded)}" for row in one.channels if row.excluded)

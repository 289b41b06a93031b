"""Commands that say something once more to those who got an announcement: a correction, or that it is withdrawn."""

from __future__ import annotations

import re
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from glob import escape
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, TypeAlias, TypeVar

from cyclopts import Parameter

from deployments.answers import No, all_of, as_json, as_text, plain
from deployments.wiring import As, Json, carried_out, end, found, known_at, reach, refused, wrong_usage

if TYPE_CHECKING:
    from checklists.commands import FollowUp
    from checklists.entries import FollowedUp
    from checklists.launch import Launch
    from checklists.people import Actor
    from tasks.world import World
    from templates.render import Rendered

InLanguages = Annotated[list[str] | None, Parameter(negative=())]
DryRun = Annotated[bool, Parameter(negative=(), help="Show how it would read and who would get it; nothing is said.")]
T = TypeVar("T")
Make: TypeAlias = "Callable[[World, Actor], FollowUp]"
LANGUAGE = re.compile(r"[a-z]{2}(-[A-Za-z0-9]{2,4})*")


def correct(
    launch: str,
    item: str,
    *,
    text: Path | None = None,
    note: str = "",
    note_in: InLanguages = None,
    dry_run: DryRun = False,
    as_: As = None,
    json: Json = False,
) -> None:
    """Tell exactly those who got an announcement what is right, and correct it on the change channel.

    Parameters
    ----------
    text
        A file with all of it as it should have read, in markdown. What lies beside right.md as right.de.md is the same
        in another of your languages.
    note
        What was wrong, in a sentence; enough by itself.
    note_in
        The note in another of your languages, as de="Der Preis ist 20."; may be said for each.
    """
    from checklists.commands import FollowUp

    words = _read(text) if text else ""

    def command(world: World, by: Actor) -> FollowUp:
        languages = world.organisation.languages
        others = _translations(text, languages) if text else {}
        notes = _said_in("--note-in", note_in, languages)
        return FollowUp(by=by, item=item, what="correction", text=words, note=note, translations=others, notes=notes)

    _say(launch, item, command, as_, dry_run=dry_run, json=json)


def recall(
    launch: str,
    item: str,
    *,
    reason: str,
    reason_in: InLanguages = None,
    dry_run: DryRun = False,
    as_: As = None,
    json: Json = False,
) -> None:
    """Tell exactly those who got an announcement to disregard it, and withdraw it on the change channel.

    Parameters
    ----------
    reason
        Is told to them, and stands in the record.
    reason_in
        The reason in another of your languages, as de="Es ist noch nicht zu kaufen."; may be said for each.
    """
    from checklists.commands import FollowUp

    def command(world: World, by: Actor) -> FollowUp:
        reasons = _said_in("--reason-in", reason_in, world.organisation.languages)
        return FollowUp(by=by, item=item, what="recall", note=reason, notes=reasons)

    _say(launch, item, command, as_, dry_run=dry_run, json=json)


def _say(launch: str, item: str, make: Make, as_: str | None, *, dry_run: bool, json: bool) -> None:
    world = reach()
    from tasks.notices.delivering import deliver_notices

    before = found(world, launch)
    if dry_run:
        _rehearse(world, before, make(world, known_at(world, as_)), json)
        return
    there, note = carried_out(world, launch, as_, make)
    if json:
        end(world, there, note, json)
        return
    if note:
        print(note, file=sys.stderr)
    is_new = there.items[item].follow_ups != before.items[item].follow_ups
    print("\n".join(_confirmed(world, there, item, note) if is_new else [_repeated(there, item)]), flush=True)
    deliver_notices(world)


def _confirmed(world: World, launch: Launch, item: str, note: str) -> Iterator[str]:
    """What was said to how many and when it leaves, how to stop it, and where to see what becomes of it."""
    from tasks.announcements.following import held_back

    said = launch.items[item].follow_ups[-1]
    when = held_back(world, launch, item) or ("as soon as Prefect is back" if note else "within half a minute")
    yield f"{said.purpose} of {item}: to {_receivers(world, launch, item)}, {when}"
    if launch.items[item].muted is None:
        yield f"  stop it with: tminus announcements pause {launch.id} {item} --reason WHY"
    yield f"  what becomes of it: tminus reach {launch.id}"


def _repeated(launch: Launch, item: str) -> str:
    said = launch.items[item].follow_ups[-1]
    return (
        f"{said.purpose} of {item} says this already, in the same words; nothing was added (tminus reach {launch.id})"
    )


def _receivers(world: World, launch: Launch, item: str) -> str:
    """`1,002 who got it, by email and feed`; what posts once has no number."""
    from tasks.announcements.reaching import is_personal

    heard = world.ledger.followed.heard(launch.id, item)
    people = sum(count for channel, count in heard.items() if is_personal(world, channel))
    many = f"{people:,} who got it, by" if people else "where it was posted:"
    return f"{many} {all_of(sorted(heard))}"


def _rehearse(world: World, launch: Launch, command: FollowUp, json: bool) -> None:
    """How it would read to each who got the announcement, in every language; nothing is recorded."""
    from checklists.decide import Refusal
    from tasks.announcements.following import would_say

    said = would_say(world, launch.id, command)
    if isinstance(said, Refusal):
        raise refused(world, said, command.by)
    if said.purpose in {one.purpose for one in launch.items[said.item].follow_ups}:
        raise No(_repeated(launch, said.item))
    messages = _messages(world, launch, said)
    if json:
        shown = [one.model_dump(exclude_defaults=True) for one in messages]
        heard = world.ledger.followed.heard(launch.id, said.item)
        as_json({"launch": launch.id, "item": said.item, "purpose": said.purpose, "heard": heard, "messages": shown})
        return
    print(f"{said.purpose} of {said.item} would go to {_receivers(world, launch, said.item)}. Nothing is recorded yet.")
    for one in messages:
        language = f" ({one.locale})" if len(messages) > 1 else ""
        print(f"\nSubject{language}: {plain(one.subject)}\n\n{as_text(one)}")


def _messages(world: World, launch: Launch, said: FollowedUp) -> list[Rendered]:
    """Each language of it: the mail, where there is one, else what is posted first."""
    from tasks.announcements.correcting import corrected
    from tasks.announcements.previewing import made_out
    from tasks.announcements.reaching import is_personal

    heard = sorted(world.ledger.followed.heard(launch.id, said.item))
    channel = next((one for one in heard if is_personal(world, one)), heard[0])
    made = corrected(world, launch, said, channel)
    kind, several = made.kinds[channel], made.comes_as(channel)
    return [made_out(world, made.body(kind, one, why), "", why) for one in made.languages for why in several]


def _read(file: Path) -> str:
    try:
        return file.read_text(encoding="utf-8")
    except (OSError, ValueError) as error:
        raise No(f"{file}: cannot be read as text ({error}); give a file in UTF-8") from error


def _translations(text: Path, languages: Sequence[str]) -> dict[str, str]:
    """What lies beside the file in other languages, each the nearest there is: `right.pt-BR.md`, else `right.pt.md`."""
    found: dict[str, Path] = {}
    for file in text.parent.glob(f"{escape(text.stem)}.*{escape(text.suffix)}"):
        language = file.name[len(text.stem) + 1 : len(file.name) - len(text.suffix)]
        if LANGUAGE.fullmatch(language):
            found[_known(language, languages[1:], f"{file}:", "rename the file")] = file
    return {one: _read(file) for one, file in _nearest(found, languages).items()}


def _said_in(option: str, said: Sequence[str] | None, languages: Sequence[str]) -> dict[str, str]:
    """What was said as LANGUAGE=TEXT, by each of the organisation's languages besides the first."""
    found: dict[str, str] = {}
    for one in said or ():
        language, is_pair, words = one.partition("=")
        if not is_pair or not words.strip():
            raise wrong_usage(f'{option} reads LANGUAGE=TEXT, such as {option} de="..."')
        found[_known(language, languages[1:], f"{option}:", "say one of them")] = words
    return _nearest(found, languages)


def _known(language: str, languages: Sequence[str], where: str, remedy: str) -> str:
    from templates.locales import chain

    if any(language in chain(one) for one in languages):
        return language
    others = ", ".join(languages) or "there are none"
    raise No(f"{where} {language} is none of your languages besides the first ({others}); {remedy}")


def _nearest(said: Mapping[str, T], languages: Sequence[str]) -> dict[str, T]:
    from templates.locales import chain

    near = {one: next((known for known in chain(one) if known in said), "") for one in languages[1:]}
    return {one: said[known] for one, known in near.items() if known}

"""Commands on announcements that are on their way or out: pause, correct or recall one, or stop all that leaves."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from functools import partial
from glob import escape
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, TypeVar

from cyclopts import App, Parameter

from deployments.answers import No, as_json, table
from deployments.wiring import As, Flag, Json, act_as, print_doubt, reach, wrong_usage

if TYPE_CHECKING:
    from checklists.entries import Fate
    from checklists.people import Actor
    from tasks.world import World

InLanguages = Annotated[list[str] | None, Parameter(negative=())]
NAMED = 3
T = TypeVar("T")
LANGUAGE = re.compile(r"[a-z]{2}(-[A-Za-z0-9]{2,4})*")

announcements = App(
    name="announcements", help="Pause, correct and recall announcements, stop all sending.", help_format="plaintext"
)


@announcements.command
def pause(launch: str, item: str, *, reason: str, as_: As = None, json: Json = False) -> None:
    """Let nothing more of one announcement, or of what is said after it, leave for now; what has left, has left.

    Parameters
    ----------
    reason
        Stands in the record.
    """
    from checklists.commands import Pause

    act_as(launch, as_, lambda _, by: Pause(by=by, item=item, reason=reason), json)


@announcements.command
def resume(launch: str, item: str, *, as_: As = None, json: Json = False) -> None:
    """Let what is left of one announcement leave."""
    from checklists.commands import Unpause

    act_as(launch, as_, lambda _, by: Unpause(by=by, item=item), json)


@announcements.command
def correct(
    launch: str,
    item: str,
    *,
    text: Path | None = None,
    note: str = "",
    note_in: InLanguages = None,
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

    act_as(launch, as_, command, json)


@announcements.command
def recall(
    launch: str, item: str, *, reason: str, reason_in: InLanguages = None, as_: As = None, json: Json = False
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

    act_as(launch, as_, command, json)


@announcements.command
def settle(
    launch: str,
    item: str,
    *,
    arrived: Flag = False,
    again: Flag = False,
    purpose: str = "",
    comment: str = "",
    as_: As = None,
    json: Json = False,
) -> None:
    """Say what became of deliveries in doubt: they arrived, or are to be sent again, to those in doubt alone.

    Parameters
    ----------
    item
        The question about them, such as question-1; or the announcement, with --purpose or once its launch is over.
    arrived
        They count as handed over.
    again
        They are written to once more, an announcement only while its launch runs; who has it already hears it twice.
    purpose
        Which correction or recall of it, such as correction/1; of any launch.
    comment
        How you know; stands in the record.
    """
    from checklists.delivery_commands import Settle

    if arrived == again:
        raise wrong_usage("say one of the two: --arrived or --again")
    fate: Fate = "arrived" if arrived else "again"
    said = partial(Settle, item=item, fate=fate, comment=comment, purpose=purpose)
    act_as(launch, as_, lambda _, by: said(by=by), json)


@announcements.command
def stop(*, reason: str, as_: As = None) -> None:
    """Stop every announcement of every launch, and digests, now and until `announcements start`.

    Parameters
    ----------
    reason
        Stands in the record.
    """
    _turn(reason, as_, is_on=False)


@announcements.command
def start(*, reason: str = "", as_: As = None) -> None:
    """Let announcements and digests leave again after `announcements stop`.

    Parameters
    ----------
    reason
        Stands in the record.
    """
    _turn(reason, as_, is_on=True)


@announcements.command
def status(*, json: Json = False) -> None:
    """Say whether announcements may leave, who said so, and what of them and of digests is in doubt."""
    from checklists.questions import is_silent, way_to_settle

    world = reach()
    ledger = world.ledger
    turns = ledger.switches.turns()
    if json:
        as_json([turn.model_dump(mode="json") for turn in turns])
        return
    rows = [(f"{turn.at:%Y-%m-%d %H:%M}", "start" if turn.is_on else "stop", turn.by, turn.reason) for turn in turns]
    stopped = bool(turns) and not turns[0].is_on
    table(f"Announcements are {'stopped' if stopped else 'free to leave'}", ("at (UTC)", "what", "who", "why"), rows)
    for one in ledger.in_doubt.each():
        launch = world.launch(one.launch_id)
        if launch and (way := way_to_settle(launch, one.item, one.purpose)):
            quiet = is_silent(launch, one.purpose)
            print_doubt(f"{one.launch_id}: {one.name}", one.count, way, is_silent=quiet)
    if digests := ledger.in_doubt.digests():
        some = ", ".join(f"{recipient} ({period})" for recipient, period in digests[-NAMED:])
        print(f"{len(digests):,} digests may have arrived, or not, the latest: {some}.")
        print("  None is sent again; what stood in them stands on the change channel.")


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


def _turn(reason: str, as_: str | None, *, is_on: bool) -> None:
    from checklists.decide import Refusal
    from tasks.people.identity import in_terminal
    from tasks.sending.switching import switch

    world: World = reach()
    answer = switch(world, in_terminal(world, as_, "manage"), "command", reason, is_on=is_on)
    if isinstance(answer, Refusal):
        raise No(answer.reason)
    print("announcements may leave" if is_on else "all announcements are stopped")

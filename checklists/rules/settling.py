"""Deliveries whose fate nobody knows: what people may say of them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import datetime

from checklists import entries as e
from checklists.delivery_commands import SETTLES, Doubtful, Settle
from checklists.items import Announce
from checklists.launch import Launch
from checklists.questions import is_silent, way_to_settle
from checklists.rules.items import a_stranger, barred, not_their_item
from checklists.rules.refusal import Facts, Refusal, not_a_manager, unwritable

AT_WORK = frozenset({"open", "running"})
SAID: Mapping[e.Fate, str] = {
    "arrived": "says that it arrived",
    "again": "has what was in doubt sent again",
    "known": "knows by now what became of it",
}


def settle(command: Settle, launch: Launch, now: datetime) -> Facts | Refusal:
    """By those who run launches; by tminus where nothing is in doubt any more.

    Of a launch that is over, too: it may have been given up meanwhile, and most corrections are said after it.
    """
    state, asked = launch.items.get(command.item), launch.questions.get(command.item)
    if launch.is_over and asked is not None and asked.about:
        return _by_name(replace(command, item=asked.about, purpose=asked.purpose), launch, now)
    if state is not None and isinstance(state.item, Announce):
        return _by_name(command, launch, now)
    return _answer(command, launch)


def _answer(command: Settle, launch: Launch) -> Facts | Refusal:
    """To the question that stands for them on a launch that runs."""
    said = command.comment.strip()
    if refusal := barred(command, launch) or unwritable([said]):
        return refusal
    state, asked = launch.items[command.item], launch.questions.get(command.item)
    if asked is None or asked.about is None:
        return Refusal(f"{state.key} is no question about deliveries; nothing of it can be settled")
    settled = e.Settled(
        item=state.key, round=state.round, fate=command.fate, comment=said, number=command.number, **command.said
    )
    if command.fate == "known":
        ours = command.by.proof == "tminus"
        no = Refusal("say whether it arrived or is to be sent again", may_not=True)
        return [settled, *_another_round(command, launch, asked)] if ours else no
    if refusal := not_their_item(command.by, state) or _too_early(launch, command.item, asked):
        return refusal
    if asked.purpose:
        about = replace(command, item=asked.about, purpose=asked.purpose)
        return _outdated(about, launch) or [settled, _verdict(about, launch)]
    about = replace(command, item=asked.about)
    return _outdated(about, launch) or [settled, *_another_round(command, launch, asked)]


def _too_early(launch: Launch, key: str, asked: e.Questioned) -> Refusal | None:
    """Reports on their way may still say what became of them; what is being sent is not over."""
    if launch.items[key].status == "waiting":
        until = f"{asked.not_before:%d %b %Y %H:%M} UTC" if asked.not_before else "its turn"
        return Refusal(f"{key} is not open yet; reports may settle it by itself until {until}")
    if asked.about and not asked.purpose and launch.items[asked.about].status in AT_WORK:
        return Refusal(f"{asked.about} is being sent just now; answer once that is over")
    return None


def _another_round(command: Settle, launch: Launch, asked: e.Questioned) -> Iterator[e.Reopened]:
    """One for those who are written to again, or in which what failed for want of an answer passes; nobody else hears
    anything in it. A correction or a recall has none: it leaves by itself."""
    if asked.about is None or asked.purpose:
        return
    state = launch.items[asked.about]
    if command.fate == "again" or state.status == "failed":
        said = f"{command.by.name or command.by.email} {SAID[command.fate]}"
        yield e.Reopened(item=state.key, round=state.round + 1, because="unknown", question=said, **command.said)


def _by_name(command: Settle, launch: Launch, now: datetime) -> Facts | Refusal:
    """Without its question, which is answered with it where there is one. An announcement has it while its launch runs,
    and is settled by its name once that is over."""
    if refusal := a_stranger(command.by) or not_a_manager(command) or unwritable([command.comment.strip()]):
        return refusal
    if command.fate == "known":
        return Refusal("say whether it arrived or is to be sent again", may_not=True)
    of = f"{command.purpose} of {command.item}" if command.purpose else command.item
    found = [one for one in command.in_doubt if (one.item, one.purpose) == (command.item, command.purpose)]
    if not found or not (command.purpose or launch.is_over):
        return Refusal(f"nothing of {of} is in doubt that could be settled like this; {_in_doubt(command, launch)}")
    if (before := _said_already(command, launch, found[0])) is not None:
        return before
    if refusal := _outdated(command, launch):
        return refusal
    if now < (until := found[0].lost_at + SETTLES):
        return Refusal(f"reports may settle {of} by themselves until {until:%d %b %Y %H:%M} UTC; wait for them")
    return [_verdict(command, launch), *_answered_by(command, launch)]


def _said_already(command: Settle, launch: Launch, doubt: Doubtful) -> Facts | Refusal | None:
    """Somebody spoke since the last of them was lost, and it is about to be carried out; the first word stands."""
    said = [one for one in launch.items[command.item].verdicts if one.purpose == command.purpose]
    if not said or said[-1].at < doubt.lost_at:
        return None
    if said[-1].fate == command.fate:
        return []
    of = command.purpose or command.item
    return Refusal(f"{said[-1].by} {SAID[said[-1].fate]} of {of} already, which is being carried out")


def _outdated(command: Settle, launch: Launch) -> Refusal | None:
    """Nothing of a launch that is over is announced. And whoever is in doubt of an announcement or a correction was
    told the next one as well: what that corrects must not come after it."""
    if command.fate != "again":
        return None
    said = launch.items[command.item].follow_ups
    newest = said[-1].purpose if said else ""
    if is_silent(launch, command.purpose):
        why = f"{launch.name} is {launch.status}, and nothing of it is announced any more"
    elif command.purpose != newest:
        of = command.purpose or "the announcement"
        why = f"{newest} was said since, to the same people, and {of} must not come after it"
    else:
        return None
    return Refusal(f"{why}; say --arrived if you know that it did, or leave it in doubt")


def _verdict(command: Settle, launch: Launch) -> e.FollowUpSettled:
    return e.FollowUpSettled(
        item=command.item,
        round=launch.items[command.item].round,
        purpose=command.purpose,
        fate="again" if command.fate == "again" else "arrived",
        comment=command.comment.strip(),
        **command.said,
    )


def _answered_by(command: Settle, launch: Launch) -> Iterator[e.Settled]:
    if key := launch.asked_about(command.item, command.purpose):
        said, round_ = command.comment.strip(), launch.items[key].round
        yield e.Settled(item=key, round=round_, fate=command.fate, comment=said, **command.said)


def _in_doubt(command: Settle, launch: Launch) -> str:
    """What is, each with the command that settles it."""
    about = (launch.questions[key] for key in launch.unanswered)
    known = [*((one.about, one.purpose) for one in about), *((one.item, one.purpose) for one in command.in_doubt)]
    ways = dict.fromkeys(way_to_settle(launch, item, purpose) for item, purpose in known if item)
    return f"in doubt is: {'; '.join(filter(None, ways))}" if any(ways) else f"nothing of {launch.name} is in doubt"

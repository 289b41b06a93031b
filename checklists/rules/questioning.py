"""Questions on a launch: when one is raised, and what answers it."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from datetime import datetime
from itertools import count
from typing import get_args

from checklists import commands as c
from checklists import entries as e
from checklists.delivery_commands import RaiseDoubt
from checklists.launch import Launch
from checklists.questions import how_to_settle
from checklists.rules.refusal import LONGEST, Facts, Refusal, not_a_manager, over, unwritable

OF_TAGS = frozenset({"tag-moved", "tag-deleted"})


def question(command: c.Question, launch: Launch) -> Facts | Refusal:
    """Once for what happened to one commit, however often it is told, unless it was undone meanwhile."""
    told = command.told.strip()
    if refusal := over(launch) or not_a_manager(command) or unwritable([told]):
        return refusal
    if not told:
        return Refusal("say what happened to the release")
    return [] if _is_known(command, launch) else [asked(launch, command.cause, told, command.commit)]


def _is_known(command: c.Question, launch: Launch) -> bool:
    same = (key for key, one in launch.questions.items() if (one.cause, one.commit) == (command.cause, command.commit))
    return any(launch.items[key].ended_by != c.TMINUS.email for key in same)


def asked(launch: Launch, cause: e.Cause, said: str, commit: str | None) -> e.Questioned:
    return e.Questioned(item=new_question(launch), cause=cause, said=said, commit=commit)


def new_question(launch: Launch) -> str:
    """A name that no item has yet."""
    return next(name for number in count(1) if (name := f"question-{number}") not in launch.items)


def in_doubt(command: c.Report, launch: Launch) -> Iterator[e.Questioned]:
    """The question that an announcement leaves behind; one at a time for each of them."""
    if command.unsettled and not launch.asked_about(command.item):
        yield _doubtful(launch, command.item, "", command.unsettled, command.ask_from)


def raise_doubt(command: RaiseDoubt, launch: Launch) -> Facts | Refusal:
    """The same for a correction or a recall: once for what is in doubt, whether or not that was answered since."""
    if refusal := over(launch) or not_a_manager(command):
        return refusal
    of = command.item, command.purpose
    asked = [launch.items[key] for key, one in launch.questions.items() if (one.about, one.purpose) == of]
    if any(last.ended_at is None or last.ended_at >= command.lost_at for last in asked[-1:]):
        return []
    return [_doubtful(launch, command.item, command.purpose, command.unsettled, command.ask_from)]


def _doubtful(launch: Launch, about: str, purpose: str, said: str, ask_from: datetime | None) -> e.Questioned:
    return e.Questioned(
        item=new_question(launch),
        cause="deliveries-unknown",
        said=said[:LONGEST],
        about=about,
        purpose=purpose,
        not_before=ask_from,
    )


def answered(
    command: c.Command, launch: Launch, how: str, causes: Collection[str] = get_args(e.Cause)
) -> Iterator[e.Passed]:
    """Every question about the release that this command answers, closed with what it was answered by."""
    for key in launch.unanswered:
        if launch.questions[key].cause in causes:
            state = launch.items[key]
            yield e.Passed(item=key, round=state.round, summary=how[:LONGEST], **command.said)


def without_a_reason(command: c.Complete, launch: Launch) -> Refusal | None:
    """Keeping going beside what happened is a decision."""
    asked = launch.questions.get(command.item)
    if asked and asked.about:
        settle = how_to_settle(launch.id, command.item)
        return Refusal(f"say whether it arrived or is to be sent again: {settle} --arrived or --again")
    if asked is None or command.comment.strip():
        return None
    return Refusal(f"say why {launch.name} keeps going as it is; the reason stands in the record")

"""Release notes: who may write them, and when they are good enough."""

from __future__ import annotations

from collections.abc import Iterator

from checklists import commands as c
from checklists import entries as e
from checklists.checklist import unknown
from checklists.item import Wording
from checklists.item_entries import MOST_WORDS
from checklists.items import Notes
from checklists.launch import ItemState, Launch
from checklists.notes.change import Audience
from checklists.notes.rewriting import FileSeen, Text
from checklists.rules.items import a_stranger
from checklists.rules.refusal import Facts, Refusal, over

MOST_FINDINGS = 50


def word(command: c.Word, launch: Launch) -> Facts | Refusal:
    """The new words; with them the item ends, or waits for better ones. What follows for gates is for `observe`."""
    if command.item not in launch.items:
        return Refusal(unknown(command.item, launch.items, "item"))
    state = launch.items[command.item]
    if refusal := over(launch) or a_stranger(command.by) or not_theirs(command.by, state) or _unusable(command, state):
        return refusal
    if command.by.proof == "tminus" and _is_late(command, state):
        return []
    is_of_another = command.commit not in (None, launch.release.commit)  # the draft for this one is on its way
    return [*_worded(command, state), *(() if is_of_another else _judged(command, state))]


def not_theirs(by: c.Actor, state: ItemState) -> Refusal | None:
    """Notes with an owner are for the people of that role, and for those who run launches."""
    if not isinstance(state.item, Notes):
        return Refusal(f"{state.key} is a {state.item.kind}; it has no words to write")
    owner = state.item.owner
    if by.is_manager or owner is None or owner in by.roles:
        return None
    return Refusal(f"{state.key} belongs to {owner}; {by.name} does not hold that role", may_not=True)


def _unusable(command: c.Word, state: ItemState) -> Refusal | None:
    if state.status == "waiting" or state.status in ("waived", "skipped"):
        return Refusal(f"{state.key} is {state.status}; its words are written while it is open")
    found = (_unfit(command, state, audience, text) for audience, text in command.texts.items())
    return next((refusal for refusal in found if refusal), None)


def _unfit(command: c.Word, state: ItemState, audience: Audience, text: Text) -> Refusal | None:
    if not isinstance(state.item, Notes) or audience not in state.item.notes.audiences:
        return Refusal(f"{state.key} has no notes for {audience}")
    if len(text.words) > MOST_WORDS:
        return Refusal(f"the notes for {audience} have {len(text.words)} characters; {MOST_WORDS} is the most")
    if any("\ud800" <= letter <= "\udfff" for letter in text.words):
        return Refusal(f"the notes for {audience} are not readable text; write them in UTF-8")
    return _overtaken(command, state.wordings.get(audience), audience, text)


def _overtaken(command: c.Word, there: Wording | None, audience: Audience, text: Text) -> Refusal | None:
    """Where others have saved other words than those somebody began with; the same ones twice are once."""
    if audience not in command.base or (there and there.words == text.words):
        return None
    if command.base[audience] == (there.sha256 if there else ""):
        return None
    return Refusal(f"{there.by if there else 'somebody'} has saved other words for {audience} since you began")


def _is_late(command: c.Word, state: ItemState) -> bool:
    """A draft of a round that is over, or of a flow run that nobody waits for."""
    return command.round not in (None, state.round) or (command.number is not None and command.number > state.number)


def _worded(command: c.Word, state: ItemState) -> Iterator[e.Data]:
    for audience, text in command.texts.items():
        there = state.wordings.get(audience)
        file = command.files.get(audience, FileSeen(there.file if there else ""))
        if there is None or (there.words, dict(there.seen), there.file) != (text.words, dict(text.seen), file.sha256):
            yield e.Worded(
                item=state.key,
                round=state.round,
                audience=audience,
                words=text.words,
                seen=dict(text.seen),
                file=file.sha256,
                where=file.where,
                author=file.author,
                others=file.others,
                **command.said,
            )


def _judged(command: c.Word, state: ItemState) -> Iterator[e.Data]:
    findings = command.findings[:MOST_FINDINGS]
    if findings:
        said = f"{len(command.findings)} things are missing" if len(command.findings) > 1 else "one thing is missing"
        round_ = state.round
        if state.has_ended:
            round_ += 1
            yield e.Reopened(item=state.key, round=round_, because="content", question=said, **command.said)
        number = command.number if round_ == state.round else None
        said = f"{said}; {command.notice}" if command.notice else said
        yield e.Failed(item=state.key, round=round_, summary=said, findings=findings, number=number)
    elif not state.has_ended:
        yield e.Passed(item=state.key, round=state.round, number=command.number, summary=command.notice, **command.said)

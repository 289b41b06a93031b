"""Who may say something once more to those who heard an announcement, and when."""

from __future__ import annotations

from checklists import commands as c
from checklists import entries as e
from checklists.checklist import unknown
from checklists.item import ItemState
from checklists.item_entries import MOST_WORDS
from checklists.items import Announce
from checklists.launch import Launch
from checklists.rules.items import a_stranger
from checklists.rules.refusal import Facts, Refusal, not_a_manager, unwritable

LONGEST_NOTE = 300
"""What a correction says of itself, in one line of the change channel."""


def follow_up(command: c.FollowUp, launch: Launch) -> Facts | Refusal:
    """A correction or a recall of what has gone out; also of a launch that is over, as most of them are by then.

    Asked again in the same words, such as by a second click, it is what was said.
    """
    if command.item not in launch.items:
        return Refusal(unknown(command.item, launch.items, "item"))
    state = launch.items[command.item]
    if refusal := _barred(command, launch, state) or _unsayable(command):
        return refusal
    text, note, number = command.text.strip(), command.note.strip(), len(state.follow_ups) + 1
    if any((one.what, one.text, one.note) == (command.what, text, note) for one in state.follow_ups):
        return []
    said = e.FollowedUp(
        item=state.key, round=state.round, what=command.what, number=number, text=text, note=note, **command.said
    )
    return [said]


def _barred(command: c.FollowUp, launch: Launch, state: ItemState) -> Refusal | None:
    if refusal := a_stranger(command.by) or not_a_manager(command):
        return refusal
    if not isinstance(state.item, Announce):
        return Refusal(f"{state.key} is a {state.item.kind}; only announcements are corrected and recalled")
    if launch.held is not None and not launch.is_over:
        return Refusal(f"{launch.name} is on hold: {launch.held}; nothing leaves before it is resumed")
    if not state.has_ended:
        return Refusal(f"{state.key} is {state.status}; let it end, or pause and waive it so that no more of it leaves")
    if not command.heard:
        return Refusal(f"nobody has got {state.key}; there is nobody to tell")
    if state.is_recalled:
        return Refusal(f"{state.key} was recalled already")
    return None


def _unsayable(command: c.FollowUp) -> Refusal | None:
    text, note = command.text.strip(), command.note.strip()
    if command.what == "recall":
        return unwritable([note]) or (None if note else Refusal("say why it is recalled"))
    if not text and not note:
        return Refusal("say what is right: the corrected text, a note, or both")
    return unwritable([text], MOST_WORDS) or unwritable([note], LONGEST_NOTE)

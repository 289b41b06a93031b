"""Who may say something once more to those who heard an announcement, and when."""

from __future__ import annotations

from collections.abc import Mapping

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

    Asked again in the same words, such as by a second click, it is what was said; earlier words are said anew.
    """
    if command.item not in launch.items:
        return Refusal(unknown(command.item, launch.items, "item"))
    state = launch.items[command.item]
    if refusal := _barred(command, launch, state) or _unsayable(command):
        return refusal
    words = {"text": command.text.strip(), "translations": _written(command.translations)}
    words |= {"note": command.note.strip(), "notes": _written(command.notes)}
    newest = state.follow_ups[-1] if state.follow_ups else None
    if newest and newest.what == command.what and newest.model_dump(include=set(words)) == words:
        return []
    number = len(state.follow_ups) + 1
    return [e.FollowedUp(item=state.key, round=state.round, what=command.what, number=number, **words, **command.said)]


def _written(words: Mapping[str, str]) -> dict[str, str]:
    return {locale: text.strip() for locale, text in words.items() if text.strip()}


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
    translations, notes = _written(command.translations), _written(command.notes)
    if (translations and not text) or (notes and not note):
        return Refusal("say it in your first language, too; nobody else can read translations alone")
    if strange := next((one for one in (*translations, *notes) if one not in command.languages[1:]), None):
        others = ", ".join(command.languages[1:]) or "none"
        return Refusal(f"nothing is announced in {strange}; your languages besides the first are: {others}")
    if command.what == "recall":
        return unwritable([note, *notes.values()]) or (None if note else Refusal("say why it is recalled"))
    if not text and not note:
        return Refusal("say what is right: the corrected text, a note, or both")
    return unwritable([text, *translations.values()], MOST_WORDS) or unwritable([note, *notes.values()], LONGEST_NOTE)

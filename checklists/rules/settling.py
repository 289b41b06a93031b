"""Deliveries whose fate nobody knows: what people may say of them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from checklists import entries as e
from checklists.delivery_commands import Settle
from checklists.launch import Launch
from checklists.rules.items import barred, not_their_item
from checklists.rules.refusal import Facts, Refusal, unwritable

AT_WORK = frozenset({"open", "running"})
SAID: Mapping[e.Fate, str] = {
    "arrived": "says that it arrived",
    "again": "has what was in doubt sent again",
    "known": "knows by now what became of it",
}


def settle(command: Settle, launch: Launch) -> Facts | Refusal:
    """By those who run launches; by tminus where nothing is in doubt any more."""
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
        return [settled, *_another_round(command, launch, asked.about)] if ours else no
    if refusal := not_their_item(command.by, state) or _too_early(launch, command.item, asked.about):
        return refusal
    return [settled, *_another_round(command, launch, asked.about)]


def _too_early(launch: Launch, key: str, about: str) -> Refusal | None:
    """Reports on their way may still say what became of them; what is being sent is not over."""
    asked, state = launch.questions[key], launch.items[about]
    if launch.items[key].status == "waiting":
        until = f"{asked.not_before:%d %b %Y %H:%M} UTC" if asked.not_before else "its turn"
        return Refusal(f"{key} is not open yet; reports may settle it by itself until {until}")
    if state.status in AT_WORK:
        return Refusal(f"{about} is being sent just now; answer once that is over")
    return None


def _another_round(command: Settle, launch: Launch, about: str) -> Iterator[e.Reopened]:
    """One for those who are written to again, or in which what failed for want of an answer passes; nobody else hears
    anything in it."""
    state = launch.items[about]
    if command.fate == "again" or state.status == "failed":
        said = f"{command.by.name or command.by.email} {SAID[command.fate]}"
        yield e.Reopened(item=about, round=state.round + 1, because="unknown", question=said, **command.said)

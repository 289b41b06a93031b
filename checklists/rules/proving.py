"""What links and codes are good for: one signature a round; and five wrong codes lock an item's form."""

from __future__ import annotations

from checklists import commands as c
from checklists import entries as e
from checklists.checklist import unknown
from checklists.item import WRONG_CODES
from checklists.launch import ItemState, Launch
from checklists.rules.refusal import Facts, Refusal, over

MAILED = frozenset({"link", "code"})


def spent(command: c.OnItem, launch: Launch) -> Refusal | None:
    """Why what was mailed counts no more: too many wrong codes, or it has signed already. Link and code are one."""
    state, proof = launch.items[command.item], command.by.proof
    if proof == "code" and state.is_locked:
        return locked(launch, state)
    if proof in MAILED and any(one.by == command.by.email and one.proof in MAILED for one in state.signatures):
        return Refusal(f"your link and code have signed {state.key} in this round already; they work once")
    return None


def locked(launch: Launch, state: ItemState) -> Refusal:
    """No code counts any more, also no right one."""
    ask = f"`tminus ask {launch.id} {state.key}`"
    return Refusal(f"locked after {WRONG_CODES} wrong codes; new codes are mailed with {ask}")


def wrong_code(command: c.WrongCode, launch: Launch) -> Facts | Refusal:
    """Somebody typed a code that is nobody's: it is counted, whoever it was."""
    if command.item not in launch.items:
        return Refusal(unknown(command.item, launch.items, "item"))
    state = launch.items[command.item]
    if refusal := over(launch) or _no_more(command, launch, state):
        return refusal
    tried = e.Refused(
        item=state.key,
        round=state.round,
        reason=told_of_wrong(launch, state, state.wrong_codes + 1),
        wrong_code=True,
        number=command.number,
        **command.said,
    )
    return [tried]


def told_of_wrong(launch: Launch, state: ItemState, count: int) -> str:
    """What is said of a wrong code that was the `count`th."""
    if count >= WRONG_CODES:
        return locked(launch, state).reason
    return f"that code is nobody's in the newest mail; {WRONG_CODES - count} more wrong ones lock this form"


def _no_more(command: c.WrongCode, launch: Launch, state: ItemState) -> Refusal | None:
    if command.round not in (None, state.round):
        return Refusal(f"round {command.round} of {state.key} is over; codes are for round {state.round} now")
    if command.number not in (None, state.number):
        return Refusal("this form was answered already; a new one is open")
    return locked(launch, state) if state.is_locked else None

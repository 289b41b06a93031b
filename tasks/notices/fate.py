"""Whether a notice that was planned still says something, to this person, now."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Literal

from checklists.launch import ItemState, Launch
from ledger.deliveries import Delivery
from tasks.digests.letter import until_day, why_not
from tasks.notices.confirming import may_be_asked
from tasks.notices.desk import Desk
from tasks.notices.doubts import why_silent
from tasks.notices.purposes import Purpose, of_step, read

SOON = timedelta(seconds=2)
ON_HOLD = timedelta(minutes=10)
STOPPED = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class Fate:
    """`send` it, look at it again `later`, or `drop` it, and why."""

    what: Literal["send", "later", "drop"]
    why: str = ""
    wait: timedelta = timedelta()


SEND = Fate("send")


def _drop(why: str) -> Fate:
    return Fate("drop", why)


def fate(desk: Desk, row: Delivery) -> Fate:
    """What is to become of this notice."""
    purpose, launch = read(row.purpose), desk.launch(row.launch_id)
    if purpose is None:
        return _drop("nobody here knows what it is for")
    if purpose.kind == "confirm":
        return SEND if may_be_asked(desk.world, row.recipient) else _drop("they are not to be written to")
    if purpose.kind == "digest":
        return _of_digest(desk, row)
    if launch is None or row.item not in launch.items:
        return _drop("its launch or item is not in the ledger")
    if purpose.kind == "doubt":
        why = why_silent(desk, launch, row)
        return _drop(why) if why else SEND
    state = launch.items[row.item]
    return (
        _over(launch, state, purpose)
        or _not_now(launch, state, purpose)
        or _strange(desk, launch, state, row, purpose)
        or SEND
    )


def _of_digest(desk: Desk, row: Delivery) -> Fate:
    if desk.is_stopped:
        return Fate("later", "all sending is stopped", STOPPED)
    if why := why_not(desk.world, row):
        return _drop(why)
    night = until_day(desk.world, row)
    return Fate("later", "it is night with its reader", night) if night else SEND


def _over(launch: Launch, state: ItemState, purpose: Purpose) -> Fate | None:
    if launch.is_over:
        return _drop(f"{launch.name} is {launch.status}")
    if state.has_ended:
        return _drop(f"{state.key} is {state.status}")
    if purpose.round != state.round:
        return _drop(f"round {purpose.round} of {state.key} is over")
    if state.status == "waiting":
        return _drop(f"{state.key} waits again for {', '.join(launch.blocked_by(state.key)) or 'its turn'}")
    if purpose.is_reminder and step_of(launch, state, purpose) is None:
        return _drop("its date was moved")
    return None


def _not_now(launch: Launch, state: ItemState, purpose: Purpose) -> Fate | None:
    if purpose.is_reminder:
        return Fate("later", f"on hold: {launch.held}", ON_HOLD) if launch.held is not None else None
    if (purpose.mailing or 0) > state.mailing:
        return Fate("later", "the record does not say yet that it was sent", SOON)
    return None


def _strange(desk: Desk, launch: Launch, state: ItemState, row: Delivery, purpose: Purpose) -> Fate | None:
    who = row.recipient
    if who not in desk.organisation.people:
        return _drop(f"{who} is not a person of this organisation any more")
    if purpose.kind == "escalate":
        role = (step_of(launch, state, purpose) or "").partition(":")[2]
        return None if who in desk.holds(role) else _drop(f"{who} is not {role} any more, or away")
    if who in desk.able(launch, state):
        return _superseded(desk, row, state, purpose)
    if purpose.kind in ("changes", "expired") and who in desk.hears(launch, state):
        return None
    if any(signature.by == who for signature in state.signatures):
        return _drop(f"{who} has signed")
    return _drop(f"{state.key} does not ask {who} any more")


def _superseded(desk: Desk, row: Delivery, state: ItemState, purpose: Purpose) -> Fate | None:
    """One that waited so long that there is a newer one for the same person says nothing more than that."""
    if purpose.mailing in (None, state.mailing):
        return None
    newer = (read(one.purpose) for one in _others(desk, row))
    if any(one and (one.mailing or 0) > (purpose.mailing or 0) and one.round == purpose.round for one in newer):
        return _drop("a newer mail took its place")
    return None


def _others(desk: Desk, row: Delivery) -> list[Delivery]:
    mine = row.item, row.recipient, row.channel
    return [
        one for one in desk.world.ledger.notices.of(row.launch_id) if (one.item, one.recipient, one.channel) == mine
    ]


def step_of(launch: Launch, state: ItemState, purpose: Purpose) -> str | None:
    """The step of the reminders this purpose stands for; None where its date is another one by now."""
    steps = launch.dates.reminders.get(state.key, {})
    return next((step for step, at in steps.items() if str(of_step(state.round, step, at)) == str(purpose)), None)

"""What follows from how a launch stands, and is only to be written down: what opens, shuts, passes, blocks again."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from checklists import entries as e
from checklists.items import Announce, Gate
from checklists.launch import ItemState, Launch
from checklists.rules.reopening import again

SHUT_AGAIN = frozenset({"open", "running", "changes-requested", "failed"})
LONGEST = 2_000


def facts(launch: Launch, now: datetime) -> tuple[e.Data, ...]:
    """What is true now and does not stand in the record. What blocks again comes before anything opens."""
    if launch.is_over:
        return ()
    if expired := tuple(_expired(launch, now)):
        return expired
    opening = _opening(launch, now) if launch.held is None and not launch.behind else ()
    return (*_shutting(launch, now), *_passing(launch), *opening, *_ending(launch))


def _expired(launch: Launch, now: datetime) -> Iterator[e.Reopened]:
    """Waivers that were given until now; what is out is out, and so is what was corrected or recalled since."""
    for state in launch.items.values():
        until = None if state.follow_ups else state.waived_until
        if state.status == "waived" and until and until <= now and not launch.is_out:
            why = f"it was waived until {until:%d %b %Y %H:%M} UTC by {state.ended_by}: {state.summary}"
            yield again(state, "expired", state.changes, {"question": why[:LONGEST]})


def _shutting(launch: Launch, now: datetime) -> Iterator[e.Shut]:
    """Items whose needs are open again, and announcements whose time is not there yet, or not any more."""
    for state in launch.items.values():
        if state.status not in SHUT_AGAIN:
            continue
        if (waits := launch.blocked_by(state.key)) or is_too_early(state, launch, now):
            yield e.Shut(item=state.key, round=state.round, waits_for=waits)


def _passing(launch: Launch) -> Iterator[e.Passed]:
    """Gates that have every signature they need, since other people hold a role now."""
    for state in launch.items.values():
        if _is_met(state) and not launch.blocked_by(state.key):
            yield e.Passed(item=state.key, round=state.round, summary=f"{len(state.approvals)} signed")


def _is_met(state: ItemState) -> bool:
    asked = state.item.evidence if isinstance(state.item, Gate) else ()
    signed = state.is_signable and bool(state.approvals) and not state.missing
    return signed and state.evidence.keys() >= set(asked)


def _opening(launch: Launch, now: datetime) -> Iterator[e.Opened]:
    for state in launch.items.values():
        if state.status == "waiting" and not launch.blocked_by(state.key) and not is_too_early(state, launch, now):
            yield e.Opened(item=state.key, round=state.round)


def is_too_early(state: ItemState, launch: Launch, now: datetime) -> bool:
    """Messages have a time before which they may not leave, and questions one before which nobody is asked.

    A message that failed waits for a person anyway.
    """
    if state.key in launch.questions:
        since = launch.questions[state.key].not_before
        return since is not None and now < since
    at = None if state.is_troubled else earliest(state, launch)
    return at is not None and now < at


def earliest(state: ItemState, launch: Launch) -> datetime | None:
    """The moment before which a message may not leave, as far as it is known.

    That is its own, the gap after another, and for the rest of a message when its readers' day begins.
    """
    if not isinstance(state.item, Announce):
        return None
    after = state.item.announce.after
    ended = launch.items[after.item].ended_at if after else None
    gap = ended + after.least if after and ended else None
    moments = [launch.dates.not_before.get(state.key), gap, state.rests_until]
    return max(filter(None, moments), default=None)


def is_too_late(state: ItemState, launch: Launch, now: datetime) -> bool:
    """Whether the time has passed after which a message may not leave any more."""
    return state.key in launch.dates.not_after and now >= launch.dates.not_after[state.key]


def _ending(launch: Launch) -> Iterator[e.Data]:
    states = launch.items.values()
    if launch.launched_at is None and all(
        state.has_ended for state in states if not _keeps_nothing_back(state, launch)
    ):
        yield e.Launched()
    if all(state.has_ended for state in states):
        yield e.Closed()


def _keeps_nothing_back(state: ItemState, launch: Launch) -> bool:
    """Whether the launch is out without it: what is due later, and what is in doubt of messages that have left."""
    in_doubt = state.key in launch.questions and launch.questions[state.key].about is not None
    return in_doubt or is_afterwards(state)


def is_afterwards(state: ItemState) -> bool:
    """Whether the item is due after the launch day, such as a review of how it went."""
    return state.item.due is not None and state.item.due.days > 0

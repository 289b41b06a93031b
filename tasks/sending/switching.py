"""The switch that stops all sending, for those who run launches; every turn of it is kept with its reason."""

from __future__ import annotations

from checklists.people import Actor
from checklists.rules.refusal import LONGEST, Refusal
from tasks.announcements.announcing import is_stopped
from tasks.world import World


def switch(world: World, by: Actor, via: str, reason: str, *, is_on: bool) -> Refusal | None:
    """None where it is as it was asked for now; what is so already is not written down again."""
    reason = reason.strip()
    if not by.is_manager:
        return Refusal(f"{by.name or by.email} does not hold the role launch-managers, which this takes", may_not=True)
    if not is_on and not reason:
        return Refusal("say why everything is stopped")
    if len(reason) > LONGEST:
        return Refusal(f"what was written has {len(reason)} characters; {LONGEST} is the most, say it shorter")
    if is_stopped(world) == is_on:
        world.ledger.switches.turn(by.email, via, reason, world.now(), is_on=is_on)
    return None

"""Ends a demo that stands still, and says what it waits for."""

from __future__ import annotations

import time
from dataclasses import dataclass, field

from checklists.errors import LaunchError
from checklists.launch import Launch

PATIENCE = 180.0  # seconds without anything new in the record; what a dead worker left is found within one minute
ROUNDS = 4


class Stuck(LaunchError):
    """The launch does not go on."""


@dataclass
class Patience:
    """Ends a demo that stands still. A launch that somebody put on hold may stand as long as they like."""

    name: str
    seen: int = 0
    until: float = field(default_factory=lambda: time.monotonic() + PATIENCE)

    def check(self, launch: Launch | None) -> None:
        """Raises Stuck, saying what the launch waits for."""
        for state in launch.items.values() if launch else ():
            if state.status == "failed" and state.round >= ROUNDS:
                raise Stuck(f"{state.key} failed {state.round} times: {state.summary}")
        if launch and (launch.seq != self.seen or launch.held is not None):
            self.seen, self.until = launch.seq, time.monotonic() + PATIENCE
        elif time.monotonic() > self.until:
            raise Stuck(f"{self.name}: nothing happened for {PATIENCE:.0f} s; {_open_now(launch)}")


def _open_now(launch: Launch | None) -> str:
    if launch is None:
        return "the launch did not begin"
    return "it waits for " + (", ".join(s.key for s in launch.items.values() if not s.has_ended) or "its flow run")

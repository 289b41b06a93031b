"""Where the API works: its world, and the threads it may use."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TypeVar

from anyio import CapacityLimiter, to_thread
from fastapi import Request

from tasks.world import World

AT_ONCE = 10
"""So many requests are worked on at once; more wait, and hold up no webhook and no page."""
NOTICES_AT_ONCE = 2
Made = TypeVar("Made")


@dataclass(frozen=True, slots=True)
class Desk:
    """One for the whole application."""

    world: World
    places: CapacityLimiter = field(default_factory=lambda: CapacityLimiter(AT_ONCE))
    records: CapacityLimiter = field(default_factory=lambda: CapacityLimiter(AT_ONCE))
    notices: CapacityLimiter = field(default_factory=lambda: CapacityLimiter(NOTICES_AT_ONCE))

    async def look_up(self, do: Callable[[], Made]) -> Made:
        """In a thread: something short, such as whose token this is."""
        return await to_thread.run_sync(do, limiter=self.records)


def desk_of(request: Request) -> Desk:
    found: Desk = request.app.state.desk
    return found

"""Lets what people are told leave after an answer, without ever holding one up."""

from __future__ import annotations

from collections.abc import Callable

from anyio import CapacityLimiter, Lock, to_thread


class Postman:
    """Walks once at a time, in a thread of his own. Whoever calls while he is about to leave is served on that walk."""

    def __init__(self, walk: Callable[[], object]) -> None:
        self._walk = walk
        self._street, self._legs = Lock(), CapacityLimiter(1)
        self._is_called = False

    async def go(self) -> None:
        if self._is_called:
            return
        self._is_called = True
        async with self._street:
            self._is_called = False
            await to_thread.run_sync(self._walk, limiter=self._legs)

"""What can go wrong with the board that has no Prefect: an error at one of its next effects, or the end of it all."""

from __future__ import annotations

from dataclasses import dataclass


class Killed(BaseException):
    """The process is gone in the middle of what it did, as after kill -9."""


@dataclass
class Accident:
    """What goes wrong, before or after the effect has happened; `skip` lets so many pass first."""

    error: BaseException
    after: bool
    skip: int

    def comes_now(self) -> bool:
        """Whether it is this effect's turn."""
        self.skip -= 1
        return self.skip < 0

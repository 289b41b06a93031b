"""Deliveries whose fate nobody knows, in words."""

from __future__ import annotations

from collections.abc import Sequence

from templates.words import one_line


def doubt(count: int, total: int, some: Sequence[tuple[str, str]]) -> str:
    """How many of how many, and the first of them by address and channel."""
    named = ", ".join(f"{one_line(recipient, 200)} by {channel}" for recipient, channel in some)
    more = f" and {count - len(some):,} more" if count > len(some) else ""
    return (
        f"The answer was lost while {count:,} of {total:,} messages were handed over: they may have arrived, or not. "
        f"They are for {named}{more}."
    )

"""What became of an announcement on one of its channels, in numbers."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping

from pydantic import Field

from checklists.value import Value

HANDED_OVER = ("accepted", "delivered", "bounced", "dropped")
"""States of what a vendor has taken; that it arrived is more than that."""
WAITING = ("planned", "claimed", "writing")
OPTED_OUT, NOT_MEANT, TOO_LATE, REPLACED = "opted-out", "not-meant", "too-late", "replaced"
"""Why somebody got nothing although it was planned, besides what they chose: they asked to be forgotten, another
audience was approved, its time had passed, something else was said in its place."""


class Reach(Value):
    """Deliveries and people, each counted once. What machines did (scanners, pre-loading) is not in it."""

    channel: str
    audience: int = Field(description="Everybody who was meant.")
    excluded: Mapping[str, int] = Field(default_factory=dict, description="By reason: meant, and not written to.")
    waiting: int = 0
    handed_over: int = Field(0, description="Taken by whoever delivers it.")
    delivered: int = Field(0, description="Known to have arrived.")
    bounced: int = Field(0, description="Known not to have arrived.")
    refused: int = Field(0, description="Not taken at all.")
    unknown: int = Field(0, description="It may have arrived; nobody knows.")
    clicked: int = 0
    opened: int = Field(0, description="Least to be trusted: many programs open for their people, others never tell.")
    unsubscribed: int = 0
    complained: int = 0

    @property
    def left_out(self) -> int:
        return sum(self.excluded.values())

    def share(self, part: int) -> str:
        """Of what was handed over, in per cent; empty where nothing was."""
        return f"{100 * part / self.handed_over:.1f} %" if self.handed_over else ""


def reach(
    channel: str,
    states: Mapping[str, int],
    told: Mapping[str, int],
    settled: Mapping[str, int] | None,
    kept_back: Mapping[str, int] | None = None,
    left: int = 0,
) -> Reach:
    """From how many deliveries are in which state, and of how many it was told that they arrived, were opened, …

    `settled` are the people by the reason why they were left out (`""`: were not), where that was settled; `kept_back`
    are the suppressed by the reason that was found later; `left` is how many ended such mail in one click from here.
    """
    out = sum(states.get(state, 0) for state in HANDED_OVER)
    left_out = {why: count for why, count in (settled or {}).items() if why and count}
    to_hear = max((settled or {}).get("", 0), sum(states.values()))
    return Reach(
        channel=channel,
        audience=to_hear + sum(left_out.values()),
        excluded=dict(sorted((Counter(left_out) + Counter(kept_back or {})).items())),
        waiting=sum(states.get(state, 0) for state in WAITING),
        handed_over=out,
        delivered=states.get("delivered", 0),
        bounced=states.get("bounced", 0) + states.get("dropped", 0),
        refused=states.get("rejected", 0),
        unknown=states.get("unknown", 0),
        clicked=told.get("clicked", 0),
        opened=told.get("opened", 0),
        unsubscribed=left + told.get("unsubscribed", 0),
        complained=told.get("complained", 0),
    )

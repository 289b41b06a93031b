"""Why somebody whom an announcement means gets nothing, in the same words wherever it is told."""

from __future__ import annotations

from collections.abc import Mapping

LEFT_OUT: Mapping[str, str] = {
    "unconfirmed": "never confirmed the address",
    "unsubscribed": "unsubscribed",
    "bounced": "bounced before",
    "blocked": "reported spam or asked to be forgotten",
    "paused": "paused all mail",
    "topic": "unfollowed the topic",
    "change-type": "chose other kinds of changes",
    "channel": "chose another channel",
    "digest": "chose a digest",
    "opted-out": "opted out before it left",
    "not-meant": "no longer in the audience",
    "too-late": "not told in time",
    "replaced": "told what was said in its place",
}
"""By reason, as it is said of one and of many."""


def left_out(counts: Mapping[str, int]) -> str:
    """`24 unsubscribed, 9 bounced before`; empty where nobody was."""
    return ", ".join(f"{count:,} {LEFT_OUT.get(why, why)}" for why, count in counts.items())

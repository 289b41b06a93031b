"""What a newer version does to an older launch that is still open: waits for it, or takes its place."""

from __future__ import annotations

from checklists import commands as c
from checklists import entries as e
from checklists.launch import Launch
from checklists.rules.refusal import Facts, Refusal, not_a_manager, over


def proceed(command: c.Proceed, launch: Launch) -> Facts | Refusal:
    """tminus says so once the older ones are out or over; those who run launches may say so earlier."""
    if refusal := over(launch) or not_a_manager(command):
        return refusal
    return [e.Proceeded()] if launch.behind else []

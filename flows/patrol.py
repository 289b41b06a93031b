"""The round that forgets nothing: lost events, lost workers, and whatever was done by hand in the UI."""

from __future__ import annotations

from prefect import flow, get_run_logger

from tasks.patrol import patrol as go_round
from tasks.world import world


@flow(name="patrol")
def patrol() -> int:
    """Go round once. Returns how many things there were to put right, or to tell."""
    said = go_round(world()).said
    for line in said:
        get_run_logger().warning(line)  # `tminus up` lets Prefect keep no lesser lines
    return len(said)

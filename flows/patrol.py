"""The round that forgets nothing: lost events, lost workers, and whatever was done by hand in the UI."""

from __future__ import annotations

from datetime import timedelta

from prefect import flow, get_run_logger

from tasks.notices.delivering import deliver_notices
from tasks.patrol import patrol as go_round
from tasks.world import world

PATIENCE = timedelta(seconds=25)  # the next round begins after thirty


@flow(name="patrol")
def patrol() -> int:
    """Go round once. Returns how many things there were to put right, or to tell."""
    here = world()
    said = go_round(here).said
    deliver_notices(here, PATIENCE)
    for line in said:
        get_run_logger().warning(line)  # `tminus up` lets Prefect keep no lesser lines
    return len(said)

"""A look at the repositories that can tell us nothing by themselves."""

from __future__ import annotations

from prefect import flow, get_run_logger

from tasks.watching.round import watch as look_around
from tasks.world import world


@flow(name="watch")
def watch() -> int:
    """Look once at every product that is watched. Returns how many things there were to tell."""
    said = look_around(world())
    for line in said:
        get_run_logger().warning(line)  # `tminus up` lets Prefect keep no lesser lines
    return len(said)

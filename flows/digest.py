"""Digests: what is new, in one mail a day or a week, in everybody's own morning."""

from __future__ import annotations

from datetime import timedelta

from prefect import flow

from tasks.digests.planning import plan_digests
from tasks.notices.delivering import deliver_notices
from tasks.world import world

PATIENCE = timedelta(minutes=10)


@flow(name="digest")
def digest() -> int:
    """Plan what is due by now, and send what is planned: twice is once. Returns how many are new."""
    here = world()
    planned = plan_digests(here)
    deliver_notices(here, PATIENCE)
    return planned

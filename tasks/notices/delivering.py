"""Sends the notices that are planned and due: at most once each, a bounded time long, whatever vendors do.

Nothing here holds a gate up: what it is about was written down before, and whoever calls it has answered already.
"""

from __future__ import annotations

import logging
import time
from datetime import timedelta

from checklists.errors import LaunchError
from tasks.notices.office import Office
from tasks.world import World
from templates.words import one_line

PATIENCE = timedelta(seconds=10)
LOG = logging.getLogger(__name__)


def deliver_notices(world: World, patience: timedelta = PATIENCE) -> int:
    """How many letters left. Never raises for what a vendor or the network does: what fails is tried later."""
    office = Office(world, time.monotonic() + patience.total_seconds())
    try:
        if world.ledger.notices.are_due(world.now()):
            office.work()
    except Exception as error:  # a notice must never touch what it is about
        said = str(error) if isinstance(error, LaunchError) else one_line(f"{type(error).__name__}: {error}", 500)
        LOG.warning("notices wait: %s", said)
    return office.sent

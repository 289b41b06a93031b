"""What became of an announcement, beside its flow run in the Prefect UI."""

from __future__ import annotations

import logging

from prefect.context import FlowRunContext

from checklists.request import ItemRun
from tasks.announcements.reaching import as_rows, reach_of
from tasks.boards.artifacts import make_artifact
from tasks.world import World

LOG = logging.getLogger(__name__)
ABOUT = "What was known when this run ended. The web room has the newest numbers at `/reach/{launch}`."


def show_reach(world: World, run: ItemRun) -> None:
    """A table for each end of a run; outside of a flow run there is nothing to put it beside.

    What was sent was sent: where the table cannot be made, that is logged and nothing more.
    """
    here, launch = FlowRunContext.get(), world.launch(run.launch_id)
    if here is None or here.flow_run is None or launch is None:
        return
    told = tuple(one for one in reach_of(world, launch) if one.item == run.item)
    key = f"reach-{run.launch_id}-{run.item}".lower().replace(".", "-").replace("_", "-")
    try:
        make_artifact(str(here.flow_run.id), key, "table", as_rows(told), ABOUT.format(launch=launch.id))
    except Exception as error:  # whatever Prefect's server answers
        LOG.warning("the table of %s's reach could not be made: %s", run.item, error)

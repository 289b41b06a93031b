"""Release notes: drafted for each audience from what changed, and held back until nothing is missing in them."""

from __future__ import annotations

from typing import Any

from prefect import flow, get_run_logger
from prefect.client.schemas.objects import State
from prefect.states import Completed, Failed

from checklists.request import ItemRun
from tasks.act import act
from tasks.advance import advance, catch_up
from tasks.checking import is_wanted
from tasks.notes.drafting import drafted_by_machine
from tasks.notices.delivering import deliver_notices
from tasks.observing import observe
from tasks.world import world


@flow(name="notes")
def notes(run: ItemRun) -> State[Any]:
    """Draft them over what people have written, tell the launch, and say what they lack."""
    here = world()
    catch_up(here, run)
    if not is_wanted(here, run):
        return Completed(name="Not wanted", message=f"{run.launch_id} does not ask for {run.item} now")
    command = drafted_by_machine(here, run)
    for finding in command.findings:
        get_run_logger().warning(finding)
    act(here, run.launch_id, command)
    observe(here, run.launch_id)
    advance(here, run.launch_id)
    deliver_notices(here)
    if command.findings:
        return Failed(message=f"{len(command.findings)} findings; the first: {command.findings[0]}")
    return Completed(message=f"{', '.join(command.texts)}: nothing is missing")

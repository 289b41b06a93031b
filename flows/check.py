"""Something a machine finds out: links, an address, the state of a commit, a command."""

from __future__ import annotations

from typing import Any

from prefect import flow, get_run_logger
from prefect.client.schemas.objects import State
from prefect.states import Completed, Failed

from checklists.request import ItemRun
from tasks.advance import advance, catch_up
from tasks.checking import is_wanted, look, report
from tasks.notices.delivering import deliver_notices
from tasks.world import world


@flow(name="check")
def check(run: ItemRun) -> State[Any]:
    """Look, as often as the item allows; tell the launch; fail where a person has to decide."""
    here = world()
    catch_up(here, run)
    if not is_wanted(here, run):
        return Completed(name="Not wanted", message=f"{run.launch_id} does not ask for {run.item} now")
    result = look(here, run)
    for finding in result.findings:
        get_run_logger().warning(finding)
    report(here, run, ok=result.ok, summary=result.summary, findings=result.findings)
    advance(here, run.launch_id)
    deliver_notices(here)
    return Completed(message=result.summary) if result.ok else Failed(message=result.summary)

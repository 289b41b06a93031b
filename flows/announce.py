"""An announcement: planned whole, then delivered one by one, each at most once."""

from __future__ import annotations

from typing import Any

from prefect import flow, get_run_logger
from prefect.client.schemas.objects import State
from prefect.states import Completed, Failed

from checklists.request import ItemRun
from tasks.advance import advance, catch_up
from tasks.announcements.announcement import NothingToSend
from tasks.announcements.announcing import put_off
from tasks.announcements.leaving import leave
from tasks.announcements.showing_reach import show_reach
from tasks.checking import report
from tasks.notices.delivering import deliver_notices
from tasks.observing import observe
from tasks.sending.doubts import doubt_of
from tasks.world import world
from templates.render import Unrenderable


@flow(name="announce")
def announce(run: ItemRun) -> State[Any]:
    """Write every delivery down, send what is planned, and tell the launch what became of them."""
    here = world()
    catch_up(here, run)
    observe(here, run.launch_id)
    try:
        outcome = leave(here, run)
        if outcome is None:
            said = put_off(here, run)
            advance(here, run.launch_id)
            return Completed(name="Stopped", message=said)
        ok, summary, findings = outcome
    except (NothingToSend, Unrenderable) as nothing:
        ok, summary, findings = False, str(nothing), ()
    for finding in findings:
        get_run_logger().warning(finding)
    show_reach(here, run)
    report(here, run, ok=ok, summary=summary, findings=findings, doubt=doubt_of(here, run))
    advance(here, run.launch_id)
    deliver_notices(here)
    return Completed(message=summary) if ok else Failed(message=summary)

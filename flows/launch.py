"""A launch, from its release tag to its report."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

from prefect import flow, runtime, suspend_flow_run
from prefect.client.schemas.objects import State
from prefect.states import Cancelled, Completed, Failed

from checklists.decide import Refusal
from checklists.request import LaunchRequest
from tasks.advance import advance
from tasks.boards.wording import last_word
from tasks.notices.delivering import deliver_notices
from tasks.observing import learn
from tasks.opening import attach, open_launch
from tasks.world import world


@flow(name="launch")
def launch(request: LaunchRequest) -> State[Any]:
    """Open the launch, move it as far as it goes, and sleep while people work on it."""
    here, run_id = world(), str(runtime.flow_run.id)
    opened = open_launch(here, request)
    if isinstance(opened, Refusal):
        return Failed(name="Refused", message=opened.reason)
    opened = attach(here, opened, run_id)
    if opened.run is None or opened.run.run_id != run_id:
        return Completed(name="Duplicate", message=f"{opened.name} has a flow run already")
    learn(here, opened.id)
    while not (opened := advance(here, opened.id)).is_over:
        deliver_notices(here)
        suspend_flow_run(key=f"again-{uuid4()}")
    if opened.abandoned is not None:
        name, message = last_word(opened)
        return Cancelled(name=name, message=message)
    return Completed(message=f"{opened.name} is closed")

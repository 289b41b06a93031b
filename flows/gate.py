"""A question to people: what they typed into its Resume form, decided and carried out."""

from __future__ import annotations

from typing import Any

from prefect import flow, runtime
from prefect.client.schemas.objects import State
from prefect.states import Completed

from checklists.request import ItemRun
from tasks.advance import advance, catch_up
from tasks.answering import outcome, take_answer
from tasks.notices.delivering import deliver_notices
from tasks.world import world


@flow(name="gate")
def gate(run: ItemRun) -> State[Any]:
    """Take the answer, move the launch on, and say what came of it."""
    here = world()
    catch_up(here, run)
    answer = take_answer(here, run, str(runtime.flow_run.id))
    advance(here, run.launch_id)
    deliver_notices(here)
    name, message = outcome(answer, run)
    return Completed(name=name, message=message)

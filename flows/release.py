"""A release that an event of Prefect tells of: an automation, `prefect events emit`, or a webhook of Prefect Cloud."""

from __future__ import annotations

from typing import Any

from prefect import flow, runtime
from prefect.client.schemas.objects import State
from prefect.states import Completed, Failed

from checklists.decide import Refusal
from tasks.intake.emitted import take
from tasks.world import world


@flow(name="release")
def release(payload: dict[str, Any], resource: str = "", event: str = "") -> State[Any]:
    """Write down what the event says, and start the launch that follows. What is not understood starts nothing."""
    answer = take(world(), payload, resource, event or str(runtime.flow_run.id))
    if isinstance(answer, Refusal):
        return Failed(name="Refused", message=answer.reason)
    return Completed(message=answer)

"""A batch as a Prefect task, where a flow sends it: it shows in the run's graph, and its tags may carry a limit.

`prefect concurrency-limit create tminus-send 2` lets two batches of all announcements leave at a time. Nothing is
retried by Prefect: what is planned is sent by whoever looks next, and what may have arrived is not sent again.
"""

from __future__ import annotations

from collections.abc import Callable

from prefect import task
from prefect.cache_policies import NO_CACHE
from prefect.context import FlowRunContext

from tasks.sending.batch import Done

TAG = "tminus-send"


def as_task(carry_out: Callable[[], Done], name: str, channel: str) -> Done:
    """What it returns, by a task of the flow run it is called in; without one, called as it is."""
    if FlowRunContext.get() is None:
        return carry_out()

    @task(name="send a batch", task_run_name=name, tags=[TAG, f"{TAG}-{channel}"], retries=0, cache_policy=NO_CACHE)
    def send() -> Done:
        return carry_out()

    return send()

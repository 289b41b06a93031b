"""How long people wait: from a signature, or a webhook, to the gate that follows."""

from __future__ import annotations

import hashlib
import hmac
import json
import time
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import requests

from checklists import commands as c
from checklists.launch import Launch
from checklists.request import LaunchRequest
from tasks.act import act
from tasks.advance import advance
from tasks.opening import open_launch
from tests.bench.figures import say, spread
from tests.bench.stack import SECRET, Stack, wait_until

if TYPE_CHECKING:
    from tasks.world import World

CHAIN = ("one", "two", "three", "four", "five", "six")
SIGNER = "ben@example.com"


def begun(world: World, version: str, checklist: str = "chain") -> Launch:
    launch = open_launch(world, LaunchRequest(product="acme", version=version, checklist=checklist))
    assert isinstance(launch, Launch), launch
    return advance(world, launch.id)


def own_path(world: World, stack: Stack, launches: int = 6) -> None:
    """A signature through tminus itself, in this process, until the next gate stands in Prefect."""
    waited = []
    for number in range(launches):
        launch = begun(world, f"1.0.{number}")
        time.sleep(0.3)
        for item, following in pairwise(CHAIN):
            before = time.perf_counter()
            act(world, launch.id, c.Sign(by=world.person(SIGNER), item=item, decision="approve"))
            waited.append(_until_open(world, launch.id, following, before))
    say("approve through tminus until next gate open", database=stack.database, **spread(waited))


def _until_open(world: World, launch_id: str, item: str, before: float) -> float:
    """Seconds from `before` until the gate's run was made; the rest of the advance is let to its end."""
    opened: list[float] = []
    board, real = world.board, world.board.open_run

    def noted(launch: Launch, step: Any) -> str:
        run_id = real(launch, step)
        if step.item == item:
            opened.append(time.perf_counter() - before)
        return run_id

    board.open_run = noted  # type: ignore[method-assign]
    try:
        advance(world, launch_id)
    finally:
        board.open_run = real  # type: ignore[method-assign]
    return opened[0]


def prefect_path(world: World, stack: Stack, worker: str, launches: int = 4, base: str = "2.0") -> None:
    """A Resume in the Prefect API, as the UI sends it, until the next gate stands in Prefect."""
    waited = []
    for number in range(launches):
        launch = begun(world, f"{base}.{number}")
        time.sleep(1)
        for item, following in pairwise(CHAIN):
            waited.append(_resume(world, stack, launch.id, item, following))
    say(f"approve in the Prefect API until next gate open, {worker} worker", database=stack.database, **spread(waited))


def _resume(world: World, stack: Stack, launch_id: str, item: str, following: str) -> float:
    before = time.perf_counter()
    run = _item(world, launch_id, item).run
    answer = {"decision": "approve", "signed_by": SIGNER, "comment": ""}
    address = f"{stack.environment['PREFECT_API_URL']}/flow_runs/{run.run_id}/resume"
    accepted = requests.post(address, json={"run_input": answer}, timeout=30).json()
    assert accepted["status"] == "ACCEPT", accepted
    wait_until(lambda: _item(world, launch_id, following).run is not None)
    return time.perf_counter() - before


def _item(world: World, launch_id: str, item: str) -> Any:
    launch = world.launch(launch_id)
    return launch.items[item] if launch else None


def webhook(world: World, stack: Stack, releases: int = 12) -> None:
    """A signed push of a tag until the first gates of its launch stand in Prefect; and the answer itself."""
    answered, opened = [], []
    for number in range(releases):
        before = time.perf_counter()
        assert deliver(stack, f"v4.0.{number + 1}") == 202
        answered.append(time.perf_counter() - before)
        wait_until(lambda name=f"acme-4.0.{number + 1}": _has_gates(world, name), 30)
        opened.append(time.perf_counter() - before)
        time.sleep(0.5)
    say("webhook received until answered", database=stack.database, **spread(answered))
    say("webhook received until first gates open, inline worker", database=stack.database, **spread(opened))


def _has_gates(world: World, name: str) -> bool:
    launch = world.launch(name)
    return launch is not None and any(state.run for state in launch.items.values())


def deliver(stack: Stack, tag: str, session: requests.Session | None = None) -> int:
    """One signed delivery of a pushed tag; the status it was answered with."""
    body = json.dumps(
        {
            "ref": f"refs/tags/{tag}",
            "created": True,
            "deleted": False,
            "after": "9f2c" * 10,
            "head_commit": {"id": "9f2c" * 10},
            "repository": {"full_name": "example-org/acme"},
            "sender": {"login": "bench"},
        }
    ).encode()
    signature = "sha256=" + hmac.new(SECRET.encode(), body, hashlib.sha256).hexdigest()
    headers = {
        "Content-Type": "application/json",
        "X-GitHub-Event": "push",
        "X-GitHub-Delivery": f"delivery-{tag}",
        "X-Hub-Signature-256": signature,
    }
    address = f"{stack.web_address}/webhooks/github"
    return (session or requests).post(address, data=body, headers=headers, timeout=30).status_code

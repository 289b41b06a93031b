"""How much goes through: launches a minute, receipts a second, and what a launch costs."""

from __future__ import annotations

import time
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

import requests

from checklists import commands as c
from tasks.act import act
from tasks.advance import advance
from tests.bench.figures import say
from tests.bench.latency import CHAIN, SIGNER, begun, deliver
from tests.bench.stack import Stack, cpu_seconds, wait_until

if TYPE_CHECKING:
    from tasks.world import World

AT_ONCE = 8


def launches(world: World, stack: Stack, count: int = 200) -> None:
    """Launches of six gates and an announcement: all started, all signed at once, all closed, none lost."""
    names = [f"acme-9.0.{number}" for number in range(count)]
    worker, server = cpu_seconds(stack.worker), stack.server_cpu()
    before = time.perf_counter()
    with ThreadPoolExecutor(AT_ONCE) as people:
        list(people.map(lambda name: begun(world, name.removeprefix("acme-"), "six"), names))
        started = time.perf_counter() - before
        list(people.map(lambda name: _sign(world, name), names))
    wait_until(lambda: all(_is_over(world, name) for name in names), 900, 0.2)
    took = time.perf_counter() - before
    sent = [len(world.ledger.deliveries.of(name)) for name in names]
    assert sent == [1] * count, "an announcement was lost or doubled"
    say(
        f"{count} launches of 6 gates and an announcement",
        database=stack.database,
        launches_a_minute=round(count / took * 60, 1),
        seconds=round(took, 1),
        started_after_s=round(started, 1),
        worker_cpu_s_a_launch=round((cpu_seconds(stack.worker) - worker) / count, 3),
        server_cpu_s_a_launch=round((stack.server_cpu() - server) / count, 3),
    )


def _sign(world: World, name: str) -> None:
    for item in CHAIN:
        act(world, name, c.Sign(by=world.person(SIGNER), item=item, decision="approve"))
    advance(world, name)


def _is_over(world: World, name: str) -> bool:
    launch = world.launch(name)
    return launch is not None and launch.has_ended


def waiting_cost(world: World, stack: Stack) -> None:
    """Bytes of ledger that a launch with its gates open costs while it waits."""
    launch = begun(world, "5.0.0", "saas-feature")
    rows = world.ledger.sealed(launch.id)
    taken = sum(len(row.body.encode()) + len(row.prev) + len(row.hash) for row in rows)
    say("ledger of a waiting saas-feature launch", database=stack.database, entries=len(rows), bytes=taken)


def receipts(stack: Stack, count: int = 600) -> None:
    """Webhooks with signature check and durable storage, eight senders at once."""
    with ThreadPoolExecutor(AT_ONCE) as senders:
        sessions = [requests.Session() for _ in range(AT_ONCE)]
        before = time.perf_counter()
        done = list(senders.map(lambda n: deliver(stack, f"v6.{n}.0-rc.1", sessions[n % AT_ONCE]), range(count)))
        took = time.perf_counter() - before
    assert set(done) == {202}
    say("webhook receipts, signed and stored", database=stack.database, a_second=round(count / took, 1), n=count)

"""What ten thousand open gates cost: the list of launches, a round of the patrol with nothing due, a signed link."""

from __future__ import annotations

import re
import subprocess
import time
from collections.abc import Mapping
from functools import partial
from itertools import pairwise
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import requests

from tasks.patrol import patrol
from tasks.people.links import address_of, make_links
from tests.bench.figures import say, spread, timed
from tests.bench.latency import CHAIN, SIGNER, begun
from tests.bench.prefect_seeding import fill
from tests.bench.seeding import seed
from tests.bench.stack import ROOT, Stack

if TYPE_CHECKING:
    from tasks.world import World

LAUNCHES, GATES = 1_000, 10
HIDDEN = re.compile(r'type="hidden" name="(seen|shown|seal)" value="([^"]*)"')


def waiting(world: World, stack: Stack) -> None:
    """A thousand launches with ten open gates each, of which nobody does anything."""
    like = begun(world, "1.0.0")
    stack.worker.stop()  # its patrol would meet gates that Prefect does not know yet
    made = seed(world.ledger, LAUNCHES, GATES)
    fill(like, made)
    about = {"database": stack.database, "open_gates": LAUNCHES * GATES}
    once = partial(subprocess.run, [str(ROOT / ".venv/bin/python"), "-m", "deployments.command", "list"], check=True)
    say(
        "tminus list, the whole command",
        **about,
        **spread([timed(partial(once, capture_output=True)) for _ in range(9)]),
    )
    patrol(world)
    rounds, cpu = [], time.process_time()
    for _ in range(9):
        rounds.append(timed(partial(_nothing_due, world)))
    own = round((time.process_time() - cpu) / 9, 3)
    say("a round of the patrol with nothing due", **about, **spread(rounds), own_cpu_s=own)
    links(world, stack, about)


def links(world: World, stack: Stack, about: Mapping[str, object], launches: int = 8) -> None:
    """The button on the sign-off page until it is answered; by then the next gate stands in Prefect."""
    waited, server = [], stack.server_cpu()
    for number in range(launches):
        launch = begun(world, f"8.0.{number}")
        time.sleep(0.3)
        waited += [_press(world, stack, launch.id, *pair) for pair in pairwise(CHAIN)]
    cpu = round((stack.server_cpu() - server) / len(waited), 3)
    say("POST on a signed link until next gate open and answered", **about, **spread(waited), server_cpu_s=cpu)


def _press(world: World, stack: Stack, launch_id: str, item: str, following: str) -> float:
    launch = world.launch(launch_id)
    assert launch
    [link] = make_links(world, launch, item, [SIGNER])
    address = f"{stack.web_address}{urlsplit(address_of(world, link)).path}"
    fields = dict(HIDDEN.findall(requests.get(address, timeout=30).text))
    before = time.perf_counter()
    answer = requests.post(address, data={**fields, "decision": "approve"}, timeout=30)
    waited = time.perf_counter() - before
    after = world.launch(launch_id)
    assert answer.status_code == 200 and after and after.items[item].status == "passed", answer.text[:2_000]
    run = after.items[following].run
    assert run and not world.board.over([run.run_id]), "the next gate is not open in Prefect"
    return waited


def _nothing_due(world: World) -> None:
    said = patrol(world).said
    assert said == (), said

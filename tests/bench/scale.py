"""What ten thousand open gates cost: the list of launches, and a round of the patrol with nothing due."""

from __future__ import annotations

import subprocess
import time
from functools import partial
from typing import TYPE_CHECKING

from tasks.patrol import patrol
from tests.bench.figures import say, spread, timed
from tests.bench.latency import begun
from tests.bench.prefect_seeding import fill
from tests.bench.seeding import seed
from tests.bench.stack import ROOT, Stack

if TYPE_CHECKING:
    from tasks.world import World

LAUNCHES, GATES = 1_000, 10


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


def _nothing_due(world: World) -> None:
    said = patrol(world).said
    assert said == (), said

"""One announcement of twenty batches whose senders are killed again and again, while its vendor is in every mood."""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Collection
from itertools import cycle
from pathlib import Path
from random import Random

from tasks.announcements.announcing import drain, plan
from tasks.world import World
from tests.peers.sendgrid import SendGridPeer
from tests.tasks.newsroom import RUN, at, newsroom, opened, states

CUSTOMERS, BATCH = 39, 2  # with Ada, who is told by role: twenty batches and one
MOODS = ("accept", "accept", "accept", "accept", "late", "drop", "hang", "html-error", "rate-limited")
PATIENT, HASTY = 30, 0.3  # how long a sender waits for an answer; seconds
SETTLED = 0.2  # seconds in which a database carries out what the dead had still asked of it
EARLY, LATEST = 0.1, 30  # of how many; seconds, for a busy machine takes ten to start a sender


def sweep(folder: Path, luck: Random, kills: int, database: str, most: int = 20) -> dict[str, int]:
    """Kill senders, two at a time now and then, until all is sent or they were killed so often; then let one end it.

    Counts who was killed in the moment between the vendor's taking a message and its answer's being written down; what
    came twice; what is said to have been handed over and never came; and what may have come and is not said to be
    unknown.
    """
    with SendGridPeer(reset_in=1) as peer:
        world = newsroom(folder / "home", peer.host, database=database)
        opened(world, CUSTOMERS)
        plan(world, RUN)
        killed, caught, rounds = 0, dict[str, str](), cycle((_aimed, _anywhen))
        while killed < min(kills, most) and states(world).get("planned"):
            killed += next(rounds)(world, peer, luck)
            time.sleep(SETTLED)
            caught |= _caught(world, peer)
        peer.answer("accept")
        drain(at(world, minutes=10), RUN)
        found = _counted(world, peer, caught)
        world.ledger.dispose()
    return {"kills": killed, "announcements": 1, "ambiguous": len(set(caught.values())), **found}


def _aimed(world: World, peer: SendGridPeer, luck: Random) -> int:
    """Kill while the peer holds a message and its answer back."""
    before = luck.randrange(3)
    peer.answer(*["accept"] * before, "hang")
    return _kill(world, peer, luck, calls=before + 1, seconds=PATIENT)


def _anywhen(world: World, peer: SendGridPeer, luck: Random) -> int:
    """Kill a moment after the first call, now and then while the process still starts."""
    peer.answer(*(luck.choice(MOODS) for _ in range(30)), "accept")
    is_early = luck.random() < EARLY
    return _kill(world, peer, luck, calls=0 if is_early else 1, after=luck.uniform(0, 1 if is_early else 0.2))


def _kill(
    world: World, peer: SendGridPeer, luck: Random, *, calls: int, after: float = 0, seconds: float = HASTY
) -> int:
    """How many were killed so long after so many calls; the others had come to their end."""
    until, before = time.monotonic() + LATEST, len(peer.received)
    database = world.ledger.database.url.render_as_string(hide_password=False)
    said = str(world.settings.home), peer.host, str(BATCH), str(seconds), database
    words = [sys.executable, "-m", "tests.tasks.newsroom", *said]
    senders = [
        subprocess.Popen(words, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        for _ in range(luck.choice((1, 1, 2)))
    ]
    while len(peer.received) < before + calls and _are_at_it(senders) and time.monotonic() < until:
        time.sleep(0.002)
    time.sleep(after)
    killed = 0
    for sender in senders:
        killed += sender.poll() is None
        sender.kill()
        sender.wait(10)
    return killed


def _are_at_it(senders: Collection[subprocess.Popen[bytes]]) -> bool:
    return any(sender.poll() is None for sender in senders)


def _caught(world: World, peer: SendGridPeer) -> dict[str, str]:
    """What the peer has taken while its dead sender had not written down an answer, and who that sender was."""
    found = world.ledger.deliveries.of(RUN.launch_id)
    return {one.id: str(one.claimed_by) for one in found if one.state == "writing" and peer.count(one.id)}


def _counted(world: World, peer: SendGridPeer, caught: Collection[str]) -> dict[str, int]:
    found = {"accepted": 0, "unknown": 0, "twice": 0, "missing": 0, "hidden": 0}
    for one in world.ledger.deliveries.of(RUN.launch_id):
        id_, state = one.id, one.state
        came = peer.count(id_)
        is_doubtful = id_ in caught or (came > 0 and id_ not in peer.message_ids)
        found["accepted"] += state == "accepted"
        found["unknown"] += state == "unknown"
        found["twice"] += came > 1
        found["missing"] += state not in ("accepted", "unknown") or (state == "accepted" and came != 1)
        found["hidden"] += is_doubtful and state != "unknown"
    return found

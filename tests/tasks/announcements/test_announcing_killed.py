"""Who sends is killed, or is not alone: each message leaves once at most."""

from __future__ import annotations

import subprocess
import sys
import threading
from pathlib import Path

import pytest

from tasks.announcements.announcing import drain, plan, tally
from tasks.world import World
from tests.peers.sendgrid import SendGridPeer
from tests.prefect_ui import until
from tests.tasks.newsroom import RUN, arrivals, at, newsroom, opened, states


@pytest.mark.usefixtures("one_by_one")
def test_two_who_drain_at_once_send_each_once(tmp_path: Path, mailing: World, peer: SendGridPeer) -> None:
    opened(mailing, customers=15)
    plan(mailing, RUN)
    others = [newsroom(tmp_path / "home", peer.host) for _ in range(3)]
    threads = [threading.Thread(target=drain, args=(world, RUN)) for world in others]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert states(mailing) == {"accepted": 16}
    assert arrivals(mailing, peer) == {1}
    for world in others:
        world.ledger.dispose()


def test_a_sender_killed_in_mid_send_leaves_each_once_in_the_outbox(tmp_path: Path, outbox: World) -> None:
    opened(outbox, customers=24)
    plan(outbox, RUN)
    sender = sending(tmp_path / "home", "", "1")
    until(lambda: states(outbox).get("accepted", 0) >= 3)
    sender.kill()
    sender.wait(10)
    left = states(outbox)
    assert left["accepted"] < 25, "the sender was too quick to be killed in mid-send"
    assert drain(at(outbox, minutes=5), RUN)
    assert states(outbox) == {"accepted": 25}
    files = list(outbox.settings.outbox.glob("*.eml"))
    assert sorted(file.stem for file in files) == sorted(one.id for one in outbox.ledger.deliveries.of(RUN.launch_id))


def test_a_sender_killed_while_sendgrid_reads_leaves_that_one_unknown(
    tmp_path: Path, mailing: World, peer: SendGridPeer
) -> None:
    opened(mailing, customers=9)
    plan(mailing, RUN)
    peer.answer("accept", "accept", "accept", "hang")
    sender = sending(tmp_path / "home", peer.host, "1")
    until(lambda: len(peer.received) == 4)
    sender.kill()
    sender.wait(10)
    assert states(mailing) == {"accepted": 3, "writing": 1, "planned": 6}
    peer.answer("accept")
    assert drain(at(mailing, minutes=5), RUN)
    assert states(mailing) == {"accepted": 9, "unknown": 1}
    assert arrivals(mailing, peer) == {1}
    ok, summary, [finding] = tally(mailing, RUN)
    assert (ok, summary) == (True, "9 of 10 handed over, 1 unknown")
    assert "unknown" in finding


def sending(*words: Path | str) -> subprocess.Popen[bytes]:
    return subprocess.Popen([sys.executable, "-m", "tests.tasks.newsroom", *map(str, words)])

"""How far an announcement says it is: as many as were handed over, and never more than there are."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from pydantic import SecretStr

from tasks.announcements import announcing
from tasks.announcements.announcing import drain, plan
from tasks.sending.batch import Done
from tasks.sending.progress import Progress
from tasks.world import World
from tests.peers.sendgrid import SendGridPeer
from tests.peers.smtp import smtp_peer
from tests.tasks.announcements.test_announcing import hold_after
from tests.tasks.newsroom import RUN, newsroom, opened


@pytest.fixture
def steps(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[str]]:
    """What it says at its start and after each batch."""
    said: list[str] = []

    class Noted(Progress):
        def __post_init__(self) -> None:
            super().__post_init__()
            self.note()

        def add(self, done: Done) -> None:
            super().add(done)
            self.note()

        def note(self) -> None:
            said.append(self.said.partition(" handed over")[0])

    monkeypatch.setattr(announcing, "Progress", Noted)
    yield said


def test_to_take_a_batch_apart_is_no_progress(tmp_path: Path, steps: list[str]) -> None:
    with smtp_peer() as peer:
        peer.modes = {"customer-2@example.net": ["no-such-person"]}
        world = newsroom(tmp_path / "home")
        url = SecretStr(f"smtp://127.0.0.1:{peer.port}")
        world = replace(world, settings=world.settings.model_copy(update={"smtp_url": url}))
        opened(world, customers=4)
        plan(world, RUN)
        assert drain(world, RUN)
        assert len(peer.mails) == 4
    world.ledger.dispose()
    assert list(dict.fromkeys(steps)) == [f"{count} of 5" for count in range(5)]


@pytest.mark.usefixtures("one_by_one")
def test_what_goes_on_begins_with_what_is_out(mailing: World, peer: SendGridPeer, steps: list[str]) -> None:
    opened(mailing, customers=4)
    plan(mailing, RUN)
    hold_after(mailing, peer, 2)
    assert not drain(mailing, RUN)
    assert (steps[0], steps[-1]) == ("0 of 5", "2 of 5")
    steps.clear()
    assert not drain(mailing, RUN)
    assert steps == ["2 of 5"]


def test_what_was_refused_whole_is_no_progress(mailing: World, peer: SendGridPeer, steps: list[str]) -> None:
    peer.bad = {"customer-1@example.net"}
    opened(mailing, customers=4)
    plan(mailing, RUN)
    assert drain(mailing, RUN)
    assert steps == sorted(steps)
    assert steps[-1] == "4 of 5"


def test_what_is_put_off_is_no_progress(mailing: World, peer: SendGridPeer, steps: list[str]) -> None:
    peer.reset_in = 1
    peer.answer("rate-limited", "accept")
    opened(mailing)
    plan(mailing, RUN)
    assert drain(mailing, RUN)
    assert (steps[:2], steps[-1]) == (["0 of 4", "0 of 4"], "4 of 4")


def test_the_rate_is_that_of_this_run() -> None:
    progress = Progress(10, "key", sent=6)
    progress.began -= 10
    assert progress.said == "6 of 10 handed over, 0 a second"
    progress.add(Done(3, 2))
    assert (progress.sent, progress.settled) == (8, 3)

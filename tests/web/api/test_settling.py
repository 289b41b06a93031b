"""What people say over the API of what is in doubt of a launch that is over; and the page that shows the doubt."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from checklists.commands import Abandon
from tasks.act import act
from tasks.advance import advance
from tasks.people.tokens import create_token
from tasks.world import World
from tests.peers.sendgrid import SendGridPeer
from tests.tasks.follow_ups import ADA, LAUNCH, announced, lost
from tests.tasks.newsroom import at, newsroom, opened, sent
from tests.web.room import serving

TELL = f"/api/launches/{LAUNCH}/items/tell/settle"
AGAIN = {"fate": "again", "purpose": "correction/1"}


@pytest.fixture
def doubtful(tmp_path: Path) -> Iterator[tuple[World, httpx.Client]]:
    with SendGridPeer() as peer:
        world = newsroom(tmp_path / "home", peer.host)
        announced(world)
        lost(at(world, -60), peer, "drop")
        with serving(world) as client:
            yield world, client
        world.ledger.dispose()


def states(world: World) -> dict[str, int]:
    counts = world.ledger.deliveries.counts(LAUNCH, "tell", "correction/1")
    return {str(state): count for state, count in counts.items()}


def key(world: World, *scopes: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {create_token(world, ADA.email, scopes)}"}


def test_a_correction_is_settled_once_though_its_launch_is_over(doubtful: tuple[World, httpx.Client]) -> None:
    world, client = doubtful
    mine = key(world, "manage") | {"Idempotency-Key": "5c8f0f38-0f7e-11ef-9d4b-6c2b59ffb2a1"}
    assert [client.post(TELL, json=AGAIN, headers=mine).status_code for _ in range(2)] == [200, 200]
    assert states(world) == {"planned": 4}
    assert [one.kind for one in world.ledger.read(LAUNCH)].count("follow-up-settled") == 1
    answer = client.post(TELL, json=AGAIN, headers=key(world, "manage"))
    assert (answer.status_code, "nothing of acme 2.4.0 is in doubt" in answer.json()["detail"]) == (409, True)


@pytest.mark.parametrize(
    ("said", "scope", "status"),
    [
        (AGAIN, "sign", 403),
        (AGAIN | {"purpose": "recall/1"}, "manage", 409),
        ({"fate": "again"}, "manage", 409),
        (AGAIN | {"fate": "known"}, "manage", 422),
        (AGAIN | {"purpose": "x" * 61}, "manage", 422),
    ],
)
def test_what_may_not_be_said_settles_nothing(
    doubtful: tuple[World, httpx.Client], said: dict[str, str], scope: str, status: int
) -> None:
    world, client = doubtful
    assert client.post(TELL, json=said, headers=key(world, scope)).status_code == status
    assert states(world) == {"unknown": 4}


def test_the_page_says_how_it_is_settled(doubtful: tuple[World, httpx.Client]) -> None:
    _, client = doubtful
    page = client.get(f"/reach/{LAUNCH}").text
    assert "4 may have arrived, or not." in page
    command = f"tminus announcements settle {LAUNCH} tell --purpose correction/1"
    assert f"<code>{command} --arrived</code>" in page
    told = client.get(f"/reach/{LAUNCH}/numbers.json").json()["announcements"]
    assert [one["settle"] for one in told] == ["", command]


@pytest.fixture
def given_up(tmp_path: Path) -> Iterator[tuple[World, httpx.Client]]:
    with SendGridPeer() as peer:
        world = newsroom(tmp_path / "home", peer.host)
        opened(world)
        peer.answer("drop")
        sent(at(world, -60))
        act(world, LAUNCH, Abandon(by=ADA, reason="not now"))
        advance(world, LAUNCH)
        with serving(world) as client:
            yield world, client
        world.ledger.dispose()


def test_an_announcement_of_a_launch_that_was_given_up_is_settled_by_its_name_and_not_sent_again(
    given_up: tuple[World, httpx.Client],
) -> None:
    world, client = given_up
    page = client.get(f"/reach/{LAUNCH}").text
    assert f"<code>tminus announcements settle {LAUNCH} tell --arrived</code>. The launch is over" in page
    assert "--again" not in page
    answer = client.post(TELL, json={"fate": "again"}, headers=key(world, "manage"))
    assert (answer.status_code, "nothing of it is announced any more" in answer.json()["detail"]) == (409, True)
    assert client.post(TELL, json={"fate": "arrived"}, headers=key(world, "manage")).status_code == 200
    assert world.ledger.deliveries.counts(LAUNCH, "tell") == {"accepted": 4}

"""How the Prefect API is reached, and what is said when it is not."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Iterator

import pytest
from httpx import HTTPStatusError
from prefect.settings import (
    PREFECT_API_AUTH_STRING,
    PREFECT_API_KEY,
    PREFECT_API_URL,
    PREFECT_CLIENT_MAX_RETRIES,
    temporary_settings,
)

from checklists.errors import Unreachable
from tasks.boards.prefect_api import NotDeployed, deployment_id, forget, talking
from tests.peers.peer import DROP, GARBAGE, Answer, Peer, Received

ANSWERS = {"accept": Answer(body=b'"pong"'), "drop": DROP, "garbage": GARBAGE}


class PrefectPeer(Peer):
    """Answers with the status it is told."""

    def reply(self, mode: str, request: Received) -> Answer:
        return ANSWERS[mode] if mode in ANSWERS else Answer(int(mode), b'{"detail": "no"}')


@pytest.fixture
def peer() -> Iterator[PrefectPeer]:
    forget()
    with PrefectPeer() as made, temporary_settings({PREFECT_API_URL: made.host, PREFECT_CLIENT_MAX_RETRIES: 0}):
        yield made
        forget()


@pytest.mark.parametrize(
    ("setting", "sent"),
    [
        (PREFECT_API_AUTH_STRING, f"Basic {b64encode(b'admin:secret').decode()}"),
        (PREFECT_API_KEY, "Bearer admin:secret"),
    ],
)
def test_what_prefect_asks_of_its_users_is_sent(peer: PrefectPeer, setting: object, sent: str) -> None:
    with temporary_settings({setting: "admin:secret"}), talking() as api:
        api.request("GET", "/hello")
    assert [one.headers.get("Authorization") for one in peer.received] == [sent]


@pytest.mark.parametrize(
    ("mode", "said"),
    [
        ("401", "refuses us; set PREFECT_API_AUTH_STRING or PREFECT_API_KEY"),
        ("403", "refuses us; set PREFECT_API_AUTH_STRING or PREFECT_API_KEY"),
        ("500", "does not answer"),
        ("503", "does not answer"),
        ("drop", "does not answer"),
        ("garbage", "does not answer"),
    ],
)
def test_a_server_that_is_no_use_is_unreachable(peer: PrefectPeer, mode: str, said: str) -> None:
    peer.answer(mode)
    with pytest.raises(Unreachable, match=f"{peer.host} {said}"), talking() as api:
        api.request("GET", "/hello")


def test_an_answer_that_is_about_the_question_stays_what_it_is(peer: PrefectPeer) -> None:
    peer.answer("409")
    with pytest.raises(HTTPStatusError), talking() as api:
        api.request("GET", "/hello")


def test_a_server_without_our_deployments_is_told_apart(peer: PrefectPeer) -> None:
    peer.answer("404")
    with pytest.raises(NotDeployed, match="gate/gate; run `tminus up` or `tminus deploy` first"):
        deployment_id("gate/gate")


def test_without_an_address_nothing_is_reached() -> None:
    forget()
    with (
        temporary_settings({PREFECT_API_URL: None}),
        pytest.raises(Unreachable, match="no Prefect server is set"),
        talking(),
    ):
        pytest.fail("there is nobody to talk to")

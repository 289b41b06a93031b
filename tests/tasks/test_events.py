from __future__ import annotations

from collections.abc import Iterator

import pytest

from checklists.request import LaunchRequest
from tasks.events import announce_release
from tests.web.room import PrefectPeer, prefect_at

KEY = "github:example-org/acme:v2.4.0"
REQUEST = LaunchRequest(product="acme", version="2.4.0", notes='{{ "x" }}', requested_by="github:ada")


@pytest.fixture
def prefect() -> Iterator[PrefectPeer]:
    with PrefectPeer() as peer, prefect_at(f"{peer.host}/api"):
        yield peer


def test_the_event_carries_the_request_and_its_receipt(prefect: PrefectPeer) -> None:
    assert announce_release(REQUEST, KEY)
    (event,) = prefect.events
    assert event["event"] == "tminus.release.tagged"
    assert event["resource"] == {"prefect.resource.id": "tminus.product.acme"}
    asked = LaunchRequest.model_validate(event["payload"]["request"])
    assert asked == REQUEST.model_copy(update={"receipt": KEY})


def test_prefects_server_understands_the_event(prefect: PrefectPeer) -> None:
    from prefect.server.events.schemas.events import Event  # the server asks for more than its client's model

    assert announce_release(REQUEST, KEY)
    assert str(Event.model_validate(prefect.events[0]).id) == prefect.events[0]["id"]


def test_one_release_has_one_event_id_and_another_has_another(prefect: PrefectPeer) -> None:
    for key in (KEY, KEY, KEY + ".1"):
        announce_release(REQUEST, key)
    first, again, other = (event["id"] for event in prefect.events)
    assert first == again != other


@pytest.mark.parametrize("mode", ["refuse", "garbage", "page"])
def test_a_server_that_does_not_take_it_is_said_in_one_line(
    prefect: PrefectPeer, caplog: pytest.LogCaptureFixture, mode: str
) -> None:
    prefect.answer(mode)
    assert not announce_release(REQUEST, KEY)
    (said,) = caplog.messages
    assert "the patrol will start the launch" in said
    assert "\n" not in said


def test_no_server_at_all_is_said_in_one_line(caplog: pytest.LogCaptureFixture) -> None:
    with prefect_at("http://127.0.0.1:9/api"):
        assert not announce_release(REQUEST, KEY)
    assert len(caplog.messages) == 1

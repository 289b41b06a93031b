"""SendGrid's log as a place to ask: it finds the very mail of a delivery, or says nothing at all."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from pydantic import SecretStr

from tasks.senders.sendgrid_log import Found, NoLog, SendGridLog
from tests.peers.sendgrid import KEY, SendGridPeer
from tests.tasks.parcels import ID, nobody

ADA = "ada@example.com"
NOW = datetime.now(UTC)


@pytest.fixture
def peer() -> Iterator[SendGridPeer]:
    with SendGridPeer() as peer:
        yield peer


def sent(peer: SendGridPeer, call: str, delivery: str = ID, at: datetime = NOW, to: str = ADA) -> str:
    """The id under which the log has it."""
    one = {"to": [{"email": to}], "custom_args": {"tminus_delivery": delivery}}
    peer.log.keep(call, {"subject": "Acme 2.4.0", "personalizations": [one]}, at=at)
    return peer.log.mails[-1].id


def find(peer: SendGridPeer, recipient: str = ADA, **changes: Any) -> Found | None:
    log = SendGridLog(**{"key": SecretStr(KEY), "host": peer.host, **changes})
    return log.find(ID, recipient, NOW - timedelta(minutes=1), NOW)


def test_a_mail_is_found_with_the_id_of_its_call_and_all_that_became_of_it(peer: SendGridPeer) -> None:
    id_ = sent(peer, "the-call")
    peer.log.tell(id_, "delivered", response="250 OK")
    found = find(peer)
    assert found is not None
    assert found.provider_id == "the-call"
    assert [(one["event"], one["tminus_delivery"], one["sg_message_id"]) for one in found.events] == [
        ("processed", ID, id_),
        ("delivered", ID, id_),
    ]
    assert [(one.method, one.path) for one in peer.log.asked] == [("POST", "/v3/logs"), ("GET", f"/v3/logs/{id_}")]
    assert peer.received == [], "nothing is sent"


def test_nothing_is_found_of_what_never_arrived(peer: SendGridPeer) -> None:
    sent(peer, "to-ben", to="ben@example.com")
    assert find(peer) is None


@pytest.mark.parametrize("minutes", [-7, 6])
def test_what_was_taken_before_it_was_planned_or_after_it_was_lost_is_another(
    peer: SendGridPeer, minutes: float
) -> None:
    sent(peer, "another", at=NOW + timedelta(minutes=minutes))
    for mode in ("answer", "elsewhere"):
        peer.log.answer(mode)
        assert find(peer) is None


@pytest.mark.parametrize(
    "mode",
    [
        "empty",
        "gone",
        "elsewhere",
        "another-message",
        "another-delivery",
        "another-person",
        "no-arguments",
        "odd-arguments",
        "odd-messages",
    ],
)
def test_what_does_not_name_this_very_mail_settles_nothing(peer: SendGridPeer, mode: str) -> None:
    sent(peer, "the-call", to="ben@example.com" if mode == "elsewhere" else ADA)
    peer.log.answer(*(["answer", mode] if mode in ("gone", "another-message") else [mode]))
    assert find(peer) is None


def test_of_several_mails_to_one_receiver_the_one_that_names_the_delivery_is_taken(peer: SendGridPeer) -> None:
    sent(peer, "the-call", at=NOW - timedelta(seconds=30))
    sent(peer, "a-notice", delivery="another")
    found = find(peer)
    assert found is not None
    assert found.provider_id == "the-call"


def test_somebody_who_gets_very_much_mail_costs_three_calls(peer: SendGridPeer) -> None:
    for number in range(20):
        sent(peer, f"a-notice-{number}", delivery="another")
    assert find(peer) is None
    assert len(peer.log.asked) == 3


def test_events_of_another_mail_are_left_out(peer: SendGridPeer) -> None:
    id_ = sent(peer, "the-call")
    peer.log.tell(id_, "bounce", type="bounce")
    peer.log.mails[-1].events[-1]["sg_message_id"] = "another.recvd.0"
    found = find(peer)
    assert found is not None
    assert [one["event"] for one in found.events] == ["processed"]


@pytest.mark.parametrize("address", ['"a b"@example.com', "a\\b@example.com"])
def test_an_address_that_no_query_can_hold_is_not_asked_for(peer: SendGridPeer, address: str) -> None:
    assert find(peer, address) is None
    assert peer.log.asked == []


@pytest.mark.parametrize(
    ("mode", "waits", "says"),
    [
        ("unauthorised", 3600, "SendGrid answered 401: request: authorization required; the API key is not valid"),
        ("forbidden", 3600, "access forbidden; the API key may not read it"),
        ("missing", 3600, "SendGrid answered 404: this account has none"),
        ("bad-request", 120, "SendGrid answered 400: query: invalid query syntax"),
        ("html-error", 120, "SendGrid answered 502"),
        ("redirect", 120, "SendGrid answered 302"),
        ("html-page", 120, "cannot be read (JSONDecodeError)"),
        ("deep", 120, "cannot be read (RecursionError)"),
        ("list", 120, "none of its log's"),
        ("no-messages", 120, "none of its log's"),
        ("garbage", 120, "SendGrid did not answer"),
        ("drop", 120, "SendGrid did not answer"),
    ],
)
def test_an_answer_that_is_none_says_why_and_for_how_long(
    peer: SendGridPeer, mode: str, waits: float, says: str
) -> None:
    sent(peer, "the-call")
    peer.log.answer(mode)
    with pytest.raises(NoLog) as broken:
        find(peer)
    assert says in str(broken.value)
    assert broken.value.wait == waits
    assert len(peer.log.asked) == 1, "one call, no retry, no redirect followed"


def test_rate_limiting_says_when_to_come_back() -> None:
    with SendGridPeer(reset_in=600) as peer:
        peer.log.answer("rate-limited")
        with pytest.raises(NoLog, match="429") as broken:
            find(peer)
    assert 590 <= broken.value.wait <= 600


def test_a_vendor_that_says_nothing_is_left_in_time(peer: SendGridPeer) -> None:
    peer.log.answer("hang")
    with pytest.raises(NoLog, match="ReadTimeout"):
        find(peer, timeout=0.2)


def test_a_log_that_cannot_be_reached_is_none() -> None:
    with nobody() as address, pytest.raises(NoLog, match="ConnectionError"):
        SendGridLog(SecretStr(KEY), f"http://{address}").check()


@pytest.mark.parametrize("key", [KEY, f"{KEY}\n"])
def test_the_key_is_in_no_word_and_no_log(peer: SendGridPeer, caplog: pytest.LogCaptureFixture, key: str) -> None:
    caplog.set_level(logging.DEBUG)
    peer.log.answer("echo")
    with pytest.raises(NoLog) as broken:
        find(peer, key=SecretStr(key))
    assert KEY not in f"{broken.value}{broken.value.__cause__}{caplog.text}"
    assert ADA not in caplog.text

from __future__ import annotations

import logging
import time
from collections.abc import Iterator
from email.utils import formatdate
from typing import Any

import jsonschema
import pytest
from pydantic import SecretStr

from tasks.senders.sendgrid import SendGrid, payload
from tests.peers.sendgrid import KEY, SendGridPeer
from tests.tasks.parcels import ID, MAIL, bulk, nobody, parcel


@pytest.fixture
def peer() -> Iterator[SendGridPeer]:
    with SendGridPeer() as peer:
        yield peer


def sender(host: str, key: str = KEY, timeout: float = 5) -> SendGrid:
    return SendGrid(key=SecretStr(key), host=host, timeout=timeout)


def test_an_accepted_mail_carries_sendgrids_id(peer: SendGridPeer) -> None:
    outcome = sender(peer.host).send(parcel())
    assert (outcome.state, outcome.provider_id) == ("accepted", peer.message_ids[ID])
    assert peer.count(ID) == 1


@pytest.mark.parametrize(
    ("mode", "state", "says"),
    [
        ("bad-request", "rejected", "personalizations.0.to.0.email: Does not contain a valid address."),
        ("unauthorised", "rejected", "set SENDGRID_API_KEY"),
        ("forbidden", "rejected", "verify the sender"),
        ("too-large", "rejected", "shorten it"),
        ("html-refusal", "rejected", "SendGrid answered 400"),
        ("redirect", "rejected", "SendGrid answered 302"),
        ("rate-limited", "not_sent", "429"),
        ("html-error", "unknown", "SendGrid answered 502"),
        ("sandbox", "unknown", "200 instead of 202"),
        ("garbage", "unknown", "broke after the message had left"),
        ("drop", "unknown", "broke after the message had left"),
    ],
)
def test_what_sendgrid_does_becomes_an_outcome(peer: SendGridPeer, mode: str, state: str, says: str) -> None:
    peer.answer(mode)
    outcome = sender(peer.host).send(parcel())
    assert outcome.state == state
    assert says in outcome.reason
    assert outcome.is_ours is (mode in ("unauthorised", "forbidden", "redirect"))
    assert len(peer.received) == 1, "one call, no retry, no redirect followed"


def test_silence_after_the_mail_has_left_is_unknown(peer: SendGridPeer) -> None:
    peer.answer("hang")
    outcome = sender(peer.host, timeout=0.2).send(parcel())
    assert outcome.state == "unknown"
    assert peer.count(ID) == 1


def test_rate_limiting_says_when_to_come_back(peer: SendGridPeer) -> None:
    peer.answer("rate-limited")
    wait = sender(peer.host).send(parcel()).retry_after
    assert wait is not None
    assert 1 <= wait <= 8


def test_who_stands_before_sendgrid_may_name_a_moment(peer: SendGridPeer) -> None:
    peer.retry_after = formatdate(time.time() + 60, usegmt=True)
    peer.answer("rate-limited")
    assert sender(peer.host).send(parcel()).retry_after == pytest.approx(60, abs=5)


def test_a_reset_far_away_is_waited_for_an_hour_at_most() -> None:
    with SendGridPeer(reset_in=1e9) as peer:
        peer.answer("rate-limited")
        assert sender(peer.host).send(parcel()).retry_after == 3600


def test_a_refused_connection_is_not_sent() -> None:
    with nobody() as address:
        assert sender(f"http://{address}").send(parcel()).state == "not_sent"


def test_an_unknown_host_is_not_sent() -> None:
    assert sender("http://nowhere.invalid").send(parcel()).state == "not_sent"


def test_a_failed_tls_handshake_is_not_sent(peer: SendGridPeer) -> None:
    assert sender(peer.host.replace("http:", "https:")).send(parcel()).state == "not_sent"
    assert peer.received == []


@pytest.mark.parametrize("key", [f"{KEY}\n", "SG.schlüssel\u2028", "SG.a\r\nBcc: b@c.de"])
def test_a_key_http_does_not_allow_is_rejected_with_a_remedy(peer: SendGridPeer, key: str) -> None:
    outcome = sender(peer.host, key).send(parcel())
    assert outcome.state == "rejected"
    assert "correct the setting" in outcome.reason
    assert peer.received == []


def test_a_key_in_the_text_is_rejected_before_anything_leaves(peer: SendGridPeer) -> None:
    content = MAIL.model_copy(update={"text": "SG.abc.def is our key"})
    assert sender(peer.host).send(parcel(content)).state == "rejected"
    assert peer.received == []


@pytest.mark.parametrize("mode", ["accept", "echo", "unauthorised", "redirect", "drop", "html-error"])
def test_the_key_never_leaks(peer: SendGridPeer, mode: str, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    peer.answer(mode)
    way = sender(peer.host)
    said = f"{way.send(parcel())!r} {way!r} {caplog.text}"
    assert KEY not in said
    assert "ada@example.com" not in caplog.text


def test_headers_of_one_call_do_not_reach_the_next(peer: SendGridPeer) -> None:
    sender(peer.host).send(parcel())
    assert sender(peer.host, "another").send(parcel()).state == "rejected"
    assert [one.headers["Authorization"] for one in peer.received] == [f"Bearer {KEY}", "Bearer another"]
    assert all("Transfer-Encoding" not in one.headers for one in peer.received)


@pytest.mark.parametrize(
    "changes",
    [
        {},
        {"sender_name": ""},
        {"sender_name": "Müller, Söhne & <Co>\r\nBcc: evil@example.com"},
        {"categories": ("acme", "announcement")},
        {"reply_to": "hello@acme.example"},
        {"content": MAIL.model_copy(update={"html": "ß" * 70_000})},
    ],
)
def test_every_payload_is_what_sendgrid_describes(
    peer: SendGridPeer, schema: dict[str, Any], changes: dict[str, Any]
) -> None:
    assert sender(peer.host).send(parcel(**changes)).state == "accepted"
    jsonschema.validate(peer.payloads[0], schema)


def test_answers_go_where_they_are_wanted(peer: SendGridPeer) -> None:
    assert sender(peer.host).send(parcel(reply_to="hello@acme.example")).state == "accepted"
    assert sender(peer.host).send(parcel()).state == "accepted"
    assert [body.get("reply_to") for body in peer.payloads] == [{"email": "hello@acme.example"}, None]


def test_the_description_refuses_a_payload_without_recipients(schema: dict[str, Any]) -> None:
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate({**payload(bulk()), "personalizations": [{}]}, schema)


def test_the_payload_holds_one_person_two_texts_and_an_opaque_id() -> None:
    body = payload(bulk(sender_name="Ann\r\nBcc: evil@example.com"))
    assert body["personalizations"] == [{"to": [{"email": "ada@example.com"}], "custom_args": {"tminus_delivery": ID}}]
    assert [part["type"] for part in body["content"]] == ["text/plain", "text/html"]
    assert body["from"] == {"name": "Ann Bcc: evil@example.com", "email": "launches@acme.example"}
    assert "headers" not in body

from __future__ import annotations

import json
from base64 import b64encode
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ec import ECDSA, SECP256R1, EllipticCurvePrivateKey, generate_private_key
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from httpx import Client, Response

from checklists.errors import LaunchError
from ledger.newcomers import Newcomer
from tasks.announcements.announcing import drain, plan
from tasks.world import World
from tests.peers.sendgrid import SendGridPeer
from tests.tasks.newsroom import RUN, newsroom, opened, states
from tests.web.room import serving
from web.sendgrid import public_key

KEY = generate_private_key(SECP256R1())


def shown(key: EllipticCurvePrivateKey) -> str:
    """As SendGrid's settings show it."""
    return b64encode(key.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)).decode()


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    """Four mails are handed over, and SendGrid never answers."""
    with SendGridPeer() as peer:
        made = newsroom(tmp_path / "home", peer.host)
        made = replace(made, settings=made.settings.model_copy(update={"sendgrid_webhook_key": shown(KEY)}))
        opened(made)
        plan(made, RUN)
        peer.answer("drop")
        drain(made, RUN)
    yield made
    made.ledger.dispose()


@pytest.fixture
def door(world: World) -> Iterator[Client]:
    with serving(world) as client:
        yield client


def event(world: World, kind: str, who: str = "ada@example.com", **said: Any) -> dict[str, Any]:
    found = next(one for one in world.ledger.deliveries.of(RUN.launch_id) if one.recipient == who)
    at = int(world.now().timestamp())
    return {"event": kind, "email": who, "timestamp": at, "tminus_delivery": found.id, "sg_event_id": "x", **said}


def posted(
    door: Client,
    world: World,
    said: Any,
    *,
    key: EllipticCurvePrivateKey = KEY,
    age: int = 0,
    **changes: str,
) -> Response:
    body = said if isinstance(said, bytes) else json.dumps(said).encode()
    timestamp = str(int(world.now().timestamp()) - age)
    signature = b64encode(key.sign(timestamp.encode() + body, ECDSA(SHA256()))).decode()
    headers = {
        "X-Twilio-Email-Event-Webhook-Signature": signature,
        "X-Twilio-Email-Event-Webhook-Timestamp": timestamp,
        **changes,
    }
    return door.post("/webhooks/sendgrid", content=body, headers=headers)


def test_an_event_settles_what_was_of_unknown_fate(door: Client, world: World) -> None:
    assert states(world) == {"unknown": 4}
    answer = posted(door, world, [event(world, "delivered")])
    assert (answer.status_code, answer.json()) == (200, {"kept": 1, "known": 0, "others": 0})
    assert states(world) == {"delivered": 1, "unknown": 3}


def test_a_replayed_or_repeated_event_changes_nothing(door: Client, world: World) -> None:
    said = [event(world, "delivered"), event(world, "delivered", sg_event_id="another")]
    assert posted(door, world, said).json() == {"kept": 1, "known": 1, "others": 0}
    assert posted(door, world, said).json() == {"kept": 0, "known": 2, "others": 0}


def test_events_in_the_wrong_order_undo_nothing(door: Client, world: World) -> None:
    posted(door, world, [event(world, "delivered")])
    posted(door, world, [event(world, "processed")])
    assert states(world) == {"delivered": 1, "unknown": 3}


@pytest.mark.parametrize(
    "changes",
    [
        {"key": generate_private_key(SECP256R1())},
        {"age": 3_600},
        {"age": -3_600},
        {"X-Twilio-Email-Event-Webhook-Signature": ""},
        {"X-Twilio-Email-Event-Webhook-Signature": "%%% not base64"},
        {"X-Twilio-Email-Event-Webhook-Signature": "AAAA"},
        {"X-Twilio-Email-Event-Webhook-Timestamp": ""},
        {"X-Twilio-Email-Event-Webhook-Timestamp": "-1"},
        {"X-Twilio-Email-Event-Webhook-Timestamp": "9" * 40},
    ],
)
def test_what_is_forged_or_stale_is_refused_and_changes_nothing(
    door: Client, world: World, changes: dict[str, Any]
) -> None:
    assert posted(door, world, [event(world, "bounce")], **changes).status_code == 401
    assert states(world) == {"unknown": 4}


def test_one_changed_byte_is_refused(door: Client, world: World) -> None:
    body = json.dumps([event(world, "delivered")]).encode()
    timestamp = str(int(world.now().timestamp()))
    signature = b64encode(KEY.sign(timestamp.encode() + body, ECDSA(SHA256()))).decode()
    headers = {
        "X-Twilio-Email-Event-Webhook-Signature": signature,
        "X-Twilio-Email-Event-Webhook-Timestamp": timestamp,
    }
    assert door.post("/webhooks/sendgrid", content=body + b" ", headers=headers).status_code == 401


@pytest.mark.parametrize(("body", "says"), [(b"{", "not JSON"), (b"{}", "no list"), (b"", "not JSON")])
def test_a_signed_body_that_is_no_list_of_events_is_said_to_be_none(
    door: Client, world: World, body: bytes, says: str
) -> None:
    answer = posted(door, world, body)
    assert (answer.status_code, says in answer.json()["detail"]) == (400, True)


def test_what_cannot_be_read_takes_nothing_else_along(door: Client, world: World) -> None:
    odd: list[Any] = [
        None,
        7,
        {},
        {"event": "delivered"},
        {"event": ["delivered"], "timestamp": 1, "tminus_delivery": "x"},
        event(world, "new-kind"),
        event(world, "delivered", timestamp="yesterday"),
        event(world, "delivered", timestamp=1e300),
        {**event(world, "delivered"), "tminus_delivery": {"a": 1}},
    ]
    answer = posted(door, world, [*odd, event(world, "delivered")])
    assert answer.json() == {"kept": 1, "known": 0, "others": len(odd)}
    assert states(world) == {"delivered": 1, "unknown": 3}


def test_a_huge_body_is_refused_in_words(door: Client, world: World) -> None:
    assert posted(door, world, b"[" + b" " * 3_000_000 + b"]").status_code == 413


@pytest.mark.parametrize(
    ("kind", "state"), [("bounce", "bounced"), ("spamreport", "blocked"), ("unsubscribe", "unsubscribed")]
)
def test_who_bounced_complained_or_left_is_written_to_no_more(
    door: Client, world: World, kind: str, state: str
) -> None:
    who, now = "customer-0@example.net", world.now()
    world.ledger.newcomers.add([Newcomer(who, state="confirmed")], "csv", "test", now)
    posted(door, world, [event(world, kind, who, email="somebody-else@example.net")])
    found = world.ledger.subscribers.find(who)
    assert found is not None
    assert found.state == state
    assert list(world.ledger.subscribers.opted_out([who, "customer-1@example.net"], [], now)) == [who]


def test_a_mail_that_was_turned_away_has_bounced_and_its_receiver_is_written_to_again(
    door: Client, world: World
) -> None:
    who = "customer-0@example.net"
    posted(door, world, [event(world, "bounce", who, type="blocked", reason="550 5.7.1 blocked")])
    assert states(world) == {"bounced": 1, "unknown": 3}
    assert not world.ledger.subscribers.opted_out([who], [], world.now())


def test_a_mail_that_is_put_off_is_known_to_be_there(door: Client, world: World) -> None:
    posted(door, world, [event(world, "deferred", response="450 4.2.1 later")])
    assert states(world) == {"accepted": 1, "unknown": 3}


def test_without_a_key_the_door_is_shut_and_says_how_to_open_it(world: World) -> None:
    shut = replace(world, settings=world.settings.model_copy(update={"sendgrid_webhook_key": ""}))
    with serving(shut) as door:
        answer = posted(door, world, [event(world, "delivered")])
    assert (answer.status_code, "TMINUS_SENDGRID_WEBHOOK_KEY" in answer.text) == (403, True)
    assert states(world) == {"unknown": 4}


@pytest.mark.parametrize("text", ["nonsense", "AAAA", "%"])
def test_a_key_that_is_none_is_refused_at_the_start(text: str) -> None:
    with pytest.raises(LaunchError, match="copy the verification key again"):
        public_key(text)


def test_nothing_of_an_event_is_read_by_a_get(door: Client) -> None:
    assert door.get("/webhooks/sendgrid").status_code == 405

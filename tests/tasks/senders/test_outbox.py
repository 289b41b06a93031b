from __future__ import annotations

import email
import json
from email import policy
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import pytest
from pydantic import ValidationError

from tasks.audiences.addresses import unsubscribe_headers
from tasks.senders.outbox import Outbox, Rehearsal
from tasks.senders.sender import Sender
from templates.render import Rendered
from tests.tasks.parcels import ID, MAIL, PLACES, POST, header, parcel


def read(folder: Path) -> EmailMessage:
    message = email.message_from_bytes((folder / f"{ID}.eml").read_bytes(), policy=policy.default)
    assert isinstance(message, EmailMessage)
    assert message.defects == []
    return message


def test_a_mail_becomes_a_file_any_mail_reader_opens(tmp_path: Path) -> None:
    outcome = Outbox(tmp_path).send(parcel(MAIL.model_copy(update={"subject": "Grüße 🚀"})))
    message = read(tmp_path)
    assert outcome.state == "accepted"
    assert message["Message-ID"] == f"<{ID}@acme.example>"
    assert (message["To"], message["Subject"]) == ("ada@example.com", "Grüße 🚀")
    assert message["From"] == "Acme launches <launches@acme.example>"
    assert [part.get_content_type() for part in message.iter_parts()] == ["text/plain", "text/html"]


@pytest.mark.parametrize("place", PLACES)
def test_where_a_mail_is_left_in_one_click_stands_on_one_line_letter_by_letter(tmp_path: Path, place: str) -> None:
    Outbox(tmp_path).send(parcel(headers=unsubscribe_headers(f"https://{place}")))
    raw = (tmp_path / f"{ID}.eml").read_bytes()
    assert header(raw, "List-Unsubscribe") == [f"List-Unsubscribe: <https://{place}>".encode()]
    assert header(raw, "List-Unsubscribe-Post") == [b"List-Unsubscribe-Post: List-Unsubscribe=One-Click"]


def test_a_slack_message_becomes_a_json_file(tmp_path: Path) -> None:
    assert Outbox(tmp_path).send(parcel(POST, recipient="#launches")).state == "accepted"
    written = json.loads((tmp_path / f"{ID}.json").read_text())
    assert (written["to"], written["payload"]) == ("#launches", POST.slack)


def test_sending_the_same_delivery_again_leaves_one_file(tmp_path: Path) -> None:
    outbox: Sender = Outbox(tmp_path / "not" / "yet" / "there")
    assert outbox.repeatable
    assert [outbox.send(parcel()).state for _ in range(3)] == ["accepted"] * 3
    assert [found.name for found in (tmp_path / "not/yet/there").iterdir()] == [f"{ID}.eml"]


def test_names_and_subjects_cannot_add_headers(tmp_path: Path) -> None:
    subject = "Hello\r\nBcc: evil@example.com\r\n\r\n<h1>own body</h1>"
    content = type(MAIL)(channel="email", subject=subject, text="x", html="x")
    Outbox(tmp_path).send(parcel(content, sender_name='Ann"\nBcc: evil@example.com', reply_to="hello@acme.example"))
    message = read(tmp_path)
    assert message["Reply-To"] == "hello@acme.example"
    assert message["Bcc"] is None
    assert "\n" not in message["Subject"] + message["From"]
    assert message["From"].addresses[0].addr_spec == "launches@acme.example"


@pytest.mark.parametrize("recipient", ["a..b@example.com", "a@example..com", "a,b@example.com", "nobody"])
def test_an_address_no_mail_can_have_is_rejected(tmp_path: Path, recipient: str) -> None:
    assert Outbox(tmp_path).send(parcel(recipient=recipient)).state == "rejected"
    assert list(tmp_path.iterdir()) == []


def test_a_folder_that_cannot_be_written_is_not_sent(tmp_path: Path) -> None:
    (tmp_path / "outbox").write_text("a file stands here")
    outcome = Outbox(tmp_path / "outbox").send(parcel())
    assert outcome.state == "not_sent"
    assert "check the folder" in outcome.reason


@pytest.mark.parametrize(
    "changes",
    [
        {"delivery_id": "../../etc/passwd"},
        {"delivery_id": ID + "\n"},
        {"recipient": "ada@example.com\nBcc: evil@example.com"},
        {"sender": "launches@acme.example\r\nBcc: evil@example.com"},
        {"reply_to": "hello@acme.example\r\nBcc: evil@example.com"},
        {"reply_to": "hello@acme.example, evil@example.com"},
        {"categories": ("größer",)},
    ],
)
def test_a_parcel_that_could_do_harm_cannot_be_built(changes: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        parcel(**changes)


def test_what_would_have_been_published_becomes_a_file_to_look_at(tmp_path: Path) -> None:
    said = Rendered(channel="feed", subject="Acme 2.4.0", text="Faster exports\n")
    assert Rehearsal(tmp_path).send(parcel(said, recipient="feed")).state == "accepted"
    kept = json.loads((tmp_path / f"{ID}.json").read_text())
    assert "Acme 2.4.0" in kept["payload"]["text"]
    assert "Faster exports" in kept["payload"]["blocks"][0]["text"]["text"]

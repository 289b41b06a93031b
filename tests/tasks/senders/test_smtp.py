from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from pydantic import SecretStr

from tasks.audiences.addresses import unsubscribe_headers
from tasks.senders.smtp import Smtp
from templates.render import Rendered
from tests.peers.smtp import PASSWORD, USER, SmtpPeer, smtp_peer
from tests.tasks.checks.tls import certificate, server
from tests.tasks.parcels import ID, MAIL, PLACES, header, nobody, parcel


@pytest.fixture
def peer() -> Iterator[SmtpPeer]:
    with smtp_peer() as peer:
        yield peer


@pytest.fixture
def guarded(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[SmtpPeer]:
    """Takes nothing without STARTTLS and a password; its certificate is trusted here."""
    files = certificate(tmp_path, "localhost")
    monkeypatch.setenv("SSL_CERT_FILE", str(files))
    with smtp_peer(server(files), asks_login=True) as peer:
        yield peer


def sender(port: int, scheme: str = "smtp", login: str = "", host: str = "127.0.0.1") -> Smtp:
    return Smtp(SecretStr(f"{scheme}://{login}{host}:{port}"), timeout=5)


def test_a_mail_arrives_with_its_parts_and_headers(peer: SmtpPeer) -> None:
    headers = {"List-Unsubscribe": "<https://example.com/u/1>", "List-Unsubscribe-Post": "List-Unsubscribe=One-Click"}
    assert sender(peer.port).send(parcel(headers=headers)).state == "accepted"
    (mail,) = peer.mails
    assert (mail["To"], mail["Subject"], mail["From"]) == (
        "ada@example.com",
        "Acme 2.4.0",
        "Acme launches <launches@acme.example>",
    )
    assert mail["Message-ID"] == f"<{ID}@acme.example>"
    assert {name: mail[name] for name in headers} == headers
    text = mail.get_body(("plain",))
    assert text is not None
    assert text.get_content().splitlines() == MAIL.text.splitlines()


@pytest.mark.parametrize("place", PLACES)
def test_where_a_mail_is_left_in_one_click_arrives_on_one_line_letter_by_letter(peer: SmtpPeer, place: str) -> None:
    """RFC 8058; mail programs look for exactly this."""
    assert sender(peer.port).send(parcel(headers=unsubscribe_headers(f"https://{place}"))).state == "accepted"
    assert header(peer.raw[0], "List-Unsubscribe") == [f"List-Unsubscribe: <https://{place}>".encode()]
    assert header(peer.raw[0], "List-Unsubscribe-Post") == [b"List-Unsubscribe-Post: List-Unsubscribe=One-Click"]


def test_a_long_subject_is_folded_and_encoded_as_ever(peer: SmtpPeer) -> None:
    subject = "Grüße aus der Lindenstraße " * 5
    said = MAIL.model_copy(update={"subject": subject.strip()})
    assert (
        sender(peer.port).send(parcel(said, headers=unsubscribe_headers(f"https://{PLACES[-1]}"))).state == "accepted"
    )
    lines = header(peer.raw[0], "Subject")
    assert (len(lines) > 1, max(map(len, lines)) <= 78, b"=?utf-8?" in lines[0]) == (True, True, True)
    assert peer.mails[0]["Subject"] == subject.strip()


@pytest.mark.parametrize("wrong", ["<https://größe.example>", "<https://l.example/" + "A" * 990 + ">"])
def test_a_header_to_leave_by_that_no_line_can_hold_is_named(peer: SmtpPeer, wrong: str) -> None:
    outcome = sender(peer.port).send(parcel(headers={"List-Unsubscribe": wrong}))
    assert (outcome.state, peer.mails) == ("rejected", [])
    assert "List-Unsubscribe is not one line of at most 998 ASCII signs" in outcome.reason


@pytest.mark.parametrize("answers", ["hello@acme.example", None])
def test_answers_go_where_they_are_wanted(peer: SmtpPeer, answers: str | None) -> None:
    assert sender(peer.port).send(parcel(reply_to=answers)).state == "accepted"
    assert peer.mails[0]["Reply-To"] == answers


def test_an_address_for_answers_that_no_mail_can_have_is_named(peer: SmtpPeer) -> None:
    outcome = sender(peer.port).send(parcel(reply_to="grüße@acme.example"))
    assert (outcome.state, peer.mails) == ("rejected", [])
    assert outcome.reason.startswith("grüße@acme.example is no address a mail can have")
    assert "organisation file" in outcome.reason


def test_whom_no_mail_can_reach_need_not_come_from_the_organisation_file(peer: SmtpPeer) -> None:
    outcome = sender(peer.port).send(parcel(recipient="jörg@example.com"))
    assert (outcome.state, peer.mails) == ("rejected", [])
    assert outcome.reason == "jörg@example.com is no address a mail can have; correct it where it came from"


def test_starttls_and_a_password_are_used_where_they_are_asked_for(guarded: SmtpPeer) -> None:
    way = sender(guarded.port, login=f"{USER}:{PASSWORD}@", host="localhost")
    assert way.send(parcel()).state == "accepted"
    assert guarded.was_encrypted == [True]
    assert PASSWORD not in repr(way)


def test_a_wrong_password_sends_nothing_and_is_not_told(guarded: SmtpPeer) -> None:
    outcome = sender(guarded.port, login=f"{USER}:wrong@", host="localhost").send(parcel())
    assert (outcome.state, "user or password" in outcome.reason, outcome.is_ours) == ("not_sent", True, True)
    assert "wrong" not in outcome.reason


def test_no_mail_leaves_unencrypted_unless_that_was_said(peer: SmtpPeer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tasks.senders.smtp.is_here", lambda _: False)
    outcome = sender(peer.port).send(parcel())
    assert (outcome.state, "offers no STARTTLS" in outcome.reason, peer.mails) == ("not_sent", True, [])
    assert sender(peer.port, "smtp+plain").send(parcel()).state == "accepted"


@pytest.mark.parametrize(
    ("mode", "state", "says"),
    [
        ("no-such-person", "rejected", "550: 5.1.1 no such user here"),
        ("greylisted", "not_sent", "451"),
        ("shutting-down", "not_sent", "421"),
        ("refused", "rejected", "554"),
        ("busy", "not_sent", "452"),
        ("dropped", "unknown", "after the mail had left"),
    ],
)
def test_what_the_server_says_becomes_an_outcome(peer: SmtpPeer, mode: str, state: str, says: str) -> None:
    peer.mode = mode
    outcome = sender(peer.port).send(parcel())
    assert (outcome.state, says in outcome.reason) == (state, True), outcome


@pytest.mark.parametrize(("mode", "is_theirs"), [("greylisted", True), ("busy", True), ("shutting-down", False)])
def test_whether_one_receiver_is_put_off_or_everybody(peer: SmtpPeer, mode: str, is_theirs: bool) -> None:
    peer.mode = mode
    assert sender(peer.port).send(parcel()).is_theirs is is_theirs


def test_where_nobody_answers_nothing_was_sent() -> None:
    with nobody() as address:
        outcome = sender(int(address.rpartition(":")[2])).send(parcel())
    assert (outcome.state, outcome.is_theirs) == ("not_sent", False)


@pytest.mark.parametrize("url", ["http://mail.example.com", "smtp://", "smtp://h:99999", "mail.example.com"])
def test_an_address_that_is_none_says_how_one_reads(url: str) -> None:
    outcome = Smtp(SecretStr(url)).send(parcel())
    assert (outcome.state, "smtp://user:password@" in outcome.reason) == ("not_sent", True)


def test_no_name_and_no_subject_starts_a_header_of_its_own(peer: SmtpPeer) -> None:
    evil = "Ada\r\nBcc: eve@example.com"
    content = Rendered(channel="email", subject=evil, text="x\n", html="<p>x</p>")
    assert (
        sender(peer.port).send(parcel(content, sender_name=evil, headers={"List-Unsubscribe": evil})).state
        == "accepted"
    )
    (mail,) = peer.mails
    assert "Bcc" not in mail
    assert mail["Subject"] == "Ada Bcc: eve@example.com"

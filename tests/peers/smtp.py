"""A real SMTP server on loopback, in the moods of one."""

from __future__ import annotations

import asyncio
import socket
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session

USER, PASSWORD = "launches", "not-a-real-password"

REFUSALS = {
    "no-such-person": "550 5.1.1 no such user here",
    "greylisted": "451 4.7.1 try again later",
    "shutting-down": "421 4.3.2 the service is shutting down",
}
"""What it says to RCPT."""


@dataclass
class SmtpPeer:
    """Modes: accept, no-such-person, greylisted, shutting-down, refused, busy, dropped (after it has read the mail)."""

    mode: str = "accept"
    mails: list[EmailMessage] = field(default_factory=list)
    raw: list[bytes] = field(default_factory=list)
    was_encrypted: list[bool] = field(default_factory=list)
    port: int = 0
    modes: dict[str, list[str]] = field(default_factory=dict)
    """Of some receivers, one for each try; of all later ones the last."""
    tried: list[str] = field(default_factory=list)

    def mode_for(self, address: str) -> str:
        """What this try of theirs meets."""
        theirs = self.modes.get(address, [self.mode])
        return theirs[min(self.tried.count(address), len(theirs)) - 1]

    async def handle_RCPT(self, server: SMTP, session: Session, envelope: Envelope, address: str, options: Any) -> str:
        self.tried.append(address)
        mode = self.mode_for(address)
        if mode in REFUSALS:
            return REFUSALS[mode]
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        found = message_from_bytes(_raw(envelope), policy=policy.default)
        assert isinstance(found, EmailMessage)
        mode = self.mode_for(envelope.rcpt_tos[0])
        if mode in ("accept", "dropped"):
            self.mails.append(found)
            self.raw.append(_raw(envelope))
            self.was_encrypted.append(session.ssl is not None)
        if mode == "dropped":
            assert isinstance(server.transport, asyncio.Transport)
            server.transport.abort()
            await asyncio.sleep(0)
        return {"refused": "554 5.7.1 looks like spam", "busy": "452 4.3.1 no space left"}.get(mode, "250 OK")


def _raw(envelope: Envelope) -> bytes:
    content = envelope.content or b""
    return content if isinstance(content, bytes) else content.encode()


def _login(server: SMTP, session: Session, envelope: Envelope, mechanism: str, data: Any) -> AuthResult:
    known = isinstance(data, LoginPassword) and (data.login, data.password) == (USER.encode(), PASSWORD.encode())
    return AuthResult(success=known)


@contextmanager
def smtp_peer(context: ssl.SSLContext | None = None, *, asks_login: bool = False) -> Iterator[SmtpPeer]:
    """With a context it offers STARTTLS and takes no mail without it."""
    peer = SmtpPeer()
    login = {"authenticator": _login, "auth_required": True, "auth_require_tls": context is not None}
    more: dict[str, Any] = login if asks_login else {}
    with socket.create_server(("127.0.0.1", 0)) as free:
        peer.port = free.getsockname()[1]
    controller = Controller(
        peer, hostname="127.0.0.1", port=peer.port, tls_context=context, require_starttls=context is not None, **more
    )
    controller.start()
    try:
        yield peer
    finally:
        controller.stop()

"""Parcels and the places where nobody answers, for the tests of senders."""

from __future__ import annotations

import socket
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from tasks.senders.sender import Bulk, Letter, Parcel
from templates.render import Rendered

ID = str(uuid.uuid5(uuid.NAMESPACE_URL, "acme-2.4.0/announce-customers/email/ada@example.com"))

MAIL = Rendered(channel="email", subject="Acme 2.4.0", text="Faster exports\n", html="<p>Faster exports</p>")
POST = Rendered(channel="slack", subject="Acme 2.4.0", slack={"text": "Acme 2.4.0", "blocks": []})


def parcel(content: Rendered = MAIL, **changes: Any) -> Parcel:
    given = {"delivery_id": ID, "recipient": "ada@example.com", "sender": "launches@acme.example", "content": content}
    return Parcel(**{**given, "sender_name": "Acme launches", **changes})


def bulk(*letters: Letter, content: Rendered = MAIL, sender_name: str = "Acme launches") -> Bulk:
    return Bulk(content, "launches@acme.example", sender_name, letters or (Letter(ID, "ada@example.com"),))


@contextmanager
def nobody() -> Iterator[str]:
    """`host:port` of a port that is taken and refuses every connection."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        yield f"127.0.0.1:{taken.getsockname()[1]}"

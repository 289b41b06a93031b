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
PLACES = tuple(f"l.example/unsubscribe/{'A' * (length - 22)}" for length in (40, 65, 200))
"""Where one leaves, in so many signs: as mails have it by themselves, folded, and encoded as well."""
POST = Rendered(channel="slack", subject="Acme 2.4.0", slack={"text": "Acme 2.4.0", "blocks": []})


def parcel(content: Rendered = MAIL, **changes: Any) -> Parcel:
    given = {"delivery_id": ID, "recipient": "ada@example.com", "sender": "launches@acme.example", "content": content}
    return Parcel(**{**given, "sender_name": "Acme launches", **changes})


def bulk(*letters: Letter, content: Rendered = MAIL, sender_name: str = "Acme launches") -> Bulk:
    return Bulk(content, "launches@acme.example", sender_name, letters or (Letter(ID, "ada@example.com"),))


def header(raw: bytes, name: str) -> list[bytes]:
    """The lines of a mail that begin with this header, and what they go on with, as they are."""
    lines = raw.partition(b"\r\n\r\n")[0].split(b"\r\n")
    first = next(place for place, line in enumerate(lines) if line.startswith(name.encode() + b":"))
    after = next((place for place in range(first + 1, len(lines)) if lines[place][:1] not in b" \t"), len(lines))
    return lines[first:after]


@contextmanager
def nobody() -> Iterator[str]:
    """`host:port` of a port that is taken and refuses every connection."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        yield f"127.0.0.1:{taken.getsockname()[1]}"

"""A world whose mail leaves for real, to a peer, and a process of its own that sends it.

`python -m tests.tasks.notices.mailroom HOME MOMENT [SENDGRID]` sends what is due in that folder at that moment.
"""

from __future__ import annotations

import email
import sys
from collections import Counter
from dataclasses import replace
from datetime import datetime
from email.message import EmailMessage
from email.policy import default
from pathlib import Path
from typing import Any

from pydantic import SecretStr

from checklists.files.organisation_file import OrganisationFile
from ledger.deliveries import Delivery
from ledger.store import Ledger
from tasks.boards.memory_board import MemoryBoard
from tasks.notices.delivering import deliver_notices
from tasks.settings import Settings
from tasks.world import World
from tests.peers.sendgrid import KEY, SendGridPeer
from tests.tasks.worlds import Clock, Place


def mailroom(at: Place, sendgrid: str = "", **more: Any) -> World:
    """The world of this place, its mail going to the peer where there is one."""
    home = at.world.settings.home
    key = SecretStr(KEY) if sendgrid else None
    settings = Settings(_env_file=None, home=home, sendgrid_api_key=key, sendgrid_host=sendgrid, **more)
    return replace(at.world, settings=settings)


def notices(at: Place, launch_id: str = "acme-2.4.0") -> tuple[Delivery, ...]:
    return at.ledger.notices.of(launch_id)


def states(at: Place) -> dict[str, int]:
    return {str(state): count for state, count in Counter(one.state for one in notices(at)).items()}


def details(at: Place, item: str) -> dict[str, tuple[str, str]]:
    """State and reason of an item's notices, by the first name of the receiver."""
    return {one.recipient.partition("@")[0]: (one.state, one.detail) for one in notices(at) if one.item == item}


def arrivals(at: Place, peer: SendGridPeer) -> set[int]:
    """How often the notices reached SendGrid, each; one that left within another's letter did not itself."""
    return {peer.count(one.id) for one in notices(at)}


def outbox(at: Place) -> list[EmailMessage]:
    """The mails in the outbox, as mail programs read them, the oldest first."""
    files = sorted(at.world.settings.outbox.glob("*.eml"), key=lambda file: file.stat().st_mtime_ns)
    return [email.message_from_bytes(file.read_bytes(), policy=default) for file in files]


def text(mail: EmailMessage) -> str:
    body = mail.get_body(("plain",))
    assert body is not None
    return str(body.get_content())


def elsewhere(home: Path, now: datetime, sendgrid: str = "") -> World:
    """The same world in another process, at this moment."""
    key = SecretStr(KEY) if sendgrid else None
    settings = Settings(_env_file=None, home=home, sendgrid_api_key=key, sendgrid_host=sendgrid)
    ledger, people = Ledger(f"sqlite:///{home / 'ledger.sqlite3'}"), OrganisationFile(home / "organisation.yaml")
    return World(settings, ledger, people, MemoryBoard(), Clock(now))


if __name__ == "__main__":
    deliver_notices(elsewhere(Path(sys.argv[1]), datetime.fromisoformat(sys.argv[2]), *sys.argv[3:]))

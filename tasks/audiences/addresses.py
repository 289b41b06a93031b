"""Personal addresses of the pages where people say what they want: opaque, and made with the secret key.

Whoever has one acts for its person, so each is made for one use and fits no other.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from uuid import UUID

from httpx import URL

from checklists.subscriber import Subscriber
from ledger.rosters import Sent
from tasks.audiences.asked_for import as_asked
from tasks.people.opaque import sealed, unsealed
from tasks.world import World

CONFIRMS = timedelta(days=7)
"""How long the mail after a sign-up can be answered."""
PREFERENCES, UNSUBSCRIBE = "subscriptions", "unsubscribe"
LONGEST_HOUR = 7  # digits


def preferences_address(world: World, person: str) -> str:
    """Where the subscriber with this id says what they want."""
    return f"{world.settings.public_url}/subscriptions/{sealed(world, PREFERENCES, person)}"


def unsubscribe_address(world: World, delivery: str) -> str:
    """Where the receiver of this delivery ends such mail, in one click."""
    return f"{world.settings.public_url}/unsubscribe/{sealed(world, UNSUBSCRIBE, delivery.replace('-', ''))}"


def unsubscribe_headers(address: str) -> dict[str, str]:
    """The two headers of RFC 8058 that lead there, in ASCII; not in mail that somebody's role asks for."""
    return {
        "List-Unsubscribe": f"<{address if address.isascii() else URL(address)}>",
        "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
    }


def confirm_address(world: World, person: str, hour: int) -> str:
    """Where somebody says that it was they who signed up, in this hour."""
    return f"{world.settings.public_url}/subscribe/{hour}-{sealed(world, f'confirm/{hour}', person)}"


def read_preferences(world: World, token: str) -> Subscriber | None:
    """Whose page it is; None for anything that was not made here, and for who was forgotten."""
    found = unsealed(world, PREFERENCES, token)
    return _present(world.ledger.subscribers.get(found)) if found else None


def read_confirm(world: World, token: str) -> Subscriber | None:
    """Whose sign-up it is, as they asked for there; None for what was not made here, or too long ago."""
    hour, _, rest = token.partition("-")
    if not (hour.isascii() and hour.isdigit() and len(hour) <= LONGEST_HOUR):
        return None
    found = unsealed(world, f"confirm/{hour}", rest)
    is_over = at_hour(int(hour)) + CONFIRMS < world.now()
    who = _present(world.ledger.subscribers.get(found)) if found and not is_over else None
    return as_asked(world, who, int(hour)) if who else None


@dataclass(frozen=True, slots=True)
class Leaving:
    """Which mail somebody wants to end: what it was, who got it, and what about. No topics: all mail is meant.

    `who` is None where the mail came with a role, and where its receiver was forgotten.
    """

    sent: Sent
    who: Subscriber | None

    @property
    def topics(self) -> frozenset[str]:
        return self.sent.topics


def read_unsubscribe(world: World, token: str) -> Leaving | None:
    """None for anything that was not made here."""
    found = unsealed(world, UNSUBSCRIBE, token)
    sent = world.ledger.rosters.sent(str(UUID(found))) if found else None
    if sent is None:
        return None
    return Leaving(sent, _present(world.ledger.subscribers.find(sent.recipient)))


def hour_of(at: datetime) -> int:
    return int(at.timestamp() // 3_600)


def at_hour(hour: int) -> datetime:
    return datetime.fromtimestamp(hour * 3_600, UTC)


def _present(found: Subscriber | None) -> Subscriber | None:
    return found if found and found.address else None

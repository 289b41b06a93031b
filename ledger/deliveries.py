"""Deliveries: one row for each announcement, channel and recipient, so that what leaves leaves once.

Notices to the people who work on a launch stand in the same table (`ledger/notices.py`); no query here sees them.

They leave in batches (`ledger/batches.py`), and a delivery is what its batch is until something is true of it alone.
"""

from __future__ import annotations

import json
from datetime import datetime
from hashlib import sha1
from string import hexdigits
from typing import Any, Literal
from uuid import NAMESPACE_URL, uuid5

import rfc8785
from pydantic import Field
from sqlalchemy import ColumnElement, and_, case, func, not_, or_, select

from checklists.value import Value
from ledger import schema
from ledger.database import Database
from ledger.receipts import Line, Name

State = Literal[
    "planned", "claimed", "writing", "accepted", "rejected", "unknown", "delivered", "bounced", "dropped", "suppressed"
]
Outcome = Literal["planned", "accepted", "rejected", "unknown", "suppressed"]
NAMESPACE = uuid5(NAMESPACE_URL, "tminus:delivery")
LEADS_TO: dict[Outcome, tuple[State, ...]] = {
    "planned": ("claimed", "writing"),
    "suppressed": ("claimed",),
    "rejected": ("claimed", "writing", "unknown"),
    "unknown": ("writing",),
    "accepted": ("writing", "unknown"),
}
"""What its owner may say a delivery became, and from which states. A late answer still settles an unknown."""
ANNOUNCEMENT = "announcement"
AGAIN = ("correction/", "recall/")
"""How the purposes of what is said to the same people again begin; a number follows."""
BATCHED = "batched"
"""The state of a delivery's row while it is what its batch is (`ledger/batches.py`)."""
_D = schema.deliveries.c
_B = schema.batches.c


def _own(name: str) -> ColumnElement[Any]:
    """What is true of a delivery: its own word, or that of the batch it is in."""
    return case((_D.state == BATCHED, _B[name]), else_=_D[name]).label(name)


_OF_BATCH = ("round", "state", "attempt", "claimed_by", "lease_until", "not_before", "provider_id", "detail")
WITH_BATCH = schema.deliveries.outerjoin(schema.batches, _B.id == _D.batch)
STATE = _own("state")


class Address(Value):
    """Who is to be told what: the same five are the same delivery, in whatever letter case the recipient is written."""

    launch_id: str = Field(max_length=160)
    item: Name
    channel: Name
    recipient: Line
    purpose: Name = Field(ANNOUNCEMENT, description="A correction is a message of its own.")

    @property
    def id(self) -> str:
        return Namer(self.launch_id, self.item, self.channel, self.purpose)(self.recipient)


plain = json.JSONEncoder(ensure_ascii=False).encode
VARIANT = {digit: "89ab"[int(digit, 16) % 4] for digit in hexdigits.lower()}
"""Of RFC 9562: two bits of a random digit are given."""


class Namer:
    """Makes the ids of deliveries that differ in their recipient alone: sha1 over the five parts as canonical JSON."""

    def __init__(self, launch_id: str, item: str, channel: str, purpose: str) -> None:
        before = rfc8785.dumps([launch_id, item, channel]).decode().removesuffix("]")
        self._begun = sha1(NAMESPACE.bytes + f"{before},".encode(), usedforsecurity=False)
        self._rest = f",{rfc8785.dumps(purpose).decode()}]".encode()

    def __call__(self, recipient: str) -> str:
        digest = self._begun.copy()
        digest.update(plain(recipient.casefold()).encode() + self._rest)
        name = digest.hexdigest()  # as `uuid.UUID(..., version=5)` writes it, for a million in a row
        return f"{name[:8]}-{name[8:12]}-5{name[13:16]}-{VARIANT[name[16]]}{name[17:20]}-{name[20:32]}"


class Delivery(Value):
    """One message to one recipient, and how far it came."""

    id: str
    launch_id: str
    item: str
    channel: str
    recipient: str
    purpose: str
    round: int
    state: State
    attempt: int
    claimed_by: str | None
    lease_until: datetime | None
    not_before: datetime | None
    provider_id: str | None
    detail: str
    updated_at: datetime


ROW = [_D[name] for name in Delivery.model_fields]
"""A delivery's own row, for those that are in no batch."""
_COLUMNS = [_own(name) if name in (*_OF_BATCH, "updated_at") else _D[name] for name in Delivery.model_fields]


class Deliveries:
    """How far each message came, whether it left in a batch or stands for itself."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def counts(self, launch_id: str, item: str, purpose: str = ANNOUNCEMENT) -> dict[State, int]:
        """How many are in which state; states nobody is in are left out."""
        return dict(self._counted(STATE, _of_item(launch_id, item, purpose)))

    def by_channel(self, launch_id: str, item: str, purpose: str = ANNOUNCEMENT) -> dict[tuple[str, State], int]:
        """The same for each channel."""
        found = self._counted(_D.channel, _of_item(launch_id, item, purpose), STATE)
        return {(channel, state): count for channel, state, count in found}

    def suppressed(self, launch_id: str, item: str, purpose: str = ANNOUNCEMENT) -> dict[tuple[str, str], int]:
        """By channel and detail, how many did not leave although it was planned."""
        whose = and_(_of_item(launch_id, item, purpose), STATE == "suppressed")
        return {(channel, why): count for channel, why, count in self._counted(_D.channel, whose, _own("detail"))}

    def announced(self, launch_id: str) -> list[tuple[str, str, State, int]]:
        """What left in a launch's announcements, corrections and recalls left out: item, channel, state, how many."""
        whose = and_(_D.launch_id == launch_id, _D.purpose == ANNOUNCEMENT)
        return sorted(self._counted(_D.item, whose, _D.channel, STATE))

    def _counted(self, by: ColumnElement[Any], whose: ColumnElement[bool], *also: ColumnElement[Any]) -> list[Any]:
        query = select(by, *also, func.count()).select_from(WITH_BATCH).where(whose).group_by(by, *also)
        with self._database.reading() as connection:
            return [tuple(row) for row in connection.execute(query)]

    def of(self, launch_id: str) -> tuple[Delivery, ...]:
        """Every delivery of a launch's announcements, by item, channel and recipient."""
        return self._found(_D.launch_id == launch_id, not_(is_notice()))

    def in_trouble(self, launch_id: str, item: str, most: int = 50) -> tuple[Delivery, ...]:
        """Those a person has to look at: refused, or of unknown fate."""
        mine = _D.launch_id == launch_id, _D.item == item, not_(is_notice())
        return self._found(*mine, STATE.in_(("rejected", "unknown")), most=most)

    def find(self, id_: str) -> Delivery | None:
        return next(iter(self._found(_D.id == id_)), None)

    def _found(self, *whose: ColumnElement[bool], most: int | None = None) -> tuple[Delivery, ...]:
        query = select(*_COLUMNS).select_from(WITH_BATCH).where(*whose).limit(most)
        with self._database.reading() as connection:
            rows = connection.execute(query.order_by(_D.item, _D.channel, _D.recipient, _D.id)).mappings()
            return tuple(Delivery.model_validate(dict(row)) for row in rows)


def _of_item(launch_id: str, item: str, purpose: str) -> ColumnElement[bool]:
    return and_(_D.launch_id == launch_id, _D.item == item, _D.purpose == purpose)


def is_notice() -> ColumnElement[bool]:
    return not_(is_announced(_D.purpose))


def is_announced(purpose: ColumnElement[str]) -> ColumnElement[bool]:
    """Whether it is that of an announcement, a correction or a recall."""
    return or_(purpose == ANNOUNCEMENT, is_said_again(purpose))


def is_said_again(purpose: ColumnElement[str]) -> ColumnElement[bool]:
    """Whether it is that of a correction or a recall."""
    return or_(*(purpose.startswith(word) for word in AGAIN))


def is_due(now: datetime) -> ColumnElement[bool]:
    return or_(_D.not_before.is_(None), _D.not_before <= now)


def free(state: str) -> dict[str, None]:
    """What is planned is nobody's: whoever had it may say nothing about it any more."""
    return {"claimed_by": None} if state == "planned" else {}


def settled_as(state: Outcome, now: Any, provider_id: Any, detail: Any, not_before: Any) -> dict[str, Any]:
    """What its row says once this is known to have become of it: values, or where a statement will have them."""
    said = {"provider_id": provider_id, "detail": detail, "not_before": not_before, "updated_at": now}
    return {**said, "state": state, "lease_until": None, **free(state)}


def storable(detail: str) -> str:
    return detail.replace("\0", "")[:1_000]  # PostgreSQL keeps no NUL, and a provider may answer anything

"""Deliveries: one row for each announcement, channel and recipient, so that what leaves leaves once.

Notices to the people who work on a launch stand in the same table (`ledger/notices.py`); no query here sees them.

planned -> claimed -> writing -> accepted | rejected | unknown. `writing` is committed before the first byte leaves, so
a crash shows as `unknown`, and nothing here makes an `unknown` planned again: only a provider or a person settles it.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Literal
from uuid import NAMESPACE_URL, uuid5

import rfc8785
from pydantic import Field
from sqlalchemy import ColumnElement, and_, func, or_, select, update

from checklists.value import Value
from ledger import schema
from ledger.database import Database, insert_into
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
"""The purpose of what an announcement sends; what has another one is a notice (`ledger/notices.py`)."""
_D = schema.deliveries.c


class Address(Value):
    """Who is to be told what: the same five are the same delivery, in whatever letter case the recipient is written."""

    launch_id: str = Field(max_length=160)
    item: Name
    channel: Name
    recipient: Line
    purpose: Name = Field(ANNOUNCEMENT, description="A correction is a message of its own.")

    @property
    def id(self) -> str:
        parts = [self.launch_id, self.item, self.channel, self.recipient.casefold(), self.purpose]
        return str(uuid5(NAMESPACE, rfc8785.dumps(parts).decode()))


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


class Deliveries:
    """What is to be sent, is being sent, and was sent."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def plan(self, addresses: Iterable[Address], round_: int, now: datetime) -> None:
        """Add those that are not there yet, all or none; a delivery that exists stays as it is, in whatever state."""
        rows = sorted((_planned(address, round_, now) for address in addresses), key=lambda row: str(row["id"]))
        if rows:
            with self._database.writing() as connection:  # in one order, so that two planners cannot deadlock
                connection.execute(insert_into(connection, schema.deliveries).on_conflict_do_nothing(), rows)

    def plan_rejected_again(self, launch_id: str, item: str, round_: int, now: datetime) -> int:
        """Plan what was refused in an earlier round once more, since a person said so: it certainly did not leave."""
        refused = (_of_item(launch_id, item), _D.state == "rejected", _D.round < round_)
        return self._change(*refused, state="planned", round=round_, not_before=None, updated_at=now)

    def claim(
        self, launch_id: str, item: str, channel: str, owner: str, now: datetime, lease: timedelta
    ) -> Delivery | None:
        """A planned delivery that is this owner's alone until the lease ends, or None where none is left for now."""
        free = select(_D.id).where(_of_channel(launch_id, item, channel), _D.state == "planned", is_due(now)).limit(1)
        with self._database.writing() as connection:
            taken = (
                connection.execute(
                    update(schema.deliveries)
                    .where(_D.id == free.with_for_update(skip_locked=True).scalar_subquery())
                    .values(state="claimed", attempt=_D.attempt + 1, claimed_by=owner, lease_until=now + lease)
                    .values(updated_at=now)
                    .returning(schema.deliveries)
                )
                .mappings()
                .first()
            )
        return Delivery.model_validate(dict(taken)) if taken else None

    def writing(self, id_: str, owner: str, now: datetime) -> bool:
        """Whether the owner may write to the socket now; False where the claim was lost or its lease is over."""
        holds = (_D.id == id_, _D.claimed_by == owner, _D.state == "claimed", _D.lease_until > now)
        return self._change(*holds, state="writing", updated_at=now) == 1

    def settle(
        self,
        id_: str,
        owner: str,
        state: Outcome,
        now: datetime,
        *,
        provider_id: str | None = None,
        detail: str = "",
        not_before: datetime | None = None,
    ) -> bool:
        """Whether this is what became of it; False where the owner lost it or it is past that.

        `planned` is for what certainly did not leave (refused, DNS, 429): it may be claimed again from `not_before`.
        """
        holds = (_D.id == id_, _D.claimed_by == owner, _D.state.in_(LEADS_TO[state]))
        said = {"provider_id": provider_id, "detail": storable(detail), "not_before": not_before, "updated_at": now}
        return self._change(*holds, state=state, lease_until=None, **said, **free(state)) == 1

    def expire(self, launch_id: str, item: str, channel: str, now: datetime, *, repeatable: bool) -> None:
        """End lapsed leases: a claim is planned again, what was being written is unknown.

        `repeatable` is for what may be written twice without harm (the outbox): that is planned again, too.
        """
        lapsed = (_of_channel(launch_id, item, channel), _D.lease_until <= now)
        written: State = "planned" if repeatable else "unknown"
        with self._database.writing() as connection:
            for state, becomes in (("claimed", "planned"), ("writing", written)):
                change = update(schema.deliveries).where(*lapsed, _D.state == state)
                connection.execute(change.values(state=becomes, lease_until=None, updated_at=now, **free(becomes)))

    def is_drained(self, launch_id: str, item: str, channel: str) -> bool:
        """Whether nothing is left to hand over: neither planned nor in anybody's hands."""
        left = select(_D.id).where(
            _of_channel(launch_id, item, channel), _D.state.in_(("planned", "claimed", "writing"))
        )
        with self._database.reading() as connection:
            return connection.execute(left.limit(1)).first() is None

    def counts(self, launch_id: str, item: str) -> dict[State, int]:
        """How many are in which state; states nobody is in are left out."""
        query = select(_D.state, func.count()).where(_of_item(launch_id, item)).group_by(_D.state)
        with self._database.reading() as connection:
            return {row[0]: row[1] for row in connection.execute(query)}

    def of(self, launch_id: str) -> tuple[Delivery, ...]:
        """Every delivery of a launch's announcements, by item, channel and recipient."""
        query = select(schema.deliveries).where(_D.launch_id == launch_id, _D.purpose == ANNOUNCEMENT)
        with self._database.reading() as connection:
            rows = connection.execute(query.order_by(_D.item, _D.channel, _D.recipient, _D.id)).mappings()
            return tuple(Delivery.model_validate(dict(row)) for row in rows)

    def _change(self, *holds: ColumnElement[bool], **values: object) -> int:
        with self._database.writing() as connection:
            return connection.execute(update(schema.deliveries).where(*holds).values(**values)).rowcount


def _planned(address: Address, round_: int, now: datetime) -> dict[str, object]:
    fresh = {"round": round_, "state": "planned", "attempt": 0, "detail": "", "updated_at": now}
    return {"id": address.id, **address.model_dump(by_alias=False), **fresh}


def _of_item(launch_id: str, item: str) -> ColumnElement[bool]:
    return and_(_D.launch_id == launch_id, _D.item == item, _D.purpose == ANNOUNCEMENT)


def _of_channel(launch_id: str, item: str, channel: str) -> ColumnElement[bool]:
    return and_(_of_item(launch_id, item), _D.channel == channel)


def is_notice() -> ColumnElement[bool]:
    return _D.purpose != ANNOUNCEMENT


def is_due(now: datetime) -> ColumnElement[bool]:
    return or_(_D.not_before.is_(None), _D.not_before <= now)


def free(state: str) -> dict[str, None]:
    """What is planned is nobody's: whoever had it may say nothing about it any more."""
    return {"claimed_by": None} if state == "planned" else {}


def storable(detail: str) -> str:
    return detail.replace("\0", "")[:1_000]  # PostgreSQL keeps no NUL, and a provider may answer anything

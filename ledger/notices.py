"""Notices to the people who work on a launch, kept among the deliveries: whatever has a purpose of its own.

They go the way of every delivery (planned -> claimed -> writing -> accepted | rejected | unknown), but many at once:
several to one person may leave as one mail.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, and_, exists, not_, or_, select, update

from ledger import schema
from ledger.database import AT_ONCE, Database, chunks, insert_into
from ledger.deliveries import (
    LEADS_TO,
    ROW,
    Address,
    Delivery,
    Outcome,
    free,
    is_due,
    is_notice,
    plain,
    settled_as,
    storable,
)
from ledger.switches import is_stopped

_D = schema.deliveries.c
_IS_DIGEST = exists().where(schema.digests.c.delivery_id == _D.id)
_THIS, _NEWER = schema.digests.alias("this").c, schema.digests.alias("newer").c
HAS_NEWER = exists().where(_THIS.delivery_id == _D.id, _NEWER.person == _THIS.person, _NEWER.until > _THIS.until)
"""Whether this is a digest, and a later one of the same person takes along what it has not told."""


@dataclass(frozen=True, slots=True)
class Planned:
    """A notice to be: who is told what, about which round, and from when on (at once where there is no moment).

    `facts` is what it is about where nothing else knows it.
    """

    address: Address
    round: int
    not_before: datetime | None = None
    facts: Mapping[str, str] = field(default_factory=dict)


class Notices:
    """What is to be written to people, is being written, and was."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def plan(self, planned: Iterable[Planned], now: datetime) -> None:
        """Add those that are not there yet, all or none; a notice that exists stays as it is, in whatever state."""
        rows = sorted((row_of(one, now) for one in planned), key=lambda row: str(row["id"]))
        if rows:
            with self._database.writing() as connection:  # in one order, so that two planners cannot deadlock
                connection.execute(insert_into(connection, schema.deliveries).on_conflict_do_nothing(), rows)

    def missing(self, planned: Sequence[Planned]) -> list[Planned]:
        """Those of these that are not there yet, in whatever state."""
        known: set[str] = set()
        with self._database.reading() as connection:
            for some in chunks([one.address.id for one in planned]):
                known.update(connection.execute(select(_D.id).where(_D.id.in_(some))).scalars())
        return [one for one in planned if one.address.id not in known]

    def facts(self, id_: str) -> Mapping[str, str]:
        """What this one was planned with; nothing where there is none, or its receiver was forgotten."""
        query = select(_D.facts).where(_is_one(), _D.id == id_)
        with self._database.reading() as connection:
            found = connection.execute(query).scalar()
        return json.loads(found) if found else {}

    def are_due(self, now: datetime) -> bool:
        """Whether there is anything to do: one look at an index, for doors in a hurry."""
        waiting = or_(and_(_is_one(), _D.state == "planned", is_due(now)), and_(_is_one(), _has_lapsed(now)))
        with self._database.reading() as connection:
            return connection.execute(select(_D.id).where(waiting).limit(1)).first() is not None

    def claim(self, owner: str, now: datetime, lease: timedelta, most: int = AT_ONCE) -> tuple[Delivery, ...]:
        """Planned notices that are this owner's alone until the lease ends, those of one person side by side.

        Nobody's are torn apart: `most` is exceeded by what else there is for the last of them.
        """
        mine = {"state": "claimed", "claimed_by": owner, "lease_until": now + lease, "updated_at": now}
        ripe = select(_D.id).where(_is_one(), _D.state == "planned", is_due(now))
        with self._database.writing() as connection:
            ordered = ripe.order_by(_D.recipient, _D.channel, _D.id).limit(most)
            taken = _taken(connection, ordered, mine)
            if len(taken) == most:
                taken += _taken(connection, ripe.where(_D.recipient.in_({one.recipient for one in taken})), mine)
        return tuple(sorted(taken, key=_in_order))

    def writing(self, ids: Sequence[str], owner: str, now: datetime) -> frozenset[str]:
        """Those of which the owner may write now. The others were lost, or their lease is over, or they are digests and
        there is a newer one, or all sending is stopped: that is for what readers hear, and keeps back nothing that
        people are asked."""
        holds = (
            _D.claimed_by == owner,
            _D.state == "claimed",
            _D.lease_until > now,
            not_(and_(_IS_DIGEST, or_(is_stopped(), HAS_NEWER))),
        )
        return frozenset(self._change(ids, *holds, state="writing", updated_at=now))

    def settle(
        self,
        ids: Sequence[str],
        owner: str,
        state: Outcome,
        now: datetime,
        *,
        provider_id: str | None = None,
        detail: str = "",
        not_before: datetime | None = None,
    ) -> int:
        """How many became this; none that the owner lost or that are past it."""
        holds = _D.claimed_by == owner, _D.state.in_(LEADS_TO[state])
        return len(self._change(ids, *holds, **settled_as(state, now, provider_id, storable(detail), not_before)))

    def postpone(self, channel: str, recipient: str | None, now: datetime, until: datetime) -> None:
        """Leave a way out alone for a while: what is planned for it (of one person, or of all) waits until then."""
        whose = [_D.recipient == recipient] if recipient else []
        waiting = _D.state == "planned", is_due(now), _D.channel == channel, *whose
        with self._database.writing() as connection:
            connection.execute(update(schema.deliveries).where(_is_one(), *waiting).values(not_before=until))

    def lapsed(self, now: datetime) -> tuple[Delivery, ...]:
        """Those whose owner has died or takes too long."""
        query = select(*ROW).where(_is_one(), _has_lapsed(now)).order_by(_D.id)
        with self._database.reading() as connection:
            return tuple(Delivery.model_validate(dict(row)) for row in connection.execute(query).mappings())

    def expire(self, ids: Sequence[str], now: datetime, *, repeatable: bool) -> None:
        """End lapsed leases: a claim is planned again, what was being written is unknown unless it may be repeated."""
        for state, becomes in (("claimed", "planned"), ("writing", "planned" if repeatable else "unknown")):
            lapsed = _D.state == state, _D.lease_until <= now
            self._change(ids, *lapsed, state=becomes, lease_until=None, updated_at=now, **free(becomes))

    def of(self, launch_id: str) -> tuple[Delivery, ...]:
        """Every notice of a launch, by item, purpose and recipient."""
        query = select(*ROW).where(_is_one(), _D.launch_id == launch_id)
        with self._database.reading() as connection:
            rows = connection.execute(query.order_by(_D.item, _D.purpose, _D.recipient, _D.channel)).mappings()
            return tuple(Delivery.model_validate(dict(row)) for row in rows)

    def _change(self, ids: Sequence[str], *holds: ColumnElement[bool], **values: object) -> list[str]:
        """The notices that were changed."""
        if not ids:
            return []
        change = update(schema.deliveries).where(_is_one(), *holds).values(**values).returning(_D.id)
        with self._database.writing() as connection:
            return [
                found for part in chunks(ids) for found in connection.execute(change.where(_D.id.in_(part))).scalars()
            ]


def _taken(connection: Connection, ripe: Select[Any], mine: dict[str, object]) -> list[Delivery]:
    chosen = select(ripe.with_for_update(skip_locked=True).cte("ripe").c.id)
    taking = update(schema.deliveries).where(_D.id.in_(chosen)).values(**mine, attempt=_D.attempt + 1)
    rows = connection.execute(taking.returning(*ROW)).mappings()
    return [Delivery.model_validate(dict(row)) for row in rows]


def _in_order(one: Delivery) -> tuple[str, ...]:
    return one.recipient, one.channel, one.launch_id, one.item, one.id


def row_of(one: Planned, now: datetime) -> dict[str, object]:
    fresh = {"state": "planned", "attempt": 0, "detail": "", "updated_at": now}
    where = {"id": one.address.id, **one.address.model_dump(by_alias=False)}
    facts = plain(one.facts) if one.facts else None
    return {**where, "round": one.round, "not_before": one.not_before, "facts": facts, **fresh}


def _is_one() -> ColumnElement[bool]:
    """None is in a batch: saying so lets the index find it that those in batches are not in."""
    return and_(_D.batch.is_(None), is_notice())


def _has_lapsed(now: datetime) -> ColumnElement[bool]:
    return and_(_D.state.in_(("claimed", "writing")), _D.lease_until <= now)

"""Batches: up to a thousand deliveries of one announcement, channel and segment that are claimed and leave together.

planned -> claimed -> writing -> accepted | rejected | unknown. A claim is one row and so is each step after it, however
many people are in the batch. `writing` is committed before the first byte leaves, so a crash shows as `unknown`, and
nothing here makes an `unknown` planned again. What is true of one delivery alone stands in its own row.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any, NamedTuple
from uuid import uuid4

from sqlalchemy import ColumnElement, Connection, and_, func, insert, select, update

from checklists.value import Value
from ledger import schema
from ledger.batch_steps import CLAIM, LETTERS, WRITING, is_due, settling
from ledger.database import Database, chunks
from ledger.deliveries import BATCHED, Outcome, State, free, is_announced, storable

LONG_AGO = datetime(1970, 1, 1, tzinfo=UTC)
TOO_LATE = "too late: "
"""How the reason begins why what was planned did not leave in time."""
REPLACED = "replaced: "
"""How the reason begins why something else was said in its place."""
_B = schema.batches.c
_D = schema.deliveries.c


class Of(NamedTuple):
    """Whose batches: one announcement, on one of its channels, for one purpose."""

    launch_id: str
    item: str
    channel: str
    purpose: str


class Batch(Value):
    """Deliveries that leave together. `segment` says which rendering they get."""

    id: str
    launch_id: str
    item: str
    channel: str
    purpose: str
    round: int
    segment: str
    number: int
    size: int
    state: State
    attempt: int
    claimed_by: str | None
    lease_until: datetime | None
    not_before: datetime | None
    provider_id: str | None
    detail: str
    updated_at: datetime


class Letter(NamedTuple):
    """One delivery of a batch: its id, who gets it, and what stands in theirs alone."""

    id: str
    recipient: str
    facts: Mapping[str, str]


class Batches:
    """What is to be sent together, is being sent, and was sent."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def claim(self, of: Of, owner: str, now: datetime, lease: timedelta) -> Batch | None:
        """A planned batch that is this owner's alone until the lease ends, or None where none is left for now."""
        which = {f"{name}_": value for name, value in of._asdict().items()}
        said = {**which, "owner_": owner, "now_": now, "until_": now + lease}
        with self._database.changed(CLAIM, said, waits=False) as taken:
            found = taken.mappings().first()
        return Batch.model_validate(dict(found)) if found else None

    def letters(self, id_: str) -> list[Letter]:
        """Who is in the batch and nowhere else, by address."""
        with self._database.reading() as connection:
            rows = connection.execute(LETTERS, {"id_": id_}).all()
        facts = json.loads(f"[{','.join(theirs or '{}' for _, _, theirs in rows)}]")  # at once: a thousand are many
        return [Letter(id, address, theirs) for (id, address, _), theirs in zip(rows, facts, strict=True)]

    def writing(self, id_: str, owner: str, now: datetime) -> bool:
        """Whether the owner may write to the socket now; False where the claim was lost, or all sending is stopped."""
        with self._database.changed(WRITING, {"id_": id_, "owner_": owner, "now_": now}) as begun:
            return begun.rowcount == 1

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
        was_tried: bool = True,
    ) -> bool:
        """Whether this is what became of it; False where the owner lost it or it is past that.

        `planned` is for what certainly did not leave (refused, DNS, 429): it may be claimed again from `not_before`,
        and counts as an attempt where it `was_tried`. What a power cut takes back is `writing` again, and so `unknown`.
        """
        said: dict[str, Any] = {"provider_id_": provider_id, "detail_": storable(detail), "not_before_": not_before}
        said |= {"untried_": int(not was_tried)} if state == "planned" else {}
        said |= {"id_": id_, "owner_": owner, "now_": now}
        with self._database.changed(settling(state), said, waits=False) as settled:
            return settled.rowcount == 1

    def single_out(
        self,
        id_: str,
        owner: str,
        states: Mapping[str, tuple[Outcome, str]],
        now: datetime,
    ) -> None:
        """Some of a batch became something else than the rest: by delivery, what and why."""
        with self._database.writing() as connection:
            if not _held(connection, id_, owner):
                return
            for (state, why), ids in _by_value(states).items():
                for some in chunks(ids):
                    mine = _D.id.in_(some), _D.batch == id_, _D.state == BATCHED
                    said = {"state": state, "detail": storable(why), "updated_at": now}
                    connection.execute(update(schema.deliveries).where(*mine).values(**said))

    def split(self, id_: str, owner: str, size: int, now: datetime) -> None:
        """Plan it as several of at most `size` instead; only for what certainly did not leave."""
        with self._database.writing() as connection:
            if (whole := _held(connection, id_, owner)) is None:
                return
            query = select(_D.id).where(_D.batch == id_, _D.state == BATCHED).order_by(_D.recipient)
            kept, *others = chunks(connection.execute(query).scalars().all(), size) or [()]
            change = update(schema.batches).where(_B.id == id_)
            connection.execute(change.values(**fresh(now), size=len(kept)))
            for part in others:
                name = str(uuid4())
                connection.execute(insert(schema.batches), [{**whole, **fresh(now), "id": name, "size": len(part)}])
                move(connection, part, name)

    def postpone(self, of: Of, now: datetime, until: datetime) -> None:
        """Leave a vendor alone for a while: what is planned for it waits until then."""
        self._change(in_all(of), _B.state == "planned", is_due(now), not_before=until)

    def give_up(self, of: Of, why: str, now: datetime, since: str = TOO_LATE) -> int:
        """What has not begun to leave does not any more, also where it is claimed. How many batches were too late.

        What is being written now stays with its writer, who alone knows what becomes of it.
        """
        over = {**fresh(now), "state": "suppressed", "detail": storable(f"{since}{why}")}
        self._change(in_all(of), _B.state.in_(("planned", "claimed")), **over)
        with self._database.reading() as connection:
            return connection.execute(select(func.count()).where(in_all(of), was_late())).scalar_one()

    def expire(self, of: Of, now: datetime, *, repeatable: bool) -> None:
        """End lapsed leases: a claim is planned again, what was being written is unknown.

        `repeatable` is for what may be written twice without harm (the outbox): that is planned again, too.
        """
        written: State = "planned" if repeatable else "unknown"
        lapsed = (in_all(of), _B.lease_until <= now)
        found = select(_B.id).where(*lapsed, _B.state.in_(("claimed", "writing"))).limit(1)
        with self._database.reading() as connection:
            if connection.execute(found).first() is None:
                return
        with self._database.writing() as connection:
            for state, becomes in (("claimed", "planned"), ("writing", written)):
                change = update(schema.batches).where(*lapsed, _B.state == state)
                connection.execute(change.values(state=becomes, lease_until=None, updated_at=now, **free(becomes)))

    def being_written(self) -> list[Of]:
        """Announcements, corrections and recalls of which somebody is writing something, or was when they died."""
        what = (_B.launch_id, _B.item, _B.channel, _B.purpose)
        query = select(*what).where(_B.state == "writing", is_announced(_B.purpose)).distinct().order_by(*what)
        with self._database.reading() as connection:
            return [Of(*row) for row in connection.execute(query)]

    def next_due(self, of: Of) -> datetime | None:
        """From when on something may be claimed, a moment long past where it is due at once; None where nothing is."""
        query = select(_B.not_before).where(in_all(of), _B.state == "planned")
        with self._database.reading() as connection:
            moments = connection.execute(query.order_by(_B.not_before.is_not(None), _B.not_before).limit(1)).all()
        return (moments[0][0] or LONG_AGO) if moments else None

    def why_left(self, of: Of) -> str:
        """Why what is planned has not left, as it was said last; empty where nobody has tried."""
        query = select(_B.detail).where(in_all(of), _B.state == "planned", _B.detail != "")
        with self._database.reading() as connection:
            return connection.execute(query.order_by(_B.updated_at.desc(), _B.number).limit(1)).scalar() or ""

    def is_drained(self, of: Of) -> bool:
        """Whether nothing is left to hand over: neither planned nor in anybody's hands."""
        left = select(_B.id).where(in_all(of), _B.state.in_(("planned", "claimed", "writing"))).limit(1)
        with self._database.reading() as connection:
            return connection.execute(left).first() is None

    def _change(self, *holds: ColumnElement[bool], **values: object) -> int:
        with self._database.writing() as connection:
            return connection.execute(update(schema.batches).where(*holds).values(**values)).rowcount


def in_all(of: Of) -> ColumnElement[bool]:
    """Every batch of these."""
    mine = (_B.launch_id == of.launch_id, _B.item == of.item, _B.channel == of.channel)
    return and_(*mine, _B.purpose == of.purpose)


def was_late() -> ColumnElement[bool]:
    """Whether it was given up since its time had passed."""
    return and_(_B.state == "suppressed", _B.detail.startswith(TOO_LATE))


def fresh(now: datetime) -> dict[str, Any]:
    """What a batch is that nobody has claimed."""
    nobody = {"claimed_by": None, "lease_until": None, "not_before": None, "provider_id": None}
    return {"state": "planned", "attempt": 0, "detail": "", "updated_at": now, **nobody}


def move(connection: Connection, ids: Sequence[str], batch: str, **values: object) -> None:
    """Let these deliveries be in this batch and nothing else."""
    for some in chunks(ids):
        change = update(schema.deliveries).where(_D.id.in_(some))
        connection.execute(change.values(batch=batch, state=BATCHED, **values))


def _held(connection: Connection, id_: str, owner: str) -> dict[str, Any] | None:
    """The batch, locked, where it is this owner's and has not ended."""
    mine = _B.id == id_, _B.claimed_by == owner, _B.state.in_(("claimed", "writing"))
    found = connection.execute(select(schema.batches).where(*mine).with_for_update()).mappings().first()
    return dict(found) if found else None


def _by_value(states: Mapping[str, tuple[Outcome, str]]) -> dict[tuple[Outcome, str], list[str]]:
    found: dict[tuple[Outcome, str], list[str]] = {}
    for id_, became in states.items():
        found.setdefault(became, []).append(id_)
    return found

"""Who hears an announcement, settled once when it was approved: everybody who was meant, each with the reason."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from sqlalchemy import and_, delete, func, or_, select

from checklists.selection import Reason
from checklists.subscriber import key_of
from ledger import people_schema as tables
from ledger import schema
from ledger.audience_sql import is_meant, reason
from ledger.database import Database, chunks, insert_into
from ledger.deliveries import ANNOUNCEMENT
from ledger.given import given
from ledger.newcomers import Newcomer, Newcomers
from ledger.roster_steps import (
    COLUMNS,
    Meant,
    as_named,
    copied,
    count_up,
    fill,
    in_roster,
    known_of,
    unreachable,
)
from ledger.subscribers import BATCH

_P = tables.subscribers.c
_R = tables.rosters.c
_F = tables.freezes.c
_D = schema.deliveries.c
FROM_FILE = "organisation file"
LATER: tuple[Reason, ...] = ("digest", "paused")
"""Why somebody got nothing who may hear of it in a digest."""


@dataclass(frozen=True, slots=True)
class Listed:
    """One line of a roster. `person` is empty for somebody of the house; no `reason` means that they get it."""

    key: str
    person: str
    address: str
    name: str
    locale: str
    timezone: str
    is_required: bool
    reason: Reason


@dataclass(frozen=True, slots=True)
class Freeze:
    """That the recipients are settled; `counts` are by reason, `""` are those who get it."""

    launch_id: str
    item: str
    round: int
    audience: str
    rule: str
    topics: frozenset[str]
    counts: Mapping[str, int]
    at: datetime

    @property
    def reach(self) -> int:
        return self.counts.get("", 0)


@dataclass(frozen=True, slots=True)
class Sent:
    """What one delivery was, to whom, and what about: no topics where it was about none, or nothing was settled."""

    launch_id: str
    item: str
    purpose: str
    recipient: str
    topics: frozenset[str]
    is_required: bool


class Rosters:
    """Every announcement's recipients."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def freeze(
        self, launch_id: str, item: str, round_: int, meant: Meant, now: datetime, since: datetime | None = None
    ) -> Freeze:
        """Settle who hears it, once: asked again it is what was settled, whoever has come or gone since.

        Only where other people are meant (`words` are others) is it settled anew: nobody approved those of before. In
        another round it is what was settled in the one before, unless it was approved once more, at `since`.
        """
        known = self.freeze_of(launch_id, item, round_)
        if known and known.rule == meant.words:
            return known
        Newcomers(self._database).add(map(Newcomer, meant.addresses), "organisation", FROM_FILE, now)
        of = {"launch_id": launch_id, "item": item, "round": round_}
        said = {"audience": meant.audience, "rule": meant.words, "topics": frozenset(meant.selection.topics)}
        with self._database.writing() as connection:
            marker = insert_into(connection, tables.freezes).values(**of, **said, counts={}, at=now)
            anew = marker.on_conflict_do_update(
                index_elements=list(of), set_={**said, "counts": {}, "at": now}, where=_F.rule != meant.words
            )
            if connection.execute(anew.returning(_F.round)).first():
                connection.execute(delete(tables.rosters).where(in_roster(launch_id, item, round_)))
                if not copied(connection, of, meant.words, since):
                    fill(connection, of, meant, now)
                count_up(connection, of)
        return self.freeze(launch_id, item, round_, meant, now, since)  # by us or by whoever was quicker

    def counted(self, meant: Meant, now: datetime) -> dict[str, int]:
        """How many would get it if it were settled now (`""`), and how many not, by reason; nothing is written."""
        return by_reason(self.split(meant, now, "locale"))

    def split(self, meant: Meant, now: datetime, by: Literal["locale", "domain"]) -> dict[tuple[str, str], int]:
        """The same people, by reason and language, or by reason and domain; of the house no language is known."""
        roles = {key_of(one.address) for one in meant.roles}
        named = {key_of(one) for one in meant.addresses} - roles
        why, part = reason(meant.selection, now).label("why"), _P[by].label("part")
        others = and_(is_meant(meant.selection), _P.address != "", _P.key.not_in(roles | named))
        with self._database.reading() as connection:
            gone = unreachable(connection, roles)
            known = known_of(connection, named, reason(as_named(meant), now), part)
            rest = connection.execute(select(why, part, func.count()).where(others).group_by(why, part))
            counts = Counter({(row[0], row[1]): row[2] for row in rest})
        parts = {key: key.rpartition("@")[2] if by == "domain" else "" for key in roles | named}
        counts.update((gone.get(key, ""), parts[key]) for key in roles)
        counts.update((why, part) for why, part in (known.get(key, ("", parts[key])) for key in named))
        return dict(counts)

    def freeze_of(self, launch_id: str, item: str, round_: int) -> Freeze | None:
        """What was settled for this round; None where nothing is yet."""
        query = select(tables.freezes).where(_F.launch_id == launch_id, _F.item == item, _F.round == round_)
        with self._database.reading() as connection:
            row = connection.execute(query).mappings().first()
            return Freeze(**row) if row else None

    def kept_back(self, announcements: Sequence[tuple[str, str]]) -> dict[tuple[str, str], Freeze]:
        """Those of these (launch, item) that somebody was to hear of later, each as it was settled last."""
        found: dict[tuple[str, str], Freeze] = {}
        with self._database.reading() as connection:
            for some in chunks(announcements):
                these = or_(*(and_(_F.launch_id == launch_id, _F.item == item) for launch_id, item in some))
                rows = connection.execute(select(tables.freezes).where(these).order_by(_F.round)).mappings()
                found |= {(row["launch_id"], row["item"]): Freeze(**row) for row in rows}
        return {of: one for of, one in found.items() if one.counts.keys() & set(LATER)}

    def hear_later(self, settled: Freeze, keys: Collection[str]) -> dict[str, Reason]:
        """Which of these, at most a thousand, were to hear of it later, and why."""
        if not keys:
            return {}
        here = in_roster(settled.launch_id, settled.item, settled.round)
        with self._database.reading() as connection:
            wanted = given(connection, keys)
            why = select(_R.reason).where(here, _R.key == wanted.c.value).scalar_subquery()
            told = select(wanted.c.value, why.label("why")).subquery()
            rows = connection.execute(select(told).where(told.c.why.in_(LATER))).all()
        return {row.value: row.why for row in rows}

    def roster(
        self, launch_id: str, item: str, round_: int, reasons: Sequence[Reason] | None = ("",), after: str = ""
    ) -> Iterator[Listed]:
        """Those who get it, or those with one of these reasons, or all (None), by key, a thousand in memory."""
        wanted = [in_roster(launch_id, item, round_), *([] if reasons is None else [_R.reason.in_(reasons)])]
        query = select(*(_R[name] for name in COLUMNS)).order_by(_R.key).limit(BATCH)
        while True:
            with self._database.reading() as connection:
                batch = [Listed(*row) for row in connection.execute(query.where(*wanted, _R.key > after))]
            yield from batch
            if len(batch) < BATCH:
                return
            after = batch[-1].key

    def absent(self, launch_id: str, item: str, round_: int, addresses: Collection[str]) -> frozenset[str]:
        """Which of these, at most a thousand, are not among those who get it, as it is settled now."""
        keys = {one: key_of(one) for one in addresses}
        with self._database.reading() as connection:
            wanted = given(connection, keys.values())
            there = (
                select(_R.reason).where(in_roster(launch_id, item, round_), _R.key == wanted.c.value).scalar_subquery()
            )
            query = select(wanted.c.value).where(func.coalesce(there, "nobody") != "")
            absent = set(connection.execute(query).scalars())
        return frozenset(one for one, key in keys.items() if key in absent)

    def untold(self, launch_id: str, item: str, round_: int, channel: str) -> dict[str, int]:
        """By reason, how many were left out of those for whom nothing was planned when it was settled before."""
        mine = (_D.launch_id == launch_id, _D.item == item, _D.channel == channel, _D.purpose == ANNOUNCEMENT)
        planned = select(func.lower(_D.recipient)).where(*mine)
        left_out = (in_roster(launch_id, item, round_), _R.reason != "", _R.key.not_in(planned))
        query = select(_R.reason, func.count()).where(*left_out).group_by(_R.reason)
        with self._database.reading() as connection:
            return {row[0]: row[1] for row in connection.execute(query)}

    def sent(self, delivery_id: str) -> Sent | None:
        """What this delivery was; None where there is none of this id."""
        query = select(_D.launch_id, _D.item, _D.purpose, _D.recipient).where(_D.id == delivery_id)
        with self._database.reading() as connection:
            row = connection.execute(query).first()
            if row is None:
                return None
            about = select(_F.topics, _F.round).where(_F.launch_id == row[0], _F.item == row[1])
            latest = connection.execute(about.order_by(_F.round.desc()).limit(1)).first()
            topics, round_ = latest or (frozenset(), 0)
            here = (in_roster(row[0], row[1], round_), _R.key == key_of(row[3]), _R.is_required.is_(True))
            is_required = connection.execute(select(_R.key).where(*here)).first() is not None
            return Sent(row[0], row[1], row[2], row[3], topics, is_required)

    def why(self, launch_id: str, item: str, round_: int, address: str) -> Listed | None:
        """Their line; None where they were not meant at all."""
        query = select(*(_R[name] for name in COLUMNS)).where(
            in_roster(launch_id, item, round_), _R.key == key_of(address)
        )
        with self._database.reading() as connection:
            row = connection.execute(query).first()
            return Listed(*row) if row else None


def by_reason(split: Mapping[tuple[str, str], int]) -> dict[str, int]:
    """How many by reason alone."""
    counts: Counter[str] = Counter()
    for (why, _), many in split.items():
        counts[why] += many
    return dict(counts)

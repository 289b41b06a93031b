"""Receipts of webhooks: kept before they are answered, one for each release however often it is delivered."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from datetime import datetime
from typing import Annotated, Literal

from pydantic import AwareDatetime, Field, JsonValue, StringConstraints
from sqlalchemy import ColumnElement, RowMapping, Select, select, update

from checklists.value import Value
from ledger import schema
from ledger.database import Database, insert_into

State = Literal["new", "started", "ignored"]
PRINTABLE = r"^[^\x00-\x1f\x7f]+$"
Line = Annotated[str, StringConstraints(pattern=PRINTABLE, max_length=1_000)]
Name = Annotated[str, StringConstraints(pattern=PRINTABLE, max_length=60)]
_R = schema.receipts.c


class Receipt(Value):
    """A release somebody told us about; `release_key` is made of what was signed (repository, tag, commit)."""

    release_key: Line
    source: Name
    delivery_id: Line
    event: Name
    payload: dict[str, JsonValue] = Field(description="What is needed to start the launch.")
    received_at: AwareDatetime
    deliveries: int = Field(1, description="How often it came.")
    state: State = "new"
    launch_id: str | None = None
    reason: str = ""
    files: str = Field("", description="The organisation and checklists that could not meet it; else empty.")


class Receipts:
    """What came in through the webhooks."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def keep(self, receipt: Receipt) -> bool:
        """Whether this is news: the first delivery of its release, or the first that starts something. Kept then.

        Later deliveries are counted, and what they know more is added as long as the launch has not begun.
        """
        told = receipt.model_dump(by_alias=False)
        with self._database.writing() as connection:
            new = insert_into(connection, schema.receipts).values(told).on_conflict_do_nothing()
            if connection.execute(new.returning(_R.deliveries)).first():
                return True
            mine = _R.release_key == receipt.release_key
            before = connection.execute(select(schema.receipts).where(mine).with_for_update()).mappings().one()
            revived = before["state"] == "ignored" and receipt.state == "new"
            change = told if revived else {"payload": _richer(before, receipt)}
            connection.execute(update(schema.receipts).where(mine).values(change | {"deliveries": _R.deliveries + 1}))
            return revived

    def find(self, release_key: str) -> Receipt | None:
        """The receipt of this release, as rich as it has become."""
        found = self._found(select(schema.receipts).where(_R.release_key == release_key))
        return found[0] if found else None

    def waiting(self, before: datetime) -> tuple[Receipt, ...]:
        """Those received before this time that nothing was done about yet, the oldest first."""
        return self._found(select(schema.receipts).where(_R.state == "new", _R.received_at < before))

    def unclaimed(self) -> tuple[Receipt, ...]:
        """Those that started nothing, each with its reason, the oldest first."""
        return self._found(select(schema.receipts).where(_R.state == "ignored"))

    def unmet(self, since: datetime) -> tuple[Receipt, ...]:
        """Those received from this time on whose launch organisation or checklists could not meet, the oldest first."""
        return self._found(
            select(schema.receipts).where(_R.state == "ignored", _R.received_at >= since, _R.files != "")
        )

    def settle(
        self, release_key: str, state: State, *, launch_id: str | None = None, reason: str = "", files: str = ""
    ) -> bool:
        """Whether the receipt says this now; what has started a launch stays so."""
        change = update(schema.receipts).where(_R.release_key == release_key, _R.state != "started")
        with self._database.writing() as connection:
            done = connection.execute(change.values(state=state, launch_id=launch_id, reason=reason, files=files))
            return done.rowcount == 1

    def wake(self, events: Collection[str], product: str, version: str) -> int:
        """How many receipts of these events, put away because this release had no launch, are new again."""
        put_away = self._of(product, version, _R.state == "ignored", _R.event.in_(events))
        return sum(self.settle(one.release_key, "new") for one in put_away)

    def is_told(self, event: str, product: str, version: str, since: datetime) -> bool:
        """Whether this was told of the release since then, and no launch has heard of it."""
        return any(True for _ in self._of(product, version, _R.event == event, _R.received_at > since))

    def _of(self, product: str, version: str, *which: ColumnElement[bool]) -> Iterator[Receipt]:
        for one in self._found(select(schema.receipts).where(_R.state != "started", *which)):
            if (one.payload.get("product"), one.payload.get("version")) == (product, version):
                yield one

    def _found(self, query: Select[tuple[object, ...]]) -> tuple[Receipt, ...]:
        with self._database.reading() as connection:
            rows = connection.execute(query.order_by(_R.received_at, _R.release_key)).mappings()
            return tuple(Receipt.model_validate(dict(row)) for row in rows)


def _richer(before: RowMapping, later: Receipt) -> dict[str, JsonValue]:
    """What was told first, and what a later delivery of the same release adds to it."""
    known: dict[str, JsonValue] = before["payload"]
    if before["state"] != "new" or later.state != "new":
        return known
    return known | {name: value for name, value in later.payload.items() if value and not known.get(name)}

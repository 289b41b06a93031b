"""Receipts of webhooks: kept before they are answered, one for each release however often it is delivered."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Literal

from pydantic import AwareDatetime, Field, JsonValue, StringConstraints
from sqlalchemy import Select, select, update

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


class Receipts:
    """What came in through the webhooks."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def keep(self, receipt: Receipt) -> bool:
        """Whether this is the first delivery of its release; later ones are only counted. Kept when this returns."""
        with self._database.writing() as connection:
            new = insert_into(connection, schema.receipts).values(receipt.model_dump(by_alias=False))
            again = new.on_conflict_do_update(index_elements=[_R.release_key], set_={"deliveries": _R.deliveries + 1})
            times: int = connection.execute(again.returning(_R.deliveries)).scalar_one()
            return times == 1

    def waiting(self, before: datetime) -> tuple[Receipt, ...]:
        """Those received before this time that nothing was done about yet, the oldest first."""
        return self._found(select(schema.receipts).where(_R.state == "new", _R.received_at < before))

    def unclaimed(self) -> tuple[Receipt, ...]:
        """Those that started nothing, each with its reason, the oldest first."""
        return self._found(select(schema.receipts).where(_R.state == "ignored"))

    def settle(self, release_key: str, state: State, *, launch_id: str | None = None, reason: str = "") -> bool:
        """Whether the receipt says this now; what has started a launch stays so."""
        change = update(schema.receipts).where(_R.release_key == release_key, _R.state != "started")
        with self._database.writing() as connection:
            done = connection.execute(change.values(state=state, launch_id=launch_id, reason=reason))
            return done.rowcount == 1

    def _found(self, query: Select[tuple[object, ...]]) -> tuple[Receipt, ...]:
        with self._database.reading() as connection:
            rows = connection.execute(query.order_by(_R.received_at, _R.release_key)).mappings()
            return tuple(Receipt.model_validate(dict(row)) for row in rows)

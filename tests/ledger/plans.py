"""How a database means to carry out what it is asked: by an index, or by reading a whole table."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from sqlalchemy import event

from ledger.store import Ledger


def plans(ledger: Ledger, ask: Callable[[], object], table: str) -> list[str]:
    """The plan of every statement about this table that is carried out meanwhile, as its database tells it."""
    asked: list[tuple[str, Any]] = []

    def listen(_: object, __: object, words: str, values: Any, *___: object) -> None:
        asked.append((words, values))

    engine = ledger.database.engine
    event.listen(engine, "before_cursor_execute", listen)
    try:
        ask()
    finally:
        event.remove(engine, "before_cursor_execute", listen)
    return [_plan(ledger, words, values) for words, values in asked if table in words]


def _plan(ledger: Ledger, words: str, values: Any) -> str:
    how = "EXPLAIN QUERY PLAN" if ledger.database.engine.dialect.name == "sqlite" else "EXPLAIN"
    with ledger.database.reading() as connection:
        return "\n".join(str(row[-1]) for row in connection.exec_driver_sql(f"{how} {words}", values))


def reads_all(plan: str, table: str) -> bool:
    """Whether it goes through all rows of the table; an index that is read from end to end is no better."""
    return f"Seq Scan on {table}" in plan or f"SCAN {table}" in plan

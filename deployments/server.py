"""`python -m deployments.server`: Prefect's own command, whose server on SQLite waits for a lock in short turns.

Prefect lets each connection wait a minute for SQLite's one writer. While one waits, Python's garbage collector may have
to tidy up after that very connection, which stops the whole event loop, and with it the writer that everybody waits
for: a minute in which nothing moves. A short wait ends as an error, after which Prefect's clients try again.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import event
from sqlalchemy.pool import ConnectionPoolEntry, Pool

TURN = 2_000  # milliseconds
KNOWN = "waits in short turns"


def wait_in_short_turns(connection: Any, record: ConnectionPoolEntry, _: Any) -> None:
    """At the first use of each connection: when it is made, Prefect has the last word."""
    if KNOWN in record.info or "sqlite" not in type(connection).__module__:
        return
    cursor = connection.cursor()
    cursor.execute(f"PRAGMA busy_timeout = {TURN}")
    cursor.close()
    record.info[KNOWN] = True


if __name__ == "__main__":
    from prefect.cli import app

    event.listen(Pool, "checkout", wait_in_short_turns)
    app()

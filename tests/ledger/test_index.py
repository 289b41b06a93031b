"""The index says of a launch what its entries say, and knows when it does not know."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import event, update

from checklists.fold import fold
from checklists.launch import Launch
from ledger import schema
from ledger.index import SHAPE, Head, said_of
from ledger.store import Conflict, Ledger, Unreadable
from tests.ledger.examples import LAUNCH, NOON, entries


def kept(ledger: Ledger, count: int, launch_id: str = LAUNCH) -> Launch:
    facts = entries(count, launch_id)
    launch = fold(facts)
    ledger.append(launch_id, facts, 0, launch)
    return launch


def head(ledger: Ledger) -> Head:
    found = ledger.index.find(LAUNCH)
    assert found is not None
    return found


def said(found: Head) -> dict[str, Any]:
    """What the index has of a launch besides its name and how far it goes."""
    return {"is_open": found.is_open, "summary": found.summary, "wake_at": found.wake_at}


def test_the_index_is_written_with_the_entries(ledger: Ledger) -> None:
    launch = kept(ledger, 4)
    found = head(ledger)
    assert found.is_known
    assert said(found) == said_of(launch, NOON + timedelta(seconds=4))


def test_a_lost_race_leaves_the_index_as_it_is(ledger: Ledger) -> None:
    kept(ledger, 4)
    before = head(ledger)
    with pytest.raises(Conflict):
        ledger.append(LAUNCH, entries(1, first=3), 2, fold(entries(3)))
    assert head(ledger) == before


def test_entries_added_without_the_launch_leave_no_stale_summary(ledger: Ledger) -> None:
    kept(ledger, 4)
    ledger.append(LAUNCH, entries(1, first=5), 4)
    assert not head(ledger).is_known
    assert head(ledger).needs_a_look(NOON)


def test_what_the_index_does_not_know_is_made_from_the_entries(ledger: Ledger) -> None:
    ledger.append(LAUNCH, entries(6), 0)
    made = ledger.reindexed(head(ledger), NOON)
    assert made == head(ledger)
    assert made.is_known
    assert said_of(fold(entries(6)), NOON) == said(made)


def test_a_summary_of_another_shape_is_not_known(ledger: Ledger) -> None:
    kept(ledger, 4)
    other = update(schema.launches).values(summary={"shape": SHAPE + 1})
    with ledger.database.writing() as connection:
        connection.execute(other)
    assert not head(ledger).is_known
    assert ledger.reindexed(head(ledger), NOON).is_known


def test_an_older_look_does_not_overwrite_a_newer_entry(ledger: Ledger) -> None:
    older = kept(ledger, 4)
    ledger.append(LAUNCH, entries(1, first=5), 4, fold(entries(5)))
    newer = head(ledger)
    ledger.index.renew(older, NOON)
    assert head(ledger) == newer


def test_a_record_that_is_damaged_is_named(ledger: Ledger) -> None:
    kept(ledger, 4)
    with ledger.database.writing() as connection:
        connection.execute(schema.entries.delete().where(schema.entries.c.seq == 2))
    with pytest.raises(Unreadable, match="its record is damaged"):
        ledger.reindexed(head(ledger), NOON)


def test_open_launches_come_oldest_first(ledger: Ledger) -> None:
    for name in ("acme-2.4.0", "acme-2.5.0"):
        kept(ledger, 3, name)
    later = update(schema.launches).where(schema.launches.c.launch_id == "acme-2.4.0")
    with ledger.database.writing() as connection:
        connection.execute(later.values(started_at=NOON + timedelta(days=1)))
    assert [found.launch_id for found in ledger.index.open_heads()] == ["acme-2.5.0", "acme-2.4.0"]
    assert [found.launch_id for found in ledger.index.heads()] == ["acme-2.4.0", "acme-2.5.0"]
    assert ledger.index.find("acme-1.0.0") is None


def test_an_index_that_is_wrong_is_put_right_and_one_that_is_right_is_left_alone(ledger: Ledger) -> None:
    launch = kept(ledger, 4)
    wrong = update(schema.launches).values(is_open=False, wake_at=None, summary={"shape": SHAPE, "status": "closed"})
    with ledger.database.writing() as connection:
        connection.execute(wrong)
    ledger.index.keep_true(head(ledger), launch, NOON)
    assert said(head(ledger)) == said_of(launch, NOON)
    right = head(ledger)
    writes: list[str] = []
    event.listen(ledger.database.engine, "before_cursor_execute", lambda *said: writes.append(said[2]))
    ledger.index.keep_true(right, launch, NOON)
    assert writes == []

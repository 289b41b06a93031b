"""One anchor a day; afterwards nothing disappears unnoticed."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from sqlalchemy import delete, text, update

from ledger import schema
from ledger.anchors import Misfit, make, public_key
from ledger.store import Ledger
from tests.ledger.examples import LAUNCH, NOON, entries

SEED, OTHER = b"\x01" * 32, b"\x02" * 32
DAY = timedelta(days=1)


def kept(ledger: Ledger, days: int = 3) -> None:
    """A launch that grows by two entries a day, and another that stands still."""
    ledger.append("acme-1.0.0", entries(3, "acme-1.0.0"), 0)
    ledger.append(LAUNCH, entries(4), 0)
    for number in range(days):
        ledger.append(LAUNCH, entries(2, first=5 + number * 2), 4 + number * 2)
        assert ledger.anchors.make(NOON + DAY * number, SEED)


def fault(ledger: Ledger, key: str | None = None) -> str:
    with pytest.raises(Misfit) as raised:
        ledger.anchors.compare(LAUNCH, ledger.sealed(LAUNCH), key)
    return str(raised.value.fault)


def test_a_day_has_one_anchor(ledger: Ledger) -> None:
    kept(ledger, 1)
    first = ledger.anchors.newest()
    assert not ledger.anchors.make(NOON + timedelta(hours=11, minutes=59), SEED)
    assert ledger.anchors.newest() == first
    assert ledger.anchors.last_day() == date(2026, 11, 20)


def test_nothing_is_anchored_in_a_fresh_ledger(ledger: Ledger) -> None:
    assert ledger.anchors.last_day() is None
    assert ledger.anchors.newest() is None
    assert ledger.anchors.cover(LAUNCH) is None
    assert ledger.anchors.compare(LAUNCH, (), None) == ""
    assert ledger.anchors.make(NOON, SEED)
    newest = ledger.anchors.newest()
    assert newest is not None and newest.heads == {}


def test_every_anchor_knows_all_heads_of_its_day(ledger: Ledger) -> None:
    kept(ledger)
    assert [{name: seq for name, (seq, _) in one.heads.items()} for one in ledger.anchors.history()] == [
        {"acme-1.0.0": 3, LAUNCH: 6},
        {"acme-1.0.0": 3, LAUNCH: 8},
        {"acme-1.0.0": 3, LAUNCH: 10},
    ]
    assert "up to entry 10" in ledger.anchors.compare(LAUNCH, ledger.sealed(LAUNCH), public_key(SEED))
    cover = ledger.anchors.cover("acme-1.0.0")
    assert cover is not None
    cover.check()


def test_a_record_that_was_cut_off_with_its_index_is_noticed(ledger: Ledger) -> None:
    kept(ledger)
    with ledger.database.writing() as connection:
        connection.execute(delete(schema.entries).where(schema.entries.c.launch_id == LAUNCH, schema.entries.c.seq > 7))
        last = "(SELECT hash FROM entries WHERE launch_id = :name AND seq = 7)"
        connection.execute(
            text(f"UPDATE launches SET seq = 7, hash = {last} WHERE launch_id = :name"), {"name": LAUNCH}
        )
    assert ledger.verify(LAUNCH) is None, "the chain alone does not know"
    assert "knows 8 entries; the end of the record was cut off" in fault(ledger)


def test_a_record_that_was_written_anew_is_noticed(ledger: Ledger) -> None:
    kept(ledger)
    for table in (schema.entries, schema.launches):
        with ledger.database.writing() as connection:
            connection.execute(delete(table).where(table.c.launch_id == LAUNCH))
    anew = [one.model_copy(update={"actor": "eve@example.com"}) for one in entries(12)]
    ledger.append(LAUNCH, anew, 0)
    assert ledger.verify(LAUNCH) is None, "the chain alone does not know"
    assert "knows another entry 6; the record was written anew" in fault(ledger)


def test_an_anchor_that_was_taken_away_is_noticed(ledger: Ledger) -> None:
    kept(ledger)
    with ledger.database.writing() as connection:
        connection.execute(delete(schema.anchors).where(schema.anchors.c.day == date(2026, 11, 21)))
    assert "one was taken away or replaced" in fault(ledger)


def test_an_anchor_whose_heads_were_changed_is_noticed(ledger: Ledger) -> None:
    kept(ledger)
    with ledger.database.writing() as connection:
        connection.execute(text("UPDATE anchors SET body = replace(body, 'acme-1.0.0', 'acme-1.0.1')"))
    assert "over other heads" in fault(ledger)


def test_an_anchor_that_somebody_else_signed_is_noticed(ledger: Ledger) -> None:
    kept(ledger, 1)
    newest = ledger.anchors.newest()
    assert newest is not None
    forged = make(newest.heads, None, NOON, OTHER)
    other = update(schema.anchors).values(signature=forged.signature, key=forged.key)
    with ledger.database.writing() as connection:
        connection.execute(other)
    assert ledger.anchors.compare(LAUNCH, ledger.sealed(LAUNCH), None) != ""
    assert "another key than the one kept here" in fault(ledger, public_key(SEED))


@pytest.mark.parametrize("body", ["", "{}", "[]", '{"changed":{},"statement":"{}"}'])
def test_a_row_that_cannot_be_read_is_named(ledger: Ledger, body: str) -> None:
    kept(ledger, 1)
    with ledger.database.writing() as connection:
        connection.execute(update(schema.anchors).values(body=body))
    assert "anchor" in fault(ledger)

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from ledger.readers import Reader
from ledger.store import Ledger

NOW = datetime(2026, 12, 1, tzinfo=UTC)


def test_a_revoked_link_stays_revoked(ledger: Ledger) -> None:
    reader = Reader("a" * 32, "ada@example.com", NOW)
    ledger.readers.keep(reader)
    assert ledger.readers.find(reader.id) == reader
    assert ledger.readers.revoke("ada@example.com", NOW) == 1
    ledger.readers.keep(reader)
    (found,) = ledger.readers.of("ada@example.com")
    assert found.revoked_at == NOW
    assert ledger.readers.revoke("ada@example.com", NOW + timedelta(days=1)) == 0


def test_nobody_else_is_found(ledger: Ledger) -> None:
    assert (ledger.readers.find("b" * 32), ledger.readers.of("ben@example.com")) == (None, ())

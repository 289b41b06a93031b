from __future__ import annotations

from dataclasses import replace

from ledger.store import Ledger
from ledger.watches import Watch
from tests.ledger.examples import NOON

SEEN = Watch("github:example-org/acme", {"v1": "a" * 40, "größe": None}, {"https://x": {"etag": "1"}}, NOON)


def test_what_was_seen_last_is_what_is_kept(ledger: Ledger) -> None:
    assert ledger.watches.find(SEEN.key) is None
    ledger.watches.keep(SEEN)
    later = replace(SEEN, tags={}, failures=3, not_before=NOON, said="away")
    ledger.watches.keep(later)
    assert ledger.watches.find(SEEN.key) == later


def test_what_is_forgotten_is_seen_for_the_first_time(ledger: Ledger) -> None:
    ledger.watches.keep(SEEN)
    ledger.watches.forget(SEEN.key)
    assert ledger.watches.find(SEEN.key) is None

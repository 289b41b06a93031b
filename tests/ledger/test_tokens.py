"""Tokens as they are kept."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from ledger.store import Ledger
from ledger.tokens import Token
from tests.ledger.examples import NOON

TOKEN = Token(
    "a" * 16,
    "ben@example.com",
    frozenset({"read", "sign"}),
    "ci",
    NOON,
    expires_at=NOON + timedelta(days=1),
    hash="b" * 64,
)


def test_what_is_kept_is_found_the_newest_first(ledger: Ledger) -> None:
    newer = replace(TOKEN, id="c" * 16, created_at=NOON + timedelta(hours=1), expires_at=None)
    for token in (TOKEN, newer):
        ledger.tokens.keep(token)
    assert ledger.tokens.find(TOKEN.id) == TOKEN
    assert ledger.tokens.find("d" * 16) is None
    assert ledger.tokens.all() == (newer, TOKEN)


def test_a_token_ends_when_its_time_is_over_or_it_is_revoked(ledger: Ledger) -> None:
    assert TOKEN.holds(NOON)
    assert not TOKEN.holds(NOON + timedelta(days=1))
    ledger.tokens.keep(TOKEN)
    assert ledger.tokens.revoke(TOKEN.id, NOON)
    assert ledger.tokens.revoke(TOKEN.id, NOON + timedelta(hours=1))
    found = ledger.tokens.find(TOKEN.id)
    assert found
    assert (found.revoked_at, found.holds(NOON)) == (NOON, False)
    assert not ledger.tokens.revoke("d" * 16, NOON)


def test_its_last_use_is_noted(ledger: Ledger) -> None:
    ledger.tokens.keep(TOKEN)
    for minutes in (0, 5):
        ledger.tokens.use(TOKEN.id, NOON + timedelta(minutes=minutes))
    found = ledger.tokens.find(TOKEN.id)
    assert found
    assert found.used_at == NOON + timedelta(minutes=5)

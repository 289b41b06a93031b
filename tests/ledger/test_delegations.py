"""Delegations as they are kept."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

from checklists.people import Delegation
from ledger.delegations import Granted
from ledger.store import Ledger
from tests.ledger.examples import NOON

FIRST, LAST = date(2026, 5, 1), date(2026, 5, 4)
GRANTED = Granted("one", "ada@example.com", "ben@example.com", FIRST, LAST, "eve@example.com", NOON)


def test_what_stands_is_found_until_its_last_day(ledger: Ledger) -> None:
    later = replace(GRANTED, id="two", starts=LAST, ends=date(2026, 5, 9))
    for one in (later, GRANTED):
        ledger.delegations.grant(one)
    assert ledger.delegations.standing(LAST) == (GRANTED, later)
    assert ledger.delegations.standing(date(2026, 5, 5)) == (later,)
    assert ledger.delegations.standing(date(2026, 5, 10)) == ()


def test_what_was_revoked_stands_no_more_and_is_not_forgotten(ledger: Ledger) -> None:
    ledger.delegations.grant(GRANTED)
    for hours, by in ((1, "ada@example.com"), (2, "eve@example.com")):
        ledger.delegations.revoke(("one", "none"), by, NOON + timedelta(hours=hours))
    assert ledger.delegations.standing(FIRST) == ()
    (kept,) = ledger.delegations.all()
    assert (kept.revoked_by, kept.revoked_at) == ("ada@example.com", NOON + timedelta(hours=1))


def test_it_is_a_delegation() -> None:
    assert GRANTED.delegation == Delegation("ada@example.com", "ben@example.com", FIRST, LAST)

"""Links as they are kept."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from ledger.links import Link
from ledger.store import Ledger
from tests.ledger.examples import LAUNCH, NOON

LINK = Link("a" * 32, LAUNCH, "qa", 1, "ben@example.com", "", 1, False, NOON, NOON + timedelta(days=14))
OTHER = replace(LINK, id="b" * 32, person="ada@example.com")


def test_what_is_kept_is_found(ledger: Ledger) -> None:
    ledger.links.keep([LINK, OTHER])
    assert ledger.links.find(LINK.id) == LINK
    assert ledger.links.find("c" * 32) is None
    assert ledger.links.of(LAUNCH, "qa", 1) == (OTHER, LINK)
    assert ledger.links.of(LAUNCH, "qa", 2) == ledger.links.of(LAUNCH, "docs", 1) == ()


def test_nothing_is_kept_where_there_is_nothing(ledger: Ledger) -> None:
    ledger.links.keep([])
    assert ledger.links.of(LAUNCH, "qa", 1) == ()


def test_kept_again_it_stays_as_it_was(ledger: Ledger) -> None:
    ledger.links.keep([LINK])
    ledger.links.use(LINK.id, NOON)
    ledger.links.keep([replace(LINK, expires_at=NOON + timedelta(days=99)), OTHER])
    assert ledger.links.find(LINK.id) == replace(LINK, used_at=NOON)


def test_a_newer_mailing_makes_it_as_good_as_new_and_an_older_one_does_nothing(ledger: Ledger) -> None:
    ledger.links.keep([LINK])
    ledger.links.use(LINK.id, NOON)
    newer = replace(LINK, mailing=2, asks_code=True, expires_at=NOON + timedelta(days=20))
    for link in (newer, LINK):
        ledger.links.keep([link])
        assert ledger.links.find(LINK.id) == newer


def test_the_first_use_stands(ledger: Ledger) -> None:
    ledger.links.keep([LINK])
    for minutes in (0, 1):
        ledger.links.use(LINK.id, NOON + timedelta(minutes=minutes))
    assert ledger.links.find(LINK.id) == replace(LINK, used_at=NOON)

"""The demo's subscribers."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

from deployments.demo.crowd import GET_IT, LEFT, crowd, imported
from ledger.store import Ledger
from tests.checklists.launches import NOW


def test_they_are_the_same_people_in_every_demo_and_nobody_is_there_twice() -> None:
    assert list(crowd()) == list(crowd())
    assert len({one.key for one in crowd()}) == GET_IT + sum(many for _, many in LEFT)
    assert all(one.address.endswith(".example") for one in crowd())  # RFC 2606: nobody's


def test_a_thousand_hear_of_it_in_three_languages_however_often_they_are_imported(tmp_path: Path) -> None:
    ledger = Ledger(f"sqlite:///{tmp_path}/ledger.sqlite3")
    ledger.migrate()
    first, again = imported(ledger, NOW), imported(ledger, NOW)
    assert first == again == "1,000 subscribers hear of it: 500 in en, 300 in de, 200 in fr"


def test_some_have_left() -> None:
    assert Counter(one.state for one in crowd()) == {"confirmed": GET_IT} | dict(LEFT)

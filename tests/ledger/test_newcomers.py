"""Who comes in, and that nobody who left is brought back."""

from __future__ import annotations

from collections import Counter

import pytest

from checklists.subscriber import State
from ledger.newcomers import Newcomer
from ledger.store import Ledger
from tests.ledger.examples import NOON

ADA = Newcomer(
    "Ada@Example.com",
    state="confirmed",
    name="Ada",
    locale="de",
    attributes={"plan": "Pro", "seats": 50},
    topics=frozenset({"acme"}),
    lists=frozenset({"beta"}),
    consent="customer contract",
)


def add(ledger: Ledger, *who: Newcomer) -> Counter[str]:
    return Counter({fate: many for fate, many in ledger.newcomers.add(who, "import", "a.csv", NOON).items() if many})


def test_what_is_said_of_somebody_is_known_of_them(ledger: Ledger) -> None:
    assert add(ledger, ADA) == {"new": 1}
    found = ledger.subscribers.find("ADA@example.COM")
    assert found is not None
    assert (found.address, found.state, found.locale) == ("Ada@Example.com", "confirmed", "de")
    assert (found.topics, found.lists) == (ADA.topics, ADA.lists)
    assert found.attributes == {"plan": "Pro", "seats": 50}
    (consent,) = ledger.wishes.consents(found.id)
    assert (consent.what, consent.how, consent.origin) == ("confirmed", "import", "a.csv: customer contract")
    assert "ada" not in found.id.lower()


def test_twice_is_the_same_as_once_also_in_other_letter_case(ledger: Ledger) -> None:
    add(ledger, ADA)
    assert add(ledger, ADA, Newcomer("ADA@EXAMPLE.COM")) == {"same": 2}
    assert len(list(ledger.subscribers.everybody())) == 1


def test_one_address_in_two_letter_cases_of_one_batch_is_one_person(ledger: Ledger) -> None:
    add(ledger, Newcomer("straße@example.com"), Newcomer("STRASSE@example.com", name="Ada"))
    (found,) = ledger.subscribers.everybody()
    assert found.name == "Ada"


def test_what_is_left_out_stays_and_what_is_said_is_renewed(ledger: Ledger) -> None:
    add(ledger, ADA)
    assert add(ledger, Newcomer("ada@example.com", name="Ada A.", attributes={"seats": "60"})) == {"renewed": 1}
    found = ledger.subscribers.find("ada@example.com")
    assert found is not None
    assert (found.name, found.locale, found.state) == ("Ada A.", "de", "confirmed")
    assert found.attributes == {"plan": "Pro", "seats": "60"}


@pytest.mark.parametrize("state", ["unsubscribed", "bounced", "blocked"])
def test_nobody_who_left_is_brought_back_by_an_import(ledger: Ledger, state: State) -> None:
    add(ledger, Newcomer("ada@example.com", state=state))
    assert add(ledger, ADA) == {"left": 1}
    found = ledger.subscribers.find("ada@example.com")
    assert found is not None
    assert (found.state, found.topics) == (state, frozenset())


def test_who_leaves_elsewhere_has_left_here(ledger: Ledger) -> None:
    add(ledger, ADA)
    assert add(ledger, Newcomer("ada@example.com", state="unsubscribed")) == {"renewed": 1}
    found = ledger.subscribers.find("ada@example.com")
    assert found is not None
    assert found.state == "unsubscribed"


def test_a_topic_that_was_given_up_stays_given_up(ledger: Ledger) -> None:
    add(ledger, ADA)
    found = ledger.subscribers.find("ada@example.com")
    assert found is not None
    ledger.wishes.unsubscribe(found.id, "page", "", NOON, ["acme"])
    add(ledger, ADA)
    again = ledger.subscribers.get(found.id)
    assert again is not None
    assert (again.topics, again.refused) == (frozenset(), ADA.topics)


def test_who_was_forgotten_is_not_imported_again(ledger: Ledger) -> None:
    add(ledger, ADA)
    found = ledger.subscribers.find("ada@example.com")
    assert found is not None
    assert ledger.wishes.forget(found.id, NOON)
    assert not ledger.wishes.forget(found.id, NOON)
    assert add(ledger, ADA) == {"left": 1}
    assert list(ledger.subscribers.everybody()) == []
    left = ledger.subscribers.find("ada@example.com")
    assert left is not None
    assert (left.state, left.reason, left.address, left.name, left.attributes) == ("blocked", "forgotten", "", "", {})
    assert "ada" not in left.key


def test_more_than_a_batch_comes_in_whole(ledger: Ledger) -> None:
    assert add(ledger, *(Newcomer(f"p{number}@example.com") for number in range(2_300))) == {"new": 2_300}
    assert len({one.id for one in ledger.subscribers.everybody()}) == 2_300

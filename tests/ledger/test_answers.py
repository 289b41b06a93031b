from __future__ import annotations

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest

from ledger.answers import KEPT, Answer
from ledger.store import Ledger
from tests.ledger.examples import NOON

SECOND = timedelta(seconds=1)


def test_the_first_request_is_worked_on_and_the_next_is_told(ledger: Ledger) -> None:
    assert ledger.answers.begin("a:1", "print", NOON) is None
    assert ledger.answers.begin("a:1", "print", NOON + SECOND) == Answer("print", None, None, NOON)
    ledger.answers.finish("a:1", 200, '{"id": "acme-2.4.0"}')
    assert ledger.answers.begin("a:1", "other", NOON + SECOND) == Answer("print", 200, '{"id": "acme-2.4.0"}', NOON)


def test_keys_are_apart(ledger: Ledger) -> None:
    assert ledger.answers.begin("a:1", "print", NOON) is None
    assert ledger.answers.begin("b:1", "print", NOON) is None


def test_a_request_of_which_nothing_came_may_be_tried_again(ledger: Ledger) -> None:
    ledger.answers.begin("a:1", "print", NOON)
    ledger.answers.forget("a:1")
    assert ledger.answers.begin("a:1", "print", NOON) is None


def test_an_answer_is_not_forgotten(ledger: Ledger) -> None:
    ledger.answers.begin("a:1", "print", NOON)
    ledger.answers.finish("a:1", 200, "{}")
    ledger.answers.forget("a:1")
    assert ledger.answers.begin("a:1", "print", NOON) is not None


@pytest.mark.parametrize(("age", "is_new"), [(KEPT, False), (KEPT + SECOND, True)])
def test_a_key_has_its_day(ledger: Ledger, age: timedelta, is_new: bool) -> None:
    ledger.answers.begin("a:1", "print", NOON)
    ledger.answers.finish("a:1", 200, "{}")
    assert (ledger.answers.begin("a:1", "another", NOON + age) is None) is is_new


def test_only_what_is_old_is_tidied_away(ledger: Ledger) -> None:
    ledger.answers.begin("a:old", "print", NOON)
    ledger.answers.begin("a:new", "print", NOON + KEPT)
    ledger.answers.tidy(NOON + KEPT + SECOND)
    assert ledger.answers.begin("a:new", "print", NOON + KEPT) is not None
    assert ledger.answers.begin("a:old", "print", NOON) is None


def test_of_fifty_at_once_one_works(ledger: Ledger) -> None:
    with ThreadPoolExecutor(16) as pool:
        found = list(pool.map(lambda _: ledger.answers.begin("a:1", "print", NOON), range(50)))
    assert Counter(one is None for one in found) == {True: 1, False: 49}


def test_giving_up_while_others_ask_hangs_nobody(ledger: Ledger) -> None:
    """The one who is first gives it up again and again while others ask: nobody hangs, nobody fails."""

    def ask(number: int) -> bool:
        is_mine = ledger.answers.begin("a:1", "print", NOON) is None
        if is_mine and number < 49:
            ledger.answers.forget("a:1")
        return is_mine

    with ThreadPoolExecutor(16) as pool:
        assert any(pool.map(ask, range(50)))

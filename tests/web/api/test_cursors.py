"""A cursor leads where it was taken from, and a made-up one nowhere."""

from __future__ import annotations

from base64 import urlsafe_b64encode
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ledger.pages import Place
from web.api import cursors
from web.api.problems import Problem

PLACE = Place(datetime(2026, 11, 23, 10, 0, 0, 123456, tzinfo=UTC), "acme-2.4.0-rc.1+build")


def test_a_place_comes_back() -> None:
    assert cursors.place(cursors.of_place(PLACE)) == PLACE
    assert cursors.of_place(None) is None
    assert cursors.place(None) is cursors.place("") is None


def test_a_number_comes_back() -> None:
    assert cursors.number(cursors.of_number(77)) == 77
    assert (cursors.of_number(None), cursors.number(None)) == (None, 0)


def coded(text: str) -> str:
    return urlsafe_b64encode(text.encode()).decode()


@pytest.mark.parametrize(
    "cursor",
    [
        "x",
        "ü",
        "AAAA" * 200,
        coded("null"),
        coded("true"),
        coded("[" * 300),
        coded('["yesterday", "acme-1.0"]'),
        coded('["2026-11-23T10:00:00Z", "acme-1.0\\u0000"]'),
        coded('["2026-11-23T10:00:00Z", "acme-1.0\\n"]'),
        coded('["0001-01-01T00:00:00+23:59", "acme-1.0"]'),
        coded('["2026-11-23T10:00:00Z"]'),
        coded("-1"),
        coded("99999999999"),
    ],
)
def test_a_made_up_cursor_is_refused(cursor: str) -> None:
    for read in (cursors.place, cursors.number):
        with pytest.raises(Problem) as told:
            read(cursor)
        assert told.value.status == 422


@given(st.text(max_size=500) | st.binary(max_size=300).map(lambda some: urlsafe_b64encode(some).decode()))
def test_nothing_else_than_a_problem_comes_of_any_text(cursor: str) -> None:
    for read in (cursors.place, cursors.number):
        try:
            read(cursor)
        except Problem as told:
            assert told.status == 422

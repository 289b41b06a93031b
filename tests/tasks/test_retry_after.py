"""Whoever asks us to wait says so in one of two ways, and in four spellings."""

from __future__ import annotations

import pytest

from tasks.retry_after import retry_after

NOW = "Sun, 06 Nov 1994 08:49:37 GMT"


@pytest.mark.parametrize(
    ("said", "waits"),
    [
        ("120", 120),
        (" 0 ", 0),
        ("0.5", 0.5),
        ("Sun, 06 Nov 1994 08:50:37 GMT", 60),
        ("Sunday, 06-Nov-94 08:50:37 GMT", 60),
        ("Sun Nov  6 08:50:37 1994", 60),
        ("Sun, 06 Nov 1994 08:50:37 -0000", 60),
        ("Sat, 05 Nov 1994 08:49:37 GMT", 0),
    ],
)
def test_a_wait_is_so_many_seconds_or_until_a_moment(said: str, waits: float) -> None:
    assert retry_after({"Retry-After": said, "Date": NOW}) == waits


@pytest.mark.parametrize("said", ["", "-5", "nan", "inf", "1e3", "²", "soon", "0x10", "Mon, 99 Foo 20000 99:99"])
def test_nonsense_is_no_wait(said: str) -> None:
    assert retry_after({"Retry-After": said, "Date": NOW}) is None


@pytest.mark.parametrize("now", ["", "nonsense"])
def test_who_does_not_say_what_time_it_is_has_ours(now: str) -> None:
    assert retry_after({"Retry-After": NOW, "Date": now}) == 0
    assert retry_after({"Retry-After": "Fri, 31 Dec 9999 23:59:59 GMT", "Date": now}) is not None

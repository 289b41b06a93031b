"""Receivers in the order of their ids, whether they fit into memory or not."""

from __future__ import annotations

import tracemalloc
from collections.abc import Iterator
from datetime import UTC, datetime
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ledger import neighbours
from ledger.neighbours import Named, in_order

IDS = st.binary(min_size=16, max_size=16).map(lambda digest: str(UUID(bytes=digest)))
TEXT = st.text(max_size=5)
WHEN = st.none() | st.datetimes(timezones=st.just(UTC))
NAMED = st.builds(Named, IDS, TEXT, st.none() | TEXT, TEXT, WHEN)


@pytest.mark.parametrize("fit", [1, 3, 10_000])
@given(told=st.lists(NAMED, max_size=20))
def test_all_of_them_come_back_as_they_were_by_id(fit: int, told: list[Named]) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(neighbours, "IN_MEMORY", fit)
        found = list(in_order(told))
    assert found == sorted(told, key=lambda one: one.id)
    assert all(isinstance(one, Named) for one in found)


def test_of_those_with_one_id_the_first_stays_the_first(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(neighbours, "IN_MEMORY", 2)
    told = [Named(str(UUID(int=7)), f"{number}@example.com", None, "", None) for number in range(9)]
    assert list(in_order(told)) == told


def test_few_of_them_are_in_memory_however_many_they_are(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(neighbours, "IN_MEMORY", 1_000)
    tracemalloc.start()
    peaks = []
    for many in (5_000, 50_000):
        tracemalloc.reset_peak()
        assert sum(1 for _ in in_order(_many(many))) == many
        peaks.append(tracemalloc.get_traced_memory()[1])
    tracemalloc.stop()
    assert peaks[1] < 2 * peaks[0]


def _many(count: int) -> Iterator[Named]:
    now = datetime.now(UTC)
    step = 2**128 // count
    for number in range(count):
        yield Named(str(UUID(int=(number * 7 % count) * step)), f"person-{number}@example.com", None, "en", now)

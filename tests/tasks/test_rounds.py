"""A round reads what has news, and everything by and by."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from ledger.index import SHAPE, Head
from tasks.boards.board import Fate
from tasks.rounds import EVERY, JUST_NOW, SLICE, run_ids, worth_reading
from tests.checklists.launches import NOW

LONG_AGO = NOW - timedelta(days=1)
MANY = SLICE * 5 + 7


def head(number: int, updated_at: datetime = LONG_AGO, wake_at: datetime | None = None, **said: Any) -> Head:
    about = {"shape": SHAPE, "behind": [], "runs": [f"run-{number}"], **said}
    return Head(f"acme-{number}", "acme", str(number), 9, "", True, LONG_AGO, updated_at, about, wake_at)


def read(heads: list[Head], now: datetime = NOW, over: Mapping[str, Fate] | None = None) -> set[str]:
    return {found.launch_id for found in worth_reading(heads, over or {}, now)}


def quiet(now: datetime = NOW) -> tuple[list[Head], int]:
    """Many launches, and one of them whose turn it is not."""
    heads = [head(number) for number in range(MANY)]
    chosen = read(heads, now)
    assert len(chosen) == SLICE
    return heads, next(n for n in range(MANY) if f"acme-{n}" not in chosen)


def test_a_small_installation_is_read_whole() -> None:
    assert read([head(number) for number in range(SLICE)]) == {f"acme-{number}" for number in range(SLICE)}
    assert read([]) == set()


def test_every_launch_has_its_turn() -> None:
    heads, _ = quiet()
    rounds = [read(heads, NOW + EVERY * number) for number in range(-(-MANY // SLICE))]
    assert set().union(*rounds) == {f"acme-{number}" for number in range(MANY)}


def test_what_is_due_is_read_at_once_and_not_before() -> None:
    heads, n = quiet()
    heads[n] = head(n, wake_at=NOW + timedelta(seconds=1))
    assert f"acme-{n}" not in read(heads)
    heads[n] = head(n, wake_at=NOW)
    assert f"acme-{n}" in read(heads)


def test_what_was_written_to_just_now_is_read() -> None:
    heads, n = quiet()
    heads[n] = head(n, updated_at=NOW - JUST_NOW + timedelta(seconds=1))
    assert f"acme-{n}" in read(heads)


def test_what_lost_a_flow_run_is_read() -> None:
    heads, n = quiet()
    assert f"acme-{n}" in read(heads, over={f"run-{n}": "cancelled"})


def test_what_waits_for_an_older_launch_is_read() -> None:
    heads, n = quiet()
    heads[n] = head(n, behind=["acme-1.0.0"])
    assert f"acme-{n}" in read(heads)


def test_what_the_index_does_not_know_is_read() -> None:
    heads, n = quiet()
    heads[n] = head(n, shape=SHAPE + 1)
    assert f"acme-{n}" in read(heads)
    assert f"run-{n}" not in run_ids(heads)

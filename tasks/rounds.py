"""Which launches a round of the patrol reads. Of thousands that wait for people, hardly any has something due.

Every round, all flow runs of all open launches are looked at, and every launch with something due by now, or that was
written to just now, is read. Beside these a slice of all launches is read whatever the index says, another one each
round: a small installation is read whole each time, one with `n` launches once in `n / SLICE` rounds.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from datetime import datetime, timedelta

from ledger.index import Head
from tasks.boards.board import Fate

SLICE = 100
EVERY = timedelta(seconds=30)  # as the patrol's schedule in deployments/prefect.yaml says
JUST_NOW = timedelta(seconds=40)  # a round and a bit: two writers may have shown an older state after a newer one


def run_ids(heads: Iterable[Head]) -> list[str]:
    """The flow runs of these launches, as far as the index knows."""
    return [run_id for head in heads if head.is_known for run_id in (head.summary or {})["runs"]]


def worth_reading(heads: Sequence[Head], over: Mapping[str, Fate], now: datetime) -> list[Head]:
    """Those a round has to read, in their order."""
    turn = _turn(heads, now)
    return [head for head in heads if head.launch_id in turn or _has_news(head, over, now)]


def _has_news(head: Head, over: Mapping[str, Fate], now: datetime) -> bool:
    if head.needs_a_look(now) or now - head.updated_at < JUST_NOW:
        return True
    said = head.summary or {}
    return bool(said["behind"]) or not over.keys().isdisjoint(said["runs"])


def _turn(heads: Sequence[Head], now: datetime) -> AbstractSet[str]:
    """The slice whose turn it is."""
    first = int(now.timestamp() // EVERY.total_seconds()) * SLICE
    return {heads[(first + place) % len(heads)].launch_id for place in range(min(SLICE, len(heads)))}

"""Thousands of open launches, written straight into the ledger, for the figures of large installations."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict
from datetime import UTC, date, datetime, timedelta
from uuid import uuid4

from sqlalchemy import insert

from checklists import entries as e
from checklists.checklist import Checklist
from checklists.due import due
from checklists.fold import fold
from checklists.launch import Launch
from ledger import schema
from ledger.chain import FIRST, seal
from ledger.index import said_of
from ledger.store import Ledger

AT_ONCE = 2_000


Line = Callable[[int, int], str]
"""Who signs the gate of this number in the launch of this number."""


def two_of_qa(launch: int, gate: int) -> str:
    return "2 of qa"


def checklist(gates: int, launch: int = 0, line: Line = two_of_qa) -> Checklist:
    """So many gates that are open from the start, due in ten days, and one that waits for them."""
    many = {
        f"gate-{n}": {"gate": f"Part {n} is right", "sign": [line(launch, n)], "due": "T-1d"}
        for n in range(1, gates + 1)
    }
    last = {"gate": "Go", "sign": ["1 of launch-managers"], "needs": list(many)}
    return Checklist.model_validate({"checklist": "bench", "items": {**many, "go": last}})


def seed(
    ledger: Ledger,
    launches: int,
    gates: int,
    now: datetime | None = None,
    base: str = "70",
    line: Line = two_of_qa,
) -> list[Launch]:
    """The launches, all of whose gates are open, asked for, and stand in flow runs that nobody has made."""
    at = now or datetime.now(UTC) - timedelta(hours=2)
    plans = (checklist(gates, number, line) for number in range(launches))
    made = [_entries(f"acme-{base}.0.{number}", plan, at) for number, plan in enumerate(plans)]
    folded = [fold(entries) for entries in made]
    assert not any(due(launch, at) for launch in folded)
    _insert(ledger, made, folded, at)
    return folded


def _entries(launch_id: str, plan: Checklist, at: datetime) -> list[e.Entry]:
    return [
        e.Entry(launch_id=launch_id, seq=seq, at=at, actor="tminus", data=fact)
        for seq, fact in enumerate(_facts(launch_id.removeprefix("acme-"), plan, at), 1)
    ]


def _facts(version: str, plan: Checklist, at: datetime) -> Iterator[e.Data]:
    due = at + timedelta(days=10)
    yield e.Started(
        release=e.Release(product="acme", title="Acme", version=version, tag=f"v{version}"),
        checklist=plan,
        order=tuple(plan.items),
        folder=".",
        launch_on=date.fromordinal(due.toordinal() + 1),
        dates=e.Dates(
            due={key: due for key, item in plan.items.items() if item.due},
            reminders={key: {"due": due} for key, item in plan.items.items() if item.due},
        ),
    )
    yield e.Attached(run_id=str(uuid4()), table_id=str(uuid4()), progress_id=str(uuid4()))
    open_now = [key for key, item in plan.items.items() if not item.needs]
    yield from (e.Opened(item=key, round=1) for key in open_now)
    for key in open_now:
        yield e.RunOpened(item=key, round=1, number=1, form="sign", run_id=str(uuid4()))
        yield e.Asked(item=key, round=1, mailing=1, people=())


def _insert(ledger: Ledger, made: Sequence[list[e.Entry]], folded: Sequence[Launch], at: datetime) -> None:
    rows, heads = [], []
    for entries, launch in zip(made, folded, strict=True):
        prev = FIRST
        for entry in entries:
            sealed = seal(entry, prev)
            prev = sealed.hash
            rows.append({"launch_id": launch.id, "seq": entry.seq, **asdict(sealed)})
        heads.append(_head(launch, prev, at))
    with ledger.database.writing() as connection:
        for start in range(0, len(rows), AT_ONCE):
            connection.execute(insert(schema.entries), rows[start : start + AT_ONCE])
        for start in range(0, len(heads), AT_ONCE):
            connection.execute(insert(schema.launches), heads[start : start + AT_ONCE])


def _head(launch: Launch, hash_: str, at: datetime) -> dict[str, object]:
    about = {"launch_id": launch.id, "product": launch.release.product, "version": launch.release.version}
    now = {"seq": launch.seq, "hash": hash_, "is_open": True, "started_at": at, "updated_at": at}
    return {**about, **now, **said_of(launch, at)}

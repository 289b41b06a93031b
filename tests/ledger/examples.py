"""Entries as a real launch of a 12-item checklist makes them."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

from checklists.checklist import Checklist
from checklists.entries import Attached, Data, Dates, Entry, Opened, Passed, Release, RunOpened, Signed, Started

LAUNCH = "acme-2.4.0"
NOON = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)
RUN_ID = "0199f3a2-7c1e-7e9a-b0a4-3d6a1a0c5b1e"


def checklist(size: int = 12) -> Checklist:
    items: dict[str, dict[str, Any]] = {
        f"review-{number}": {
            "gate": f"The part numbered {number} has been reviewed",
            "due": "T-3d",
            "sign": ["2 of qa", "1 of security"],
            "evidence": ["test-report"],
            "about": "Read the test report, then try what changed on the staging system. " * 2,
            "needs": [f"review-{number - 1}"] if number > 1 else [],
        }
        for number in range(1, size + 1)
    }
    return Checklist.model_validate({"checklist": "saas-feature", "tier": 2, "items": items})


def started(size: int = 12) -> Started:
    due = {f"review-{number}": NOON + timedelta(days=number) for number in range(1, size + 1)}
    release = Release(
        product="acme",
        title="Acme",
        version="2.4.0",
        tag="v2.4.0",
        commit="9f2c" * 10,
        repository="acme/acme",
        url="https://github.com/acme/acme/releases/tag/v2.4.0",
        notes="## Faster search ⚡\n" + "- Search answers in half the time, also in large projects\n" * 20,
    )
    return Started(
        release=release,
        checklist=checklist(size),
        order=tuple(checklist(size).items),
        folder="/srv/tminus/checklists",
        launch_on=date(2026, 12, 1),
        dates=Dates(due=due),
    )


def entry(seq: int, data: Data, launch_id: str = LAUNCH) -> Entry:
    return Entry(launch_id=launch_id, seq=seq, at=NOON + timedelta(seconds=seq), actor="ada@example.com", data=data)


def entries(count: int, launch_id: str = LAUNCH, first: int = 1) -> tuple[Entry, ...]:
    """The first `count` entries of a launch, from number `first`: started, attached, then item by item."""
    return tuple(entry(seq, _fact(seq), launch_id) for seq in range(first, first + count))


def _fact(seq: int) -> Data:
    if seq == 1:
        return started()
    if seq == 2:
        return Attached(run_id=RUN_ID, table_id=RUN_ID, progress_id=RUN_ID)
    item = f"review-{(seq - 3) // 4 % 12 + 1}"
    return (
        Opened(item=item, round=1),
        RunOpened(item=item, round=1, number=1, run_id=RUN_ID, form="sign"),
        Signed(
            item=item, round=1, decision="approve", name="Ada", roles=("qa",), comment="Tried it – fine", via="link"
        ),
        Passed(item=item, round=1),
    )[(seq - 3) % 4]

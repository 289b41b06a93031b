"""What the messages are filled with, and what somebody with bad intentions would write."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

NOON = datetime(2026, 11, 26, 12, 0, tzinfo=UTC)

EVIL = (
    "<img src=x onerror=alert(1)> **bold** [click](javascript:alert(1)) "
    "{{ 7*7 }} {% raw %} | `x` <!channel> \r\nBcc: b@c.de"
)

ANNOUNCEMENT: dict[str, Any] = {
    "product": "Acme Reports",
    "version": "2.4.0",
    "headline": "Exports in the background",
    "notes": "Large exports take **seconds**.\n\n* CSV\n* [Parquet](https://acme.example/parquet)\n",
    "link": "https://acme.example/changes/2.4.0?a=1&b=2",
    "organisation": "Acme GmbH",
    "postal_address": "Lindenstraße 12, 10969 Berlin",
}

FORM: dict[str, Any] = {
    "rehearsal": "",
    "product": "Acme Reports",
    "version": "2.4.0",
    "title": "QA sign-off",
    "round": 2,
    "due": NOON,
    "about": "Look at the **report**.",
    "quorum": ["2 of qa", "1 of security"],
    "signed": [{"by": "Ada", "notes": ["2 of qa", "their own work"], "at": NOON}],
    "missing": ["1 of qa", "1 of security"],
    "evidence": [
        {"name": "test-report", "url": "https://ci.example/1", "notes": ["sha256 ab12…", "from Ada"]},
        {"name": "scan", "url": "", "notes": []},
    ],
    "materials": ["training/support.md", "https://acme.example/course"],
    "asked": {"by": "Bob", "text": "Please test\nthe import, too"},
    "refused": "you have already signed this round",
    "code": True,
    "locked": True,
    "page": "https://launches.example/launches/acme-2.4.0/qa",
    "changes": ["3 commits", "src/import.py"],
    "confirm": ["Ada", "Cat"],
    "bound": "the code at 9f2c9f2c9f2c",
    "self_sign": True,
    "authors_unknown": "the host does not answer",
}

REPORT: dict[str, Any] = {
    "product": "Acme Reports",
    "version": "2.4.0",
    "status": "launched",
    "ending": "replaced by acme-2.5.0: newer",
    "checklist": "saas-feature",
    "started": NOON,
    "ended": "2026-12-01T09:30:00+01:00",
    "items": [
        {"title": "QA sign-off", "status": "passed", "rounds": 2, "signed": ["Ada", "Bob"], "ended": NOON},
        {"title": "Post-launch review", "status": "waived", "rounds": 1, "signed": [], "ended": None},
    ],
    "own_work": [{"title": "QA sign-off", "people": ["Ada"]}],
    "waivers": [{"title": "Post-launch review", "by": "Eve", "reason": "nobody was hurt", "until": NOON}],
    "deliveries": [{"announcement": "announce-internal", "channel": "email", "state": "accepted", "count": 12}],
}


def evil(values: dict[str, Any], *but: str) -> dict[str, Any]:
    """The same values, every text in them (save those named) replaced by the worst one."""
    return {key: value if key in but else _evil(value) for key, value in values.items()}


def _evil(value: Any) -> Any:
    if isinstance(value, str):
        return EVIL
    if isinstance(value, dict):
        return evil(value, "at", "ended", "until")
    return [_evil(inner) for inner in value] if isinstance(value, list) else value

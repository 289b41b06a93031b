"""The record reads like a story, and every kind of entry has its sentence."""

from __future__ import annotations

from datetime import date
from typing import Any, get_args

import pytest

from checklists import entries as e
from checklists.item_entries import OfItem
from templates.item_story import item_sentence
from templates.story import sentence, told
from tests.checklists.launches import NOW

KINDS = get_args(get_args(e.Data)[0])
SHA = "ab12" * 16
DIFFERENCE = {"base": "v2.3.0", "count": 12, "files": ["a", "b"], "authors": ["ada@example.com"]}
QA = {"item": "qa", "round": 1}


def say(kind: str, who: str = "eve@example.com", **said: Any) -> str:
    data = next(one for one in KINDS if one.model_fields["kind"].default == kind).model_validate(said)
    return told(e.Entry(launch_id="acme-2.4.0", seq=1, at=NOW, actor=who, data=data))


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.__name__)
def test_every_kind_of_entry_has_a_sentence_of_its_own(kind: type) -> None:
    dispatch: Any = item_sentence if issubclass(kind, OfItem) else sentence
    assert kind in dispatch.registry


@pytest.mark.parametrize(
    ("kind", "said", "reads"),
    [
        (
            "retagged",
            {"commit": "9f2c" * 10, "tag": "v2.4.0", "via": "webhook", "proof": "tminus", "difference": DIFFERENCE},
            "eve@example.com moved the release to 9f2c9f2c9f2c (v2.4.0) by webhook: "
            "12 commits by 1 author changed 2 files since v2.3.0",
        ),
        (
            "compared",
            {"difference": {"why": "no git address"}},
            "the release was compared with the one before: what is different is not known: no git address",
        ),
        (
            "rostered",
            {"rosters": {"qa": ["ada@example.com"], "docs": []}},
            "other people hold a role now: qa is ada@example.com; docs is nobody",
        ),
        ("proceeded", {}, "the older launches it waited for are out of the way"),
        (
            "denied",
            {"what": "hold", "reason": "no", "proof": "token", "via": "api"},
            "eve@example.com tried to hold the launch over the API and was refused: no",
        ),
        (
            "abandoned",
            {"reason": "the market has gone", "proof": "command"},
            "eve@example.com abandoned the launch by command, at tminus's own machine: the market has gone",
        ),
        (
            "abandoned",
            {"reason": "newer", "ending": "replaced", "successor": "acme-2.5.0"},
            "acme-2.5.0 took its place: newer",
        ),
        (
            "abandoned",
            {"reason": "its flow run was cancelled", "ending": "cancelled", "via": "prefect"},
            "the launch was cancelled in the Prefect UI: its flow run was cancelled",
        ),
        (
            "rescheduled",
            {"launch_on": date(2026, 12, 1), "dates": {}},
            "eve@example.com moved the launch to 2026-12-01",
        ),
        ("closed", {}, "closed: every item has ended"),
    ],
)
def test_what_happened_to_a_launch(kind: str, said: dict[str, Any], reads: str) -> None:
    assert say(kind, **said) == reads


def test_a_start_says_what_is_new_and_what_it_waits_for() -> None:
    from tests.checklists.launches import decided, start

    started = decided(None, start())[0].data
    assert isinstance(started, e.Started)
    waits = started.model_copy(
        update={"behind": ("acme-2.3.0",), "difference": e.Difference.model_validate(DIFFERENCE)}
    )
    assert sentence(waits, "eve@example.com") == (
        "eve@example.com started acme 2.4.0 with example; "
        "12 commits by 1 author changed 2 files since v2.3.0; it waits for acme-2.3.0"
    )

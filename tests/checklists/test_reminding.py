"""Numbers of days and the ladder, as they are written."""

from __future__ import annotations

import pytest
from pydantic import TypeAdapter, ValidationError

from checklists.reminding import BusinessDays, Escalation, Ladder

DAYS: TypeAdapter[int] = TypeAdapter(BusinessDays)
LADDER: TypeAdapter[tuple[Escalation, ...]] = TypeAdapter(Ladder)


@pytest.mark.parametrize(("given", "days"), [("0d", 0), ("1d", 1), ("365d", 365), (2, 2)])
def test_days_are_read(given: object, days: int) -> None:
    assert DAYS.validate_python(given) == days


@pytest.mark.parametrize("given", ["1", "d", "1w", "-1d", "1.5d", "366d", "1 d", "١d", True, None, [1], -1, 366, 1.0])
def test_what_is_no_number_of_days_is_refused(given: object) -> None:
    with pytest.raises(ValidationError):
        DAYS.validate_python(given)


def test_a_ladder_is_read_as_it_is_written() -> None:
    written = [{"1d": "team-lead"}, {"2d": "launch-managers"}]
    ladder = LADDER.validate_python(written)
    assert [(step.after, step.role) for step in ladder] == [(1, "team-lead"), (2, "launch-managers")]
    assert LADDER.dump_python(ladder, mode="json") == written
    assert LADDER.validate_json(LADDER.dump_json(ladder)) == ladder
    assert LADDER.validate_python(ladder) == ladder


@pytest.mark.parametrize(
    "step",
    [
        "1d",
        {},
        {"1d": "QA"},
        {"1d": ""},
        {"1": "qa"},
        {"1d": "qa", "2d": "qa"},
        {"400d": "qa"},
        {"1d": ["qa"]},
        None,
        5,
    ],
)
def test_what_is_no_step_is_refused(step: object) -> None:
    with pytest.raises(ValidationError):
        LADDER.validate_python([step])


def test_a_ladder_ends() -> None:
    with pytest.raises(ValidationError):
        LADDER.validate_python([{f"{day}d": "qa"} for day in range(11)])

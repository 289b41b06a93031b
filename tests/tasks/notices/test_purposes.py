"""A purpose says what a notice is for, and the same thing is never said in two ways."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from tasks.notices.purposes import LONGEST, Purpose, of_step, read

AT = datetime(2026, 11, 26, 17, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    "text",
    ["ask/1/1", "reaffirm/2/3", "changes/2/1", "expired/3/1", "remind/1/before/2026-11-26", "doubt/2/correction/1"],
)
def test_a_purpose_reads_as_it_was_written(text: str) -> None:
    found = read(text)
    assert found is not None
    assert str(found) == text


def test_a_purpose_says_round_and_mailing() -> None:
    assert read("ask/2/3") == Purpose("ask", 2, "3")
    assert Purpose("ask", 2, "3").mailing == 3
    assert of_step(1, "before", AT).mailing is None


def test_steps_of_the_ladder_escalate() -> None:
    assert str(of_step(1, "due", AT)) == "remind/1/due/2026-11-26"
    assert str(of_step(2, "1d:team-lead", AT)) == "escalate/2/1d:team-lead/2026-11-26"


def test_long_roles_fit_and_stay_different() -> None:
    roles = [
        "a-role-with-a-name-as-long-as-names-of-roles-may-ever-become",
        "a-role-with-a-name-as-long-as-names-of-roles-x",
    ]
    texts = [str(of_step(1, f"1d:{role}", AT)) for role in roles]
    assert all(len(text) <= LONGEST and read(text) for text in texts)
    assert len(set(texts)) == 2


@pytest.mark.parametrize("text", ["announcement", "", "ask", "ask/1", "ask/x/1", "ask/1/x", "ask/1/", "shout/1/1"])
def test_anything_else_is_no_purpose_of_ours(text: str) -> None:
    assert read(text) is None

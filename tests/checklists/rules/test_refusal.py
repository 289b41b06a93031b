"""A "no" says whether it is about who asks, or about how things stand."""

from __future__ import annotations

import pytest

from checklists.commands import Command, Complete, Hold, Resume, Sign
from checklists.decide import decide
from checklists.rules.refusal import Refusal
from tests.checklists.launches import ADA, DAN, EVE, NOW, STRANGER, begun, told

SIGNED = told(begun(), Sign(by=ADA, item="qa", decision="approve"))


@pytest.mark.parametrize(
    ("command", "may_not"),
    [
        (Hold(by=ADA, reason="frozen"), True),
        (Sign(by=STRANGER, item="qa", decision="approve"), True),
        (Sign(by=DAN, item="qa", decision="approve"), True),
        (Complete(by=ADA, item="guide"), True),
        (Sign(by=ADA, item="qa", decision="approve"), False),
        (Sign(by=EVE, item="go", decision="approve"), False),
        (Resume(by=EVE), False),
        (Sign(by=ADA, item="nothing", decision="approve"), False),
    ],
)
def test_a_refusal_says_whether_waiting_would_change_anything(command: Command, may_not: bool) -> None:
    answer = decide(SIGNED, command, NOW)
    assert isinstance(answer, Refusal)
    assert answer.may_not is may_not

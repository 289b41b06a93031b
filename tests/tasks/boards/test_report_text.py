"""The report tells how a launch ended, who signed, what was let through and what was sent."""

from __future__ import annotations

from dataclasses import replace

from checklists.commands import Abandon, Waive
from checklists.launch import Launch
from tasks.boards.report_text import report
from tests.checklists.launches import ADA, EVE, begun, finished, sign, told


def test_the_report_says_who_signed_and_who_was_told() -> None:
    told_of = report(finished(begun()), [("tell", "email", "accepted", 2), ("tell", "email", "unknown", 1)])
    for text in ("Acme", "2.4.0", "QA sign-off", "Ada", "Ben", "Cat", "unknown", "closed"):
        assert text in told_of
    assert "| email | accepted | 2 |" in told_of


def test_a_launch_that_sent_nothing_says_so() -> None:
    assert "Nothing was sent." in report(begun(), [])


def test_a_waiver_stands_with_its_reason() -> None:
    told_of = report(told(begun(), Waive(by=EVE, item="qa", reason="only the **colour** changed")), [])
    assert "Let through by a waiver" in told_of
    assert "| QA sign-off | eve@example.com | only the \\*\\*colour\\*\\* changed | – |" in told_of
    assert "Let through" not in report(begun(), [])


def test_what_authors_signed_themselves_is_named() -> None:
    launch = told(begun(), sign(ADA, "qa"))
    state = launch.items["qa"]
    own = tuple(replace(one, self_signed=True) for one in state.signatures)
    mine = replace(launch, items={**launch.items, "qa": replace(state, signatures=own)})
    assert "## Signed by authors of what was signed\n\n- QA sign-off: Ada" in report(mine, [])
    assert "Signed by authors" not in report(launch, [])


def ended(**said: str) -> Launch:
    return told(begun(), Abandon(by=EVE, reason="the market has gone", **said))  # type: ignore[arg-type]


def test_every_ending_is_told_apart() -> None:
    assert "abandoned: the market has gone" in report(ended(), [])
    assert "replaced by acme-2.5.0: the market" in report(ended(ending="replaced", successor="acme-2.5.0"), [])
    assert "cancelled: the market has gone" in report(ended(ending="cancelled"), [])

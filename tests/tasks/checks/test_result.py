"""A result is plain, printable and bounded, whatever it was made of."""

from __future__ import annotations

import pytest

from tasks.checks.result import CheckResult, judged


@pytest.mark.parametrize(
    ("said", "kept"),
    [
        ("a\nb\r\tc", "a b  c"),
        ("\x1b[31mred\x1b[0m", "[31mred [0m"),
        ("nul\x00", "nul"),
        ("right\u202eto left", "right to left"),
        ("lone \ud800 surrogate", "lone   surrogate"),
        ("x" * 501, "x" * 499 + "…"),
        ("x" * 500, "x" * 500),
        ("ünïcödé ☕", "ünïcödé ☕"),
    ],
)
def test_findings_are_one_printable_line_each(said: str, kept: str) -> None:
    assert judged([said], looked_at=1, good="", bad=said) == CheckResult(
        ok=False, summary=kept, findings=(kept,), looked_at=1
    )


def test_findings_beyond_fifty_are_counted() -> None:
    findings = judged(map(str, range(1000)), looked_at=1, good="", bad="").findings
    assert (len(findings), findings[48], findings[49]) == (50, "48", "… and 951 more")


def test_a_result_survives_being_written_down() -> None:
    result = judged(map(str, range(60)), looked_at=60, good="", bad="60 problems")
    assert CheckResult.model_validate_json(result.model_dump_json()) == result

"""What a check found: whether all is well and, where not, sentences that say what to do."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable
from typing import Annotated

from pydantic import BeforeValidator

from checklists.errors import LaunchError
from checklists.value import Value

FINDINGS = 50
LENGTH = 500
UNPRINTABLE = ("Cc", "Cf", "Cs", "Zl", "Zp")


class CheckFailed(LaunchError):
    """A check could not look at what it was told to; its sentence becomes the check's finding."""


def _line(text: str) -> str:
    """One line that is safe to print, store and mail, whatever a stranger's server or program said."""
    clean = "".join(" " if unicodedata.category(char) in UNPRINTABLE else char for char in text[: 2 * LENGTH]).strip()
    return clean if len(clean) <= LENGTH else f"{clean[: LENGTH - 1]}…"


def _bounded(findings: Iterable[str]) -> tuple[str, ...]:
    found = tuple(findings)
    if len(found) <= FINDINGS:
        return found
    return (*found[: FINDINGS - 1], f"… and {len(found) - FINDINGS + 1} more")


Line = Annotated[str, BeforeValidator(_line)]


class CheckResult(Value):
    """The outcome of one attempt; plain data, bounded in size."""

    ok: bool
    summary: Line
    findings: Annotated[tuple[Line, ...], BeforeValidator(_bounded)] = ()
    looked_at: int = 0


def judged(findings: Iterable[str], *, looked_at: int, good: str, bad: str) -> CheckResult:
    """The result of having looked: all is well exactly when nothing was found."""
    found = tuple(findings)
    return CheckResult(ok=not found, summary=bad if found else good, findings=found, looked_at=looked_at)

"""What can break. A person's "no" is not here: it is a `Refusal`, an outcome."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path


class LaunchError(Exception):
    """The root of everything tminus raises: one sentence with the facts and what to do."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that is wrong in a file: where it stands and what would be right."""

    file: Path
    line: int | None
    path: str
    problem: str

    def __str__(self) -> str:
        place = str(self.file) if self.line is None else f"{self.file}:{self.line}"
        return ": ".join(part for part in (place, self.path, self.problem) if part)


class InvalidFile(LaunchError):
    """A checklist or organisation file that cannot be used; carries every finding, not only the first."""

    def __init__(self, *findings: Finding) -> None:
        super().__init__("\n".join(str(finding) for finding in findings))
        self.findings = findings


class Unreachable(LaunchError):
    """The database or the Prefect server does not answer; trying again later is safe."""

"""Commands on release notes."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path
from typing import Literal


def notes(
    span: str,
    *,
    audience: Literal["customer", "admin", "developer", "internal"] = "customer",
    repo: Path = Path(),
    format: Literal["markdown", "html", "text", "json"] = "markdown",
) -> None:
    """Draft the release notes of a range of commits, for one audience. Needs a git repository and nothing else.

    Parameters
    ----------
    span
        The release before and this one: v1.0..v1.1.
    audience
        Who reads them.
    repo
        The repository; this folder when left out.
    format
        How they are written.
    """
    from tasks.changes.notes import draft, written

    drafted = draft(repo, span)
    for warning in drafted.warnings:
        print(warning, file=sys.stderr)
    sys.stdout.write(written(drafted, audience, format))


COMMANDS: dict[str, Callable[..., None]] = {"notes": notes}

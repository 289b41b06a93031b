"""Commands on release notes."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path
from typing import Literal

from deployments.answers import No
from deployments.wiring import Flag


def notes(
    span: str = "",
    *,
    audience: Literal["customer", "admin", "developer", "internal"] = "customer",
    repo: Path = Path(),
    format: Literal["markdown", "html", "text", "json"] = "markdown",
    check: Flag = False,
) -> None:
    """Draft the notes of a release for one audience, from git alone.

    Parameters
    ----------
    span
        A release, or two: v1.1, or v1.0..v1.1. What is not released yet, when left out.
    audience
        Who reads them.
    repo
        The repository; this folder when left out.
    format
        How they are written.
    check
        Say what they lack, and end with status 1 where it is anything.
    """
    from tasks.changes.ranges import span_of
    from tasks.notes.from_git import draft, lacking, written

    drafted = draft(repo, span_of(repo, span))
    for warning in drafted.warnings:
        print(warning, file=sys.stderr)
    sys.stdout.write(written(drafted, audience, format))
    sys.stdout.flush()
    if check and (found := lacking(drafted, audience)):
        raise No("\n".join(map(str, found)))


COMMANDS: dict[str, Callable[..., None]] = {"notes": notes}

"""`tminus notes`: what a release brings, or each of several, for one audience; from git alone."""

from __future__ import annotations

import sys
from pathlib import Path

from checklists.notes.change import Audience
from checklists.notes.linking import home_at
from deployments.answers import No, plain
from tasks.changes.history import origin_of
from tasks.changes.ranges import span_of, spans_between
from tasks.notes.from_git import Draft, Format, draft, drafts, lacking, left_out, written, written_each


def draft_notes(
    repository: Path, span: str, audience: Audience, folder: str, format_: Format, *, each: bool, check: bool
) -> None:
    """Print them; raise No where they were to be checked and lack something."""
    home = home_at(origin_of(repository))
    if each:
        found = dict(drafts(repository, spans_between(repository, span), folder, home))
        text = written_each(found, audience, format_)
    else:
        found = {"": draft(repository, span_of(repository, span), folder=folder, home=home)}
        text = written(found[""], audience, format_)
    for name, one in found.items():
        for warning in (*one.warnings, *left_out(one, audience)):
            print(plain(_of(name, warning)), file=sys.stderr)
    sys.stdout.write(text)
    sys.stdout.flush()
    if check and (lacks := _lacking(found, audience)):
        raise No("\n".join(lacks))


def _lacking(found: dict[str, Draft], audience: Audience) -> list[str]:
    return [plain(_of(name, str(said))) for name, one in found.items() for said in lacking(one, audience)]


def _of(name: str, said: str) -> str:
    return f"{name}: {said}" if name else said

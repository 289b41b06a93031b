"""The notes of a release, drafted from the history of a repository."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from checklists.errors import LaunchError
from checklists.notes.change import Audience, Change
from checklists.notes.collecting import collect, merged
from checklists.notes.findings import Finding, Style, of_changes, of_text
from checklists.notes.fragments import FOLDERS, is_fragment, read_fragment
from checklists.notes.told import as_data, values
from tasks.changes.history import added_files, commits, is_shallow
from templates.markup import PLAIN, blocks, html
from templates.render import render_markdown

Format = Literal["markdown", "html", "text", "json"]


@dataclass(frozen=True, slots=True)
class Draft:
    """What a release brings, and what its reader should know of the draft itself."""

    changes: tuple[Change, ...]
    commits: int
    reverted: int
    warnings: tuple[str, ...] = ()


def draft(repository: Path, span: str) -> Draft:
    """The changes of a range such as `v1.0..v1.1`. Raises NoHistory where git knows no such range."""
    old, dots, new = span.partition("..")
    if not (old and dots and new) or new.startswith("."):
        raise LaunchError(f"{span!r} is no range; name the release before and this one, such as v1.0..v1.1")
    found = collect(commits(repository, span))
    changes = merged(found.changes, _fragments(repository, span)) if found.commits else ()
    return Draft(changes, found.commits, found.reverted, tuple(_warnings(repository, span, found.commits)))


def _fragments(repository: Path, span: str) -> Iterator[Change]:
    for path, text in added_files(repository, span, FOLDERS):
        if is_fragment(path):
            yield from read_fragment(path, text)


def _warnings(repository: Path, span: str, count: int) -> list[str]:
    said = []
    if is_shallow(repository):
        said.append("this clone is shallow: older commits may be missing; run git fetch --unshallow")
    if count == 0:
        said.append(f"{span} holds no commits; the newer release comes second")
    return said


def lacking(drafted: Draft, audience: Audience) -> tuple[Finding, ...]:
    """What keeps this draft from being good enough for its audience."""
    text = written(drafted, audience, "markdown")
    return (*of_changes(drafted.changes, (audience,)), *of_text(text, audience, Style()))


def written(drafted: Draft, audience: Audience, as_: Format) -> str:
    """The notes for an audience, as text of this format; ends with a line end."""
    if as_ == "json":
        said = [as_data(change, audience) for change in drafted.changes if audience in change.concerns]
        return json.dumps({"audience": audience, "changes": said}, ensure_ascii=False, indent=2) + "\n"
    markdown = render_markdown("notes", f"{audience}.md", {"sections": values(drafted.changes, audience), "links": {}})
    match as_:
        case "html":
            return str(html(markdown))
        case "text":
            return "\n\n".join(blocks(markdown, PLAIN)) + "\n"
    return markdown

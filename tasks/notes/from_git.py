"""The notes of a release, drafted from the history of a repository."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any, Literal

from checklists.errors import LaunchError
from checklists.notes.change import UNSORTED, Audience, Change, unsorted
from checklists.notes.collecting import collect, merged
from checklists.notes.commit import Commit
from checklists.notes.findings import Finding, lines_of, of_changes, of_text
from checklists.notes.folder import folder_of, pathspec
from checklists.notes.fragments import FOLDERS, is_fragment, read_fragment
from checklists.notes.linking import FOLLOW, Home, links_of
from checklists.notes.logins import with_logins
from checklists.notes.told import as_data, values
from tasks.changes.added import Added, added_files, added_in_each
from tasks.changes.history import answer, commits, histories, is_shallow, touching
from tasks.notes.passages import passages
from templates.filling import render_markdown
from templates.markup import PLAIN, blocks, html
from templates.words import in_json, md

Format = Literal["markdown", "html", "text", "json"]
NOWHERE = Home()
Telling = Callable[[tuple[Change, ...]], tuple[Change, ...]]


@dataclass(frozen=True, slots=True)
class Draft:
    """What a release brings, and what its reader should know of the draft itself."""

    changes: tuple[Change, ...]
    commits: int
    reverted: int
    warnings: tuple[str, ...] = ()
    home: Home = NOWHERE


def draft(repository: Path, span: str, told: Telling | None = None, folder: str = "", home: Home = NOWHERE) -> Draft:
    """The changes of a range such as `v1.0..v1.1`. Raises NoHistory where git knows no such range.

    Where a `folder` is named, only those that touch it. `told` are the same changes as somebody tells them who knows
    better than commits; fragments know better still.
    """
    old, dots, new = span.partition("..")
    if not (old and dots and new) or new.startswith("."):
        raise LaunchError(f"{span!r} is no range; name the release before and this one, such as v1.0..v1.1")
    inside, is_cut = _inside(folder), is_shallow(repository)
    found = partial(added_files, repository, span, FOLDERS)
    return _draft(repository, span, commits(repository, span), found, told, inside, is_cut, home)


def drafts(
    repository: Path, spans: Mapping[str, str], folder: str = "", home: Home = NOWHERE
) -> Iterator[tuple[str, Draft]]:
    """The same for each of these ranges, by its name. Raises NoHistory."""
    folder, is_cut = _inside(folder), is_shallow(repository)
    each = histories(repository, spans.values()), added_in_each(repository, spans.values(), FOLDERS)
    for (name, span), history, found in zip(spans.items(), *each, strict=True):
        yield name, _draft(repository, span, history, found, None, folder, is_cut, home)


def _draft(
    repository: Path,
    span: str,
    history: Iterable[Commit],
    added: Callable[[], Iterable[Added]],
    told: Telling | None,
    folder: str,
    is_cut: bool,
    home: Home,
) -> Draft:
    found = collect(history, touching(repository, span, folder) if folder else None)
    said = told(found.changes) if told else found.changes
    changes = merged(said, _fragments(repository, span, folder, said, added())) if found.commits else ()
    warnings = tuple(_warnings(span, folder, found.commits, is_cut))
    return Draft(with_logins(changes, home), found.commits, found.reverted, warnings, home)


def _inside(folder: str) -> str:
    try:
        return folder_of(folder)
    except ValueError as error:
        raise LaunchError(str(error)) from error


def _fragments(
    repository: Path, span: str, folder: str, changes: tuple[Change, ...], added: Iterable[Added]
) -> Iterator[Change]:
    """Of a folder: its own, and what those for the whole repository say of its changes."""
    known = {name for one in changes for name in (one.id, *one.references)}
    package = _package(repository, span, folder) if folder else ""
    for path, text, commit in added:
        is_its_own = path.startswith(f"{folder}/" if folder else "")
        if is_fragment(path) and (is_its_own or path.startswith(FOLDERS)):
            for one in read_fragment(path, text):
                if is_its_own or one.id in known or (package and package in one.scope.split(", ")):
                    yield one._replace(commits=(commit,))


def _package(repository: Path, span: str, folder: str) -> str:
    """What npm calls the package of a folder: changesets name it so. Empty where there is none."""
    release, file = span.partition("..")[2], pathspec(f"{folder}/package.json")
    listed = answer(repository, "ls-tree", "-z", "--full-tree", "--end-of-options", release, file).split()
    if listed[1:2] != ["blob"]:
        return ""
    try:
        told = json.loads(answer(repository, "cat-file", "blob", "--end-of-options", listed[2]))
    except (ValueError, RecursionError):
        return ""
    name = told.get("name") if isinstance(told, dict) else None
    return name if isinstance(name, str) else ""


def _warnings(span: str, folder: str, count: int, is_cut: bool) -> list[str]:
    said = []
    if is_cut:
        said.append("this clone is shallow: older commits may be missing; run git fetch --unshallow")
    if count == 0:
        where = f" that touch {folder}" if folder else ""
        said.append(f"{span} holds no commits{where}; the newer release comes second")
    return said


def left_out(drafted: Draft, audience: Audience) -> list[str]:
    """Nobody sorted them, so only the house reads them; whoever else asks is told that they are there."""
    said = unsorted(drafted.changes, (audience,))
    return [f"{said}: --audience internal"] if said else []


def lacking(drafted: Draft, audience: Audience) -> tuple[Finding, ...]:
    """What keeps this draft from being good enough for its audience."""
    from checklists.notes.style import Style  # takes longer than the notes, and few ask

    text = written(drafted, audience, "markdown")
    lines = lines_of(
        drafted.changes,
        {one.change: one.text for one in passages(drafted.changes, audience, _links(drafted, audience))},
    )
    return (*of_changes(drafted.changes, (audience,)), *of_text(text, audience, Style(), lines))


def written(drafted: Draft, audience: Audience, as_: Format) -> str:
    """The notes for an audience, as text of this format; ends with a line end."""
    if as_ == "json":
        return _json({"audience": audience, **_data(drafted, audience)})
    return _formatted(_marked(drafted, audience, as_), as_)


def _unsorted(drafted: Draft) -> int:
    return sum(one.type == UNSORTED for one in drafted.changes)


def _marked(drafted: Draft, audience: Audience, as_: Format) -> str:
    """With how many nobody sorted, for who edits the draft: to its readers it is nothing, but for the house."""
    text = _markdown(drafted, audience)
    if audience == "internal":
        count = _unsorted(drafted)
        return f"{text}\n{count} change{'s' if count > 1 else ''} in all that nobody sorted.\n" if count else text
    said = unsorted(drafted.changes, (audience,))
    return f"{text}\n<!-- {said}. -->\n" if said and as_ == "markdown" and "TODO:" not in text else text


def written_each(releases: Mapping[str, Draft], audience: Audience, as_: Format) -> str:
    """The same for several releases, each under its name."""
    if as_ == "json":
        said = [{"release": name, **_data(one, audience)} for name, one in releases.items()]
        return _json({"audience": audience, "releases": said})
    parts = (f"# {md(name)}\n\n{_marked(one, audience, as_)}" for name, one in releases.items())
    return _formatted("\n".join(parts), as_)


def _data(drafted: Draft, audience: Audience) -> dict[str, Any]:
    links = _links(drafted, audience)
    changes = [as_data(change, audience, links) for change in drafted.changes if audience in change.concerns]
    return {"changes": changes, "unsorted": _unsorted(drafted)}


def _json(said: Mapping[str, Any]) -> str:
    return in_json(said) + "\n"


def _markdown(drafted: Draft, audience: Audience) -> str:
    links = _links(drafted, audience)
    sections = values(drafted.changes, audience, links)
    said = {"sections": sections, "links": links, "silent": _silent(drafted, audience)}
    return render_markdown("notes", f"{audience}.md", said)


def _links(drafted: Draft, audience: Audience) -> dict[str, str]:
    return links_of(drafted.changes, drafted.home) if audience in FOLLOW else {}


def _silent(drafted: Draft, audience: Audience) -> int:
    """How many may concern them, for all that anybody has said: that nothing does would be untrue."""
    hidden = (one for one in drafted.changes if audience not in one.concerns)
    return sum(one.type == UNSORTED or one.is_breaking for one in hidden)


def _formatted(markdown: str, as_: Format) -> str:
    match as_:
        case "html":
            return str(html(markdown))
        case "text":
            return "\n\n".join(blocks(markdown, PLAIN)) + "\n"
    return markdown

"""What lies between two commits: who wrote it, which files, and how it begins; honest where that is not known."""

from __future__ import annotations

import re
from collections.abc import Iterator

from checklists.entries import Difference
from tasks.changes.git import GitFailed, Output
from tasks.changes.mirror import Mirror
from templates.words import clean, one_line

EMPTY = "4b825dc642cb6eb9a060e54bf8d69288fbee4904"
"""The tree with nothing in it, which git knows by this name: what a first release differs from."""
COMMITS, FILES, AUTHORS, TEXT = 100, 2_000, 2_000, 20_000  # what a Difference holds
SUBJECT = 200
NAMED = "--format=%h%x00%<(210,trunc)%s%x00"
WRITTEN = "--format=%ae%x00%an%x00%(trailers:key=Co-authored-by,valueonly,unfold,separator=%x01)%x00"
IN_BRACKETS = re.compile(r"<([^<>]*)>\s*$")
NOREPLY = re.compile(r"(?:\d+\+)?([^@+]+)@users\.noreply\.github\.com")


def compare(at: Mirror, base: str | None, head: str) -> Difference:
    """The difference of two full hashes; without a base, of everything up to `head`. Nothing is fetched."""
    try:
        if why := _incomparable(at, base, head):
            return Difference(base=base, head=head, why=why)
        return _compared(at, base, head)
    except GitFailed as error:
        return Difference(base=base, head=head, why=f"the two commits could not be compared: {error}"[:500])


def _incomparable(at: Mirror, base: str | None, head: str) -> str:
    """Why the answer would be wrong, if it would."""
    for commit in filter(None, (base, head)):
        if not at.has(commit):
            return f"commit {commit[:12]} is not in {at.address}"
    if at.ask("rev-parse", "--is-shallow-repository").lines != ["false"]:
        return f"{at.address} is a shallow copy that lacks older commits; name the whole repository"
    if base and at.ask("merge-base", base, head).status:
        return f"commits {base[:12]} and {head[:12]} share no history"
    return ""


def _compared(at: Mirror, base: str | None, head: str) -> Difference:
    span = (head, f"^{base}") if base else (head,)
    count = int(_told(at.ask("rev-list", "--count", *span)).lines[0])
    authors = frozenset(_authors(_told(at.ask("log", WRITTEN, *span))))
    if len(authors) > AUTHORS:
        raise GitFailed(f"{len(authors)} people wrote it, more than can be kept")
    files, whole = _files(at, base or EMPTY, head)
    return Difference(
        base=base,
        head=head,
        count=count,
        commits=tuple(_commits(_told(at.ask("log", f"--max-count={COMMITS}", NAMED, *span)))),
        files=files[:FILES],
        all_files=whole and len(files) <= FILES,
        authors=tuple(sorted(authors)),
        text=_text(at, base or EMPTY, head),
    )


def _told(output: Output) -> Output:
    """What git said of commits, which is of no use when it is not all of it."""
    if output.status:
        raise GitFailed(output.complaint)
    if not output.whole:
        raise GitFailed("there are more commits than can be read")
    return output


def _fields(output: Output, count: int) -> Iterator[tuple[str, ...]]:
    """Records of so many fields; git ends each field with a NUL and each record with a line end."""
    fields = [field.removeprefix("\n") for field in output.text.decode("utf-8", "replace").split("\0")]
    return zip(*[iter(fields[: len(fields) // count * count])] * count, strict=True)


def _commits(output: Output) -> Iterator[str]:
    for short, subject in _fields(output, 2):
        yield f"{short} {one_line(subject, SUBJECT)}".strip()


def _authors(output: Output) -> Iterator[str]:
    """Mail addresses of authors and co-authors, lower case, and the GitHub logins that stand in them.

    As they were written: a `.mailmap` is part of what they wrote.
    """
    for address, name, trailers in _fields(output, 3):
        co_authors = (found[1] for line in trailers.split("\x01") if (found := IN_BRACKETS.search(line)))
        for one in (address or name, *co_authors):
            yield from _names(one_line(one, 254).lower())


def _names(address: str) -> Iterator[str]:
    if address:
        yield address
    if found := NOREPLY.fullmatch(address):
        yield f"github:{found[1]}"


def _files(at: Mirror, base: str, head: str) -> tuple[tuple[str, ...], bool]:
    """The paths that differ, and whether they are all; a renamed file is both of its names."""
    output = at.ask("diff-tree", "-r", "-z", "--name-only", "--no-renames", base, head, at_most=4 * 2**20)
    if output.status:
        raise GitFailed(output.complaint)
    names = output.text.decode("utf-8", "replace").split("\0")[:-1]
    return tuple(str(clean(name)) for name in names), output.whole


def _text(at: Mirror, base: str, head: str) -> str:
    """How the difference begins; it says nothing that the files do not, so where git cannot tell it, it is left out."""
    words = ("diff", "--no-ext-diff", "--no-textconv", "--no-color", "--no-renames", base, head, "--")
    try:
        output = at.ask(*words, at_most=4 * TEXT)
    except GitFailed:
        return ""
    return str(clean(output.text.decode("utf-8", "replace")))[:TEXT]

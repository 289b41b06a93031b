"""What is different since the last round, in words for those who look again."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from difflib import unified_diff

from checklists.entries import Content, Difference, Evidence, Piece
from checklists.item import Exhibit

MOST = 60
LONGEST = 4_000
COMMITS = 20
FILES = 30
LINES = 2_000


def of_code(before: str, difference: Difference, commit: str) -> tuple[str, ...]:
    """The commits and files between two commits, and the beginning of the difference as text."""
    return _fitting((f"the code is {commit[:12]} now, it was {before[:12]}", *_said_of(difference)))


def _said_of(difference: Difference) -> Iterator[str]:
    if not difference.is_known:
        yield f"what lies between the two is not known: {difference.why}"
        return
    yield from difference.commits[:COMMITS]
    if (more := difference.count - len(difference.commits[:COMMITS])) > 0:
        yield f"and {more} more commits"
    if difference.files:
        yield f"files: {_listed(difference)}"
    if difference.text:
        yield difference.text


def _listed(difference: Difference) -> str:
    named = ", ".join(difference.files[:FILES])
    more = len(difference.files) - FILES
    some = "" if difference.all_files else " and others"
    return f"{named} and {more} more{some}" if more > 0 else named + some


def of_content(before: Content | None, now: Content) -> tuple[str, ...]:
    """The difference of two texts, as `diff -u` shows it."""
    if before is None:
        return (f"{now.item} was written",)
    old, new = before.text.splitlines()[:LINES], now.text.splitlines()[:LINES]
    lines = list(unified_diff(old, new, "before", "now", lineterm="", n=2))
    return _fitting((f"{now.item} is not what it was", "\n".join(lines))) if lines else (f"{now.item} was changed",)


def of_evidence(there: Mapping[str, Exhibit], evidence: Evidence) -> tuple[str, ...]:
    """Each replaced piece: what it was and what it is."""
    names = replaced(there, evidence)
    return _fitting(f"{name} was {_told(there[name].piece)}, it is {_told(evidence[name])} now" for name in names)


def replaced(there: Mapping[str, Exhibit], evidence: Evidence) -> tuple[str, ...]:
    """The pieces that were there already and are something else now; a digest nobody could take says neither."""
    return tuple(name for name, piece in evidence.items() if name in there and _differs(there[name].piece, piece))


def _differs(before: Piece, now: Piece) -> bool:
    return before.url != now.url or (None not in (before.sha256, now.sha256) and before.sha256 != now.sha256)


def _told(piece: Piece) -> str:
    return f"{piece.url} ({piece.sha256[:12]})" if piece.sha256 else piece.url


def _fitting(texts: Iterator[str] | tuple[str, ...]) -> tuple[str, ...]:
    return tuple(text[:LONGEST] for text in texts)[:MOST]

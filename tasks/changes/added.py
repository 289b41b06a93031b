"""Files that a range adds and that a release uses up: fragments, which lie in the repository for a while only."""

from __future__ import annotations

import os
import re
from collections import deque
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

from checklists.notes.commit import is_release
from tasks.changes.history import contents, main_line

LOG = re.compile(r"(?:^|/)(?:\w*change|news|history|release)[\w.-]*(?:\.\w+)?$", re.IGNORECASE)
"""The name of a file that tells of releases: what is taken away together with a change of it was put in there."""
AT_ONCE = os.cpu_count() or 1  # ranges: it is git that works
KEPT = "AMD"  # what was done to a file that is one before or after
SUBMODULE = "160000"


class Added(NamedTuple):
    """A file as it last was in the range, and the commit of the main line that added it."""

    path: str
    text: str
    commit: str


@dataclass(frozen=True, slots=True)
class _Step:
    """One commit of the main line: what it did to which file, with what is in there now."""

    commit: str
    subject: str
    files: tuple[tuple[str, str, str], ...]

    def paths(self, status: str) -> list[str]:
        return [path for done, path, _ in self.files if done == status]


def added_files(repository: Path, span: str, folders: Sequence[str]) -> Iterator[Added]:
    """Files that the range adds below these folders, the newest first, also where a release took them away.

    Not what was withdrawn, and not what the older release had got by another way, such as a cherry-pick.
    """
    kept: dict[str, tuple[str, str]] = {}
    live: dict[str, tuple[str, str]] = {}
    for step in reversed(_steps(repository, span, folders)):
        for status, path, blob in step.files:
            if status == "A" and _is_below(path, folders):
                live[path] = blob, step.commit
            elif status == "M" and path in live:
                live[path] = blob, live[path][1]
        gone = [path for path in step.paths("D") if _is_below(path, folders)]
        found = {path: live.pop(path) for path in gone if path in live}
        if found and _is_used_up(step, gone, live, folders):
            kept |= found
    there = kept | live
    known = _elsewhere(repository, span, folders) if there else frozenset()
    wanted = [(path, *there[path]) for path in reversed(there) if path not in known]
    for (path, _, commit), text in zip(wanted, contents(repository, [blob for _, blob, _ in wanted]), strict=True):
        yield Added(path, text, commit)


def added_in_each(
    repository: Path, spans: Iterable[str], folders: Sequence[str]
) -> Iterator[Callable[[], tuple[Added, ...]]]:
    """How to ask for what `added_files` finds in each range; it is being looked for by then, in several at once."""

    def look(span: str) -> tuple[Added, ...]:
        return tuple(added_files(repository, span, folders))

    begun: deque[Future[tuple[Added, ...]]] = deque()
    with ThreadPoolExecutor(AT_ONCE) as pool:
        try:
            for span in spans:
                begun.append(pool.submit(look, span))
                if len(begun) > AT_ONCE:
                    yield begun.popleft().result
            while begun:
                yield begun.popleft().result
        finally:
            pool.shutdown(cancel_futures=True)


def _is_used_up(step: _Step, gone: Sequence[str], live: Collection[str], folders: Sequence[str]) -> bool:
    """Whether they went into a change log, and were not withdrawn: a release takes a whole folder or writes the log."""
    if "revert" in step.subject.lower():
        return False
    if is_release(step.subject) or any(LOG.search(path) and not _is_below(path, folders) for _, path, _ in step.files):
        return True
    places = {path.rpartition("/")[0] for path in gone}
    left = sum(path.rpartition("/")[0] in places for path in live)
    return len(gone) > 1 and len(gone) >= left


def _elsewhere(repository: Path, span: str, folders: Sequence[str]) -> frozenset[str]:
    """What the older release has, and the newer one has not, from where the two parted."""
    old, _, new = span.partition("..")
    steps = _steps(repository, f"{new}..{old}", folders)
    return frozenset(path for step in steps for path in step.paths("A"))


def _steps(repository: Path, span: str, folders: Sequence[str]) -> list[_Step]:
    """The commits of the main line that touch these folders, the newest first, each with all its files."""
    needles = [folder.encode() for folder in folders]
    told = main_line(repository, span)
    return [_step(record) for record in told if any(needle in record for needle in needles)]


def _step(record: bytes) -> _Step:
    head, *words = record.decode("utf-8", "replace").split("\0")
    commit, _, subject = head.partition("\x1f")
    files = []
    for raw, path in zip(words[::2], words[1::2], strict=False):
        _, mode, _, blob, status = raw.lstrip("\n:").split()
        if status in KEPT and mode != SUBMODULE:
            files.append((status, path, blob))
    return _Step(commit, subject, tuple(files))


def _is_below(path: str, folders: Sequence[str]) -> bool:
    return any(path.startswith(one) or f"/{one}" in path for one in folders)

"""The history of a repository as a stream of commits: one `git log` a range, read while git writes it."""

from __future__ import annotations

import time
from codecs import getincrementaldecoder
from collections.abc import Generator, Iterable, Iterator, Sequence
from itertools import islice
from pathlib import Path
from secrets import token_hex

from checklists.errors import LaunchError
from checklists.notes.commit import Commit, new
from checklists.notes.folder import pathspec
from tasks.changes.git import Git, GitFailed
from tasks.seldom import seldom_collected

FORMAT = "%H%x1f%P%x1f%aN%x1f%aE%x1f%s%x1f%b"
LONGEST = 100_000  # characters of one message that are read; a longer one is somebody's mistake
HUGE = 8 * 2**20  # characters of a message of which only the beginning is kept
PATIENCE = 600.0  # seconds
HEAD = 200  # bytes, of what git says of an object before its contents


class NoHistory(LaunchError):
    """git cannot show this range; the sentence says why."""


def commits(repository: Path, span: str) -> Iterator[Commit]:
    """The commits of a range such as `v1.0..v1.1`, the newest first, children before parents.

    Raises NoHistory where the folder is no repository or the range names nothing.
    """
    yield from _read(repository, _log(repository, span))


def histories(repository: Path, spans: Iterable[str]) -> Iterator[Iterator[Commit]]:
    """The commits of each range, as `commits` tells them; git has begun with the next one while one is read."""
    begun = (_begun(repository, span) for span in spans)
    now = then = next(begun, None)
    try:
        while now is not None:
            then = next(begun, None)
            yield _read(repository, now)
            now = then
    finally:
        for one in (now, then):
            if one is not None:
                one.close()


def _begun(repository: Path, span: str) -> Generator[bytes]:
    pieces = _log(repository, span)
    try:
        next(pieces)
    except GitFailed as error:
        raise NoHistory(f"{repository}: {error}") from error
    return pieces


def _log(repository: Path, span: str) -> Generator[bytes]:
    asked = ["log", "-z", "--topo-order", "--encoding=UTF-8", f"--format={FORMAT}", "--end-of-options", span, "--"]
    return _git().stream(*_of(repository), *asked)


def _read(repository: Path, pieces: Iterable[bytes]) -> Iterator[Commit]:
    try:
        with seldom_collected():  # for whoever takes them, too
            yield from _commits(pieces)
    except GitFailed as error:
        raise NoHistory(f"{repository}: {error}") from error


def _commits(pieces: Iterable[bytes]) -> Iterator[Commit]:
    for record in _records(pieces):
        parts = record.split("\x1f", 5)
        if len(parts) == 6:  # else it is the end of a message that was cut
            hash_, parents, name, email, subject, rest = parts
            yield new(Commit, (hash_, tuple(parents.split()), name, email, subject, rest[:LONGEST]))


def touching(repository: Path, span: str, folder: str) -> frozenset[str]:
    """The commits of a range that change something in this folder, on whatever branch they were made; no merges.

    Raises NoHistory as `commits` does.
    """
    asked = ["log", "--full-history", "--no-merges", "--format=%H", "--end-of-options", span, "--", pathspec(folder)]
    try:
        return frozenset(b"".join(_git().stream(*_of(repository), *asked)).decode("ascii").split())
    except GitFailed as error:
        raise NoHistory(f"{repository}: {error}") from error


def main_line(repository: Path, span: str) -> Iterator[bytes]:
    """Each commit of a range on the main line, the newest first: its hash, its subject, and what git says of its files.

    Of all files: git takes longer to look for a folder at any depth than to list what differs. Raises NoHistory as
    `commits` does.
    """
    begin = f"\x1e{token_hex(8)}"  # which no name of a file can foresee
    asked = ["log", "-z", "--raw", "--no-abbrev", "--no-renames", "-m", "--first-parent", f"--format={begin}%H%x1f%s"]
    pieces = _git().stream(*_of(repository), *asked, "--end-of-options", span, "--")
    try:
        yield from islice(_parts(pieces, begin.encode()), 1, None)
    except GitFailed as error:
        raise NoHistory(f"{repository}: {error}") from error


def _parts(pieces: Iterable[bytes], end: bytes) -> Iterator[bytes]:
    """What stands between these ends."""
    rest = bytearray()
    for piece in pieces:
        new = max(len(rest) - len(end), 0)
        rest += piece
        if rest.find(end, new) >= 0:
            *whole, rest = rest.split(end)
            yield from map(bytes, whole)
    yield bytes(rest)


def _git() -> Git:
    return Git(time.monotonic() + PATIENCE, environment={"GIT_FLUSH": "0"})  # the settings of whoever asks are theirs


def _of(repository: Path) -> list[str]:
    """The repository, whose own settings start no program."""
    return ["-C", str(repository), "-c", "core.fsmonitor=false", "-c", "log.showSignature=false"]


def _records(pieces: Iterable[bytes]) -> Iterator[str]:
    """What stands between NULs."""
    decoder, rest = getincrementaldecoder("utf-8")("replace"), ""
    for piece in pieces:
        *whole, rest = (rest + decoder.decode(piece)).split("\0")
        yield from whole
        if len(rest) > HUGE:
            rest = rest[: 4 * LONGEST]
    if rest:
        yield rest


def answer(repository: Path, *words: str) -> str:
    """What git says to a short question. Raises NoHistory."""
    try:
        return _git().tell(*_of(repository), *words).text.decode("utf-8", "replace")
    except GitFailed as error:
        raise NoHistory(f"{repository}: {error}") from error


def origin_of(repository: Path) -> str:
    """Where it was copied from, as its own settings have it; empty where nothing is said. Raises NoHistory."""
    return answer(repository, "config", "--local", "--default", "", "--get", "remote.origin.url").strip()


def contents(repository: Path, blobs: Sequence[str]) -> Iterator[str]:
    """What is in each of these, which git is asked for at once. Raises NoHistory where one is not there."""
    if not blobs:
        return
    try:
        asked = "".join(f"{blob}\n" for blob in blobs).encode("ascii")
        told = _git().tell(*_of(repository), "cat-file", "--batch", given=asked)
    except GitFailed as error:
        raise NoHistory(f"{repository}: {error}") from error
    begin = 0
    for blob in blobs:
        head, _, _ = told.text[begin : begin + HEAD].partition(b"\n")
        size = head.rpartition(b" ")[2]
        if not (head.startswith(f"{blob} blob ".encode()) and size.isdigit()):
            raise NoHistory(f"{repository}: {blob} is not there, or all of them are more than fits into memory")
        begin += len(head) + 1
        yield told.text[begin : begin + int(size)].decode("utf-8", "replace")
        begin += int(size) + 1


def is_shallow(repository: Path) -> bool:
    """Whether the clone leaves out old commits: then a range may be short of some."""
    return answer(repository, "rev-parse", "--is-shallow-repository").strip() == "true"

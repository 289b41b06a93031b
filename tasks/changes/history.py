"""The history of a repository as a stream of commits: one `git log` a range, read while git writes it."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from checklists.errors import LaunchError
from checklists.notes.commit import Commit

FORMAT = "%H%x1f%P%x1f%aN%x1f%aE%x1f%ct%x1f%s%x1f%b"
CHUNK = 1 << 20
LONGEST = 100_000  # characters of one message that are read; a longer one is somebody's mistake
QUIET = {"GIT_TERMINAL_PROMPT": "0", "GIT_OPTIONAL_LOCKS": "0", "LC_ALL": "C.UTF-8", "GIT_PAGER": "cat"}


class NoHistory(LaunchError):
    """git cannot show this range; the sentence says why."""


def commits(repository: Path, span: str) -> Iterator[Commit]:
    """The commits of a range such as `v1.0..v1.1`, the newest first, children before parents.

    Raises NoHistory where the folder is no repository or the range names nothing.
    """
    asked = ["log", "-z", "--topo-order", "--encoding=UTF-8", f"--format={FORMAT}", "--end-of-options", span, "--"]
    with _git(repository, asked) as out:
        for record in _records(out):
            if commit := _commit(record):
                yield commit


@contextmanager
def _git(repository: Path, words: list[str]) -> Iterator[IO[bytes]]:
    """git's output while it is written. Raises NoHistory, with git's own words, where it ends badly."""
    started = subprocess.Popen(
        git(repository, *words), stdout=subprocess.PIPE, stderr=subprocess.PIPE, stdin=subprocess.DEVNULL
    )
    with started as process:
        out, errors = process.stdout, process.stderr
        if out is None or errors is None:  # never: both are pipes
            return
        try:
            yield out
        except BaseException:
            process.kill()
            raise
        said = errors.read(4_000).decode(errors="replace")
        if process.wait() != 0:
            raise NoHistory(f"{repository}: {_reason(said)}")


def git(repository: Path, *words: str) -> list[str]:
    """The command line. The configuration of a strange repository starts no program of its choice."""
    safe = ["-c", "core.fsmonitor=false", "-c", "core.hooksPath=/dev/null", "-c", "log.showSignature=false"]
    return ["git", "-C", str(repository), *safe, *words]


def _reason(said: str) -> str:
    line = next((line for line in said.splitlines() if line.startswith(("fatal:", "error:"))), said.strip())
    return line.removeprefix("fatal: ").removeprefix("error: ") or "git could not read its history"


def _records(out: IO[bytes]) -> Iterator[bytes]:
    """What stands between NULs, in pieces of a bounded size."""
    rest = b""
    while chunk := out.read(CHUNK):
        *whole, rest = (rest + chunk).split(b"\0")
        yield from whole
        if len(rest) > 8 * CHUNK:  # one huge message: its beginning says it
            rest = rest[:LONGEST]
    if rest:
        yield rest


def _commit(record: bytes) -> Commit | None:
    parts = record.decode("utf-8", "replace").split("\x1f", 6)
    if len(parts) != 7:
        return None  # the end of a message that was cut
    hash_, parents, name, email, at, subject, rest = parts
    return Commit(hash_, tuple(parents.split()), name, email, int(at or 0), subject, rest[:LONGEST])


def added_files(repository: Path, span: str, folders: Sequence[str]) -> Iterator[tuple[str, str]]:
    """Files that the range adds below these folders, as they last were in it, though it may take them away again."""
    wanted = [f":(glob)**/{folder}**" for folder in folders]
    asked = [
        "log",
        "--raw",
        "--no-abbrev",
        "--no-renames",
        "--diff-filter=AM",
        "-z",
        "--format=",
        "-m",
        "--first-parent",
    ]
    told = answer(repository, *asked, "-m", "--first-parent", "--end-of-options", span, "--", *wanted).split("\0")
    newest: dict[str, str] = {}
    added: set[str] = set()
    for raw, path in zip(told[::2], told[1::2], strict=False):
        _, _, _, blob, status = raw.lstrip(":").split()
        newest.setdefault(path, blob)
        added |= {path} if status == "A" else set()
    for path, blob in newest.items():
        if path in added:
            yield path, answer(repository, "cat-file", "blob", blob)


def answer(repository: Path, *words: str) -> str:
    """What git says to a short question. Raises NoHistory."""
    asked = subprocess.run(git(repository, *words), capture_output=True, stdin=subprocess.DEVNULL, check=False)
    if asked.returncode != 0:
        raise NoHistory(f"{repository}: {_reason(asked.stderr.decode(errors='replace'))}")
    return asked.stdout.decode("utf-8", "replace")


def is_shallow(repository: Path) -> bool:
    """Whether the clone leaves out old commits: then a range may be short of some."""
    return answer(repository, "rev-parse", "--is-shallow-repository").strip() == "true"

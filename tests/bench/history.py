"""Collecting what changed: 100,000 commits in 100 releases, against the plain `git log` of the same ranges."""

from __future__ import annotations

import shutil
import subprocess
import tracemalloc
from collections.abc import Iterator
from pathlib import Path

from checklists.notes.collecting import collect
from tasks.changes.history import histories
from tasks.notes.from_git import drafts
from tests.bench.figures import say, spread, timed
from tests.tasks.changes.repository import ALONE

COMMITS, RELEASES, TIMES = 100_000, 100, 5
TYPES = ("feat", "fix", "docs", "chore", "refactor", "perf", "test")


def collecting(folder: Path) -> None:
    """Every release by itself, as notes are made; memory is what Python holds at most while it goes through all."""
    repository = _history(folder)
    spans = [f"v1.{number}.0..v1.{number + 1}.0" for number in range(RELEASES)]
    plain, ours = [], []
    for _ in range(TIMES):  # in pairs: a machine that others use is not as fast a minute later
        plain.append(timed(lambda: _log(repository, spans)))
        ours.append(timed(lambda: [len(collect(told).changes) for told in histories(repository, spans)]))
    files = [timed(lambda: _log(repository, spans, "--raw")) for _ in range(TIMES)]
    say(f"git log of {RELEASES} releases, {COMMITS} commits", **spread(plain))
    say("git log --raw of the same, which fragment files take", **spread(files), ratio=_ratio(files, plain))
    say("collecting their changes", **spread(ours), ratio=_ratio(ours, plain))
    named = {span: span for span in spans}
    whole = [timed(lambda: [len(told.changes) for _, told in drafts(repository, named)]) for _ in range(TIMES)]
    say("with their fragment files looked for", **spread(whole), ratio=_ratio(whole, plain))
    say("memory while collecting", megabytes_of_10=_peak(repository, spans[:10]), megabytes=_peak(repository, spans))
    _cliff(repository)


def _ratio(these: list[float], those: list[float]) -> float:
    return round(min(these) / min(those), 2)


def _peak(repository: Path, spans: list[str]) -> float:
    tracemalloc.start()
    for told in histories(repository, spans):
        collect(told)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    return round(peak / 2**20, 1)


def _cliff(repository: Path) -> None:
    """git-cliff over the whole history, where it is installed."""
    if cliff := shutil.which("git-cliff"):
        words = [cliff, "--repository", str(repository), "--output", "/dev/null"]
        say("git-cliff of the same", **spread([timed(lambda: subprocess.run(words, check=True, capture_output=True))]))
    else:
        say("git-cliff of the same", skipped="git-cliff is not installed")


def _log(repository: Path, spans: list[str], *more: str) -> None:
    for span in spans:
        words = ["git", "-C", str(repository), "log", *more, span]
        subprocess.run(words, check=True, env=ALONE, stdout=subprocess.DEVNULL)


def _history(folder: Path) -> Path:
    """A bare repository whose commits are written in several ways."""
    repository = folder / "history.git"
    subprocess.run(["git", "init", "--quiet", "--bare", str(repository)], check=True, env=ALONE)
    given = b"".join(_stream())
    subprocess.run(["git", "-C", str(repository), "fast-import", "--quiet"], input=given, check=True, env=ALONE)
    return repository


def _stream() -> Iterator[bytes]:
    yield b"blob\nmark :1\ndata 1\nx\n"
    for number in range(COMMITS + 1):
        said = _message(number).encode()
        who = f"Dev {number % 50} <dev{number % 50}@example.com> {1_600_000_000 + number * 60} +0000"
        parent = f"from :{number + 1}\n" if number else ""
        head = f"commit refs/heads/main\nmark :{number + 2}\nauthor {who}\ncommitter {who}\ndata {len(said)}\n"
        yield head.encode() + said + f"{parent}M 100644 :1 f{number % 1000}/a{number % 7}.txt\n".encode()
        if number % (COMMITS // RELEASES) == 0:
            yield f"reset refs/tags/v1.{number * RELEASES // COMMITS}.0\nfrom :{number + 2}\n\n".encode()


def _message(number: int) -> str:
    kind = TYPES[number % len(TYPES)]
    why = "Some words about why this was done, over a line\nor two, as people write.\n"
    match number % 4:
        case 0:
            return f"{kind}(api): change {number} (#{number})\n\n{why}\nRefs: #1\nCo-authored-by: Ben <b@example.com>\n"
        case 1:
            return f"{kind}: change {number}\n\n{why}\nSigned-off-by: Ada <ada@example.com>\n"
        case 2:
            return f"Tidy up {number}\n"
    return f"{kind}!: break {number}\n\nBREAKING CHANGE: write {number} instead\n"

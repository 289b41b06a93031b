"""The example product's git repository: a real one, with history, tags, and nothing taken from this machine."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

from checklists.errors import LaunchError
from deployments.demo.history import PAST, Change, coming, late, limits_page, mended

AUTHOR, ADDRESS = "Hugo Haas", "hugo@example.com"
ALONE = {
    "PATH": os.defpath,
    "LC_ALL": "C.UTF-8",
    "GIT_CONFIG_GLOBAL": os.devnull,
    "GIT_CONFIG_NOSYSTEM": "1",
    "GIT_TERMINAL_PROMPT": "0",
    "GIT_AUTHOR_NAME": AUTHOR,
    "GIT_AUTHOR_EMAIL": ADDRESS,
    "GIT_COMMITTER_NAME": AUTHOR,
    "GIT_COMMITTER_EMAIL": ADDRESS,
}
PREFIX = re.compile(r"^(?P<kind>\w+)(\([\w-]+\))?: (?P<said>.+)$")
HEADINGS = {"feat": "New", "perf": "Faster", "fix": "Fixed"}


class GitFailed(LaunchError):
    """git is missing, or said no."""


@dataclass(frozen=True)
class Repository:
    """A work tree; `docs` is what the product's public pages are made of."""

    folder: Path

    @property
    def docs(self) -> Path:
        return self.folder / "docs"

    def newest(self) -> str:
        """The version of the newest tag."""
        return self.git("tag", "--sort=-version:refname").split()[0].removeprefix("v")

    def tag(self, version: str, changes: Iterable[Change]) -> None:
        for change in changes:
            self.commit(change)
        self.git("tag", "--annotate", f"v{version}", "--message", f"Acme {version}")

    def commit(self, change: Change) -> bool:
        """Whether there was anything to commit: one that stands there already is not made again."""
        for name, text in change.files.items():
            file = self.folder / name
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(text, "utf-8")
        self.git("add", "--all")
        if not self.git("status", "--porcelain"):
            return False
        self.git("commit", "--quiet", "--message", change.subject)
        return True

    def mend(self, version: str) -> str | None:
        """The subject of the commit that does what the docs' reviewer asked for; None where it was done before."""
        change = mended(version)
        return None if (self.docs / limits_page(version)).exists() or not self.commit(change) else change.subject

    def move(self, version: str) -> str | None:
        """The subject of a late fix, on which the tag of this version is now; None where it was there before."""
        change = late(version)
        if not self.commit(change):
            return None
        self.git("tag", "--annotate", "--force", f"v{version}", "--message", f"Acme {version}")
        return change.subject.partition("\n")[0]

    def size(self) -> str:
        commits, tags = self.git("rev-list", "--count", "HEAD").strip(), len(self.git("tag").split())
        return f"{commits} commits and {tags} tags"

    def subject(self, tag: str) -> str:
        """What the release is about: its feature."""
        subjects = self._since(tag)
        return next((subject for subject in subjects if subject.startswith("feat")), subjects[0])

    def head(self, tag: str) -> str:
        """The commit a tag is on."""
        return self.git("rev-list", "--max-count=1", tag).strip()

    def notes(self, tag: str) -> str:
        """Release notes in markdown, from the commits since the tag before."""
        return written(self._since(tag))

    def _since(self, tag: str) -> list[str]:
        before = self.git("describe", "--tags", "--abbrev=0", f"{tag}^").strip()
        return self.git("log", "--reverse", "--format=%s", f"{before}..{tag}").splitlines()

    def git(self, *words: str) -> str:
        return git(self.folder, *words)


def git(folder: Path, *words: str) -> str:
    """What git prints. Raises GitFailed with what it says."""
    found = shutil.which("git")
    if found is None:
        raise GitFailed("git was not found; install it, the demo makes a small repository with it")
    try:
        done = subprocess.run([found, *words], cwd=folder, env=ALONE, capture_output=True, text=True, check=True)
    except subprocess.CalledProcessError as error:
        last = (error.stderr.strip() or error.stdout.strip() or "it said nothing").splitlines()[-1]
        raise GitFailed(f"git {words[0]} failed in {folder}: {last}; remove that folder to begin anew") from error
    return done.stdout


def written(subjects: Iterable[str]) -> str:
    """Conventional commits as notes, under the headings that concern customers."""
    found = [match for subject in subjects if (match := PREFIX.match(subject))]
    sections = []
    for kind, heading in HEADINGS.items():
        if lines := [f"- {_upper(match['said'])}" for match in found if match["kind"] == kind]:
            sections.append("\n".join([f"### {heading}", *lines]))
    return "\n\n".join(sections)


def _upper(text: str) -> str:
    return text[0].upper() + text[1:]


def find_or_make(folder: Path) -> Repository:
    """The repository as the last demo left it, or a new one with its past. It appears whole or not at all."""
    if not folder.exists():
        fresh = folder.with_name(f".{folder.name}-new")
        shutil.rmtree(fresh, ignore_errors=True)
        fresh.mkdir(parents=True)
        git(fresh, "init", "--quiet", "--initial-branch=main", "--template=")
        for tag, changes in PAST.items():
            Repository(fresh).tag(tag.removeprefix("v"), changes)
        fresh.rename(folder)
    return Repository(folder)


def release(repository: Repository, is_over: Callable[[str], bool | None]) -> str:
    """The version to launch: one that was tagged and is not over yet, else the next one, tagged now.

    `is_over` tells of a version whether its launch is; None where it has none.
    """
    newest = repository.newest()
    if f"v{newest}" not in PAST and not is_over(newest):
        return newest
    version = following(newest)
    while is_over(version) is not None:
        version = following(version)
    repository.tag(version, coming(version))
    return version


def following(version: str) -> str:
    """The next minor version."""
    major, minor, *_ = version.split(".")
    return f"{major}.{int(minor) + 1}.0"

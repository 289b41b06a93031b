"""A bare copy of a product's repository under home, brought up to date with every look; it may be deleted any time."""

from __future__ import annotations

import fcntl
import hashlib
import os
import re
import shutil
import time
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

from checklists.git_name import is_folder
from tasks.changes.git import AT_MOST, REACHING, Git, GitFailed, Output, signed_in
from tasks.changes.reach import pinned
from tasks.settings import Settings

EVERYTHING = ("+refs/heads/*:refs/heads/*", "+refs/tags/*:refs/tags/*")
QUIETLY = ("--quiet", "--force", "--no-tags", "--no-recurse-submodules", "--no-write-fetch-head")
FULL = re.compile(r"[0-9a-f]{40}|[0-9a-f]{64}")
SHORT = re.compile(r"[0-9a-f]{7,64}")
THEIRS = ("path = ~/.config/git/config", "path = ~/.gitconfig")
SYMREF = re.compile(r"ref: (refs/heads/\S+)\tHEAD$", re.MULTILINE)
HOUR = 3_600.0
OFTEN = 0.02  # seconds between two tries for the lock


@dataclass(frozen=True)
class Mirror:
    """The copy in `folder` of what git reads at `address`, until `deadline`. Looking takes no lock, fetching does."""

    folder: Path
    address: str
    deadline: float
    config: Mapping[str, str] = field(repr=False)
    allowed: tuple[str, ...] = ()

    def fetch(self) -> None:
        """Bring it up to date. Raises GitFailed.

        Who waited while somebody else began to fetch has nothing left to do; what began sooner may know too little.
        """
        asked = time.time()
        self.folder.parent.mkdir(parents=True, exist_ok=True)
        self._tried.touch()
        with self._alone() as git:
            if _changed_at(self._stamp) > asked:
                return
            begun = time.time()
            if (self.folder / "shallow").exists():
                shutil.rmtree(self.folder)  # git would never ask for the commits it lacks
            git.tell("init", "--bare", "--quiet", "--template=", "--", str(self.folder))
            self._take(git, *EVERYTHING)
            self._ask_for_head(git)
            if not self.ask("for-each-ref", "--count=1").lines:
                raise GitFailed("there is no branch and no tag; see that the address is right")
            self._stamp.touch()
            os.utime(self._stamp, (begun, begun))

    @property
    def default_branch(self) -> str:
        """Its full name, as the address said it last; empty where it never did."""
        return self._head.read_text("utf-8").strip() if self._head.exists() else ""

    def _ask_for_head(self, git: Git) -> None:
        """Which branch is the default one: a copy does not know, and asking is one more call, so once an hour."""
        if time.time() - _changed_at(self._head) < HOUR:
            return
        self._head.touch()
        with suppress(GitFailed):
            said = git.tell("ls-remote", "--symref", "--quiet", "--", self.address, "HEAD").text
            found = SYMREF.match(said.decode("utf-8", "replace"))
            self._head.write_text(found[1] if found else "", "utf-8")

    def was_tried(self, seconds: float) -> bool:
        """Whether somebody has begun to fetch within the last so many seconds, whatever came of it."""
        return time.time() - _changed_at(self._tried) < seconds

    def bring(self, commit: str) -> bool:
        """Whether this commit is here; one that no branch or tag leads to any more is asked for by its full hash."""
        if FULL.fullmatch(commit) and not self.has(commit):
            with suppress(GitFailed), self._alone() as git:
                self._take(git, commit)
        return self.has(commit)

    def has(self, commit: str) -> bool:
        return self._peeled(commit) == commit

    def full(self, commit: str) -> str | None:
        """The full hash of a commit that may be written short; None where none is known, or more than one."""
        found = self._peeled(commit) if SHORT.fullmatch(commit) else None
        return found if found and found.startswith(commit) else None  # a branch may be called `deadbee`, too

    def commit_of(self, tag: str) -> str | None:
        """The commit a tag is on; None where there is no such tag."""
        found = self.ask("show-ref", "--verify", "--hash", "--", f"refs/tags/{tag}").lines
        return self._peeled(found[0]) if found else None

    def tags(self) -> list[str]:
        found = self.ask("for-each-ref", "--format=%(refname)", "refs/tags").lines
        return [line.removeprefix("refs/tags/") for line in found]

    def dated_tags(self) -> dict[str, tuple[str, int]]:
        """The commit of each tag, and when it was made: in seconds since 1970, of a light one when its commit was."""
        asked = "--format=%(refname)%00%(objectname)%00%(*objectname)%00%(creatordate:unix)"
        rows = [line.split("\0") for line in self.ask("for-each-ref", asked, "refs/tags").lines]
        return {name.removeprefix("refs/tags/"): (on or it, int(at)) for name, it, on, at in rows if at}

    def ask(self, *words: str, at_most: int = AT_MOST) -> Output:
        """What git says of this copy, whatever its status."""
        return Git(self.deadline).ask(f"--git-dir={self.folder}", "--no-replace-objects", *words, at_most=at_most)

    def _peeled(self, name: str) -> str | None:
        found = self.ask("rev-parse", "--verify", "--quiet", "--end-of-options", f"{name}^{{commit}}").lines
        return found[0] if found and FULL.fullmatch(found[0]) else None

    def remote_tags(self) -> dict[str, str]:
        """The commit of each tag at the address, as it is there now; copies nothing. Raises GitFailed."""
        self.folder.parent.mkdir(parents=True, exist_ok=True)
        output = self._reaching({"GIT_CONFIG_GLOBAL": str(self._settings())}).tell(
            "ls-remote", "--tags", "--quiet", "--", self.address
        )
        if not output.whole:
            raise GitFailed("there are more tags than can be read")
        return peeled(output.text)

    def _reaching(self, environment: Mapping[str, str], held: tuple[int, ...] = ()) -> Git:
        """git for what leaves this machine, held to where it may go. Raises GitFailed for a host of the house."""
        pins = pinned(self.address, self.allowed, max(self.deadline - time.monotonic(), 0))
        return Git(self.deadline, {**self.config, **pins}, {**environment, **REACHING}, held)

    def _take(self, git: Git, *what: str) -> None:
        how = (*QUIETLY, "--prune", "--update-shallow") if what == EVERYTHING else QUIETLY
        git.tell(f"--git-dir={self.folder}", "fetch", *how, "--", self.address, *what)

    @property
    def _stamp(self) -> Path:
        return self.folder.with_suffix(".fetched")

    @property
    def _head(self) -> Path:
        return self.folder.with_suffix(".head")

    @property
    def _tried(self) -> Path:
        return self.folder.with_suffix(".tried")

    @contextmanager
    def _alone(self) -> Iterator[Git]:
        """git, while nobody else writes to this copy: neither another process nor what a killed one left running."""
        self.folder.parent.mkdir(parents=True, exist_ok=True)
        with self.folder.with_suffix(".lock").open("w") as lock:
            _lock(lock.fileno(), self.deadline)
            for left in (*self.folder.glob("*.lock"), *self.folder.glob("refs/**/*.lock")):
                left.unlink(missing_ok=True)  # whose process is gone, as we hold the lock
            mine = {"GIT_CONFIG_GLOBAL": str(self._settings())}
            yield self._reaching(mine, (lock.fileno(),))

    def _settings(self) -> Path:
        """The operator's own settings of git, and that this one folder may be read whoever owns it."""
        quoted = self.address.replace("\\", "\\\\").replace('"', '\\"')
        owned = [f'directory = "{quoted}"', f'directory = "{quoted}/.git"'] if is_folder(self.address) else []
        file = self.folder.with_suffix(".gitconfig")
        file.write_text("\n".join(["[include]", *THEIRS, "[safe]", *owned, ""]), "utf-8")
        return file


def peeled(listed: bytes) -> dict[str, str]:
    """The commit of each tag: of an annotated one git lists the tag object first, and then what it is on (`^{}`)."""
    found: dict[str, str] = {}
    for line in listed.split(b"\n"):
        commit, is_tag, name = line.decode("utf-8", "replace").partition("\trefs/tags/")
        if is_tag:
            found[name.removesuffix("^{}")] = commit
    return found


def mirror(settings: Settings, address: str, patience: float, allowed: Iterable[str] = ()) -> Mirror:
    """The copy of this address; what is asked of it takes at most `patience` seconds.

    `allowed` are the private networks it may be in, as the organisation says.
    A folder that is no absolute path is meant from where the organisation file lies.
    """
    where = _folder(settings, address) if is_folder(address) else address
    name = re.sub(r"[^a-z0-9]+", "-", where.lower().removesuffix(".git"))[-40:].strip("-")
    digest = hashlib.sha256(where.encode()).hexdigest()[:16]
    folder = settings.home.resolve() / "mirrors" / f"{name}-{digest}.git"
    return Mirror(folder, where, time.monotonic() + patience, _credentials(settings, where), tuple(allowed))


def _folder(settings: Settings, address: str) -> str:
    return str((settings.organisation.parent / Path(address).expanduser()).resolve())


def _credentials(settings: Settings, address: str) -> dict[str, str]:
    """The GitHub token, for addresses of the GitHub whose API it is for."""
    host = (urlsplit(settings.github_api).hostname or "").removeprefix("api.")
    url = urlsplit(address)
    if settings.github_token is None or url.scheme != "https" or url.hostname != host:
        return {}
    return signed_in(f"https://{url.netloc}/", settings.github_token)


def _lock(lock: int, deadline: float) -> None:
    while True:
        with suppress(BlockingIOError):
            return fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        if time.monotonic() >= deadline:
            raise GitFailed("its copy is still being brought up to date by somebody else")
        time.sleep(OFTEN)


def _changed_at(file: Path) -> float:
    try:
        return file.stat().st_mtime
    except FileNotFoundError:
        return 0

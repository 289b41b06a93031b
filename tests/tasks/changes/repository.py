"""A real git repository in a folder, with commits of whoever a test likes."""

from __future__ import annotations

import os
import subprocess
from dataclasses import dataclass
from pathlib import Path

ADA, BEN = "Ada Abara <ada@example.com>", "Ben <ben@example.com>"
ALONE = {"PATH": os.environ["PATH"], "GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_NOSYSTEM": "1", "LC_ALL": "C.UTF-8"}


@dataclass(frozen=True)
class Repository:
    """A work tree whose commits are one second apart."""

    folder: Path

    def git(self, *words: str, said: bytes = b"", **more: str) -> str:
        env = {**ALONE, "GIT_COMMITTER_NAME": "CI", "GIT_COMMITTER_EMAIL": "ci@example.com", **more}
        done = subprocess.run(["git", *words], cwd=self.folder, env=env, input=said, capture_output=True, check=False)
        assert done.returncode == 0, done.stderr.decode(errors="replace")
        return done.stdout.decode(errors="replace").strip()

    def commit(self, said: str | bytes, files: dict[str, str] | None = None, by: str = ADA, body: str = "") -> str:
        """The full hash of a new commit; `said` is its subject, or its whole message."""
        for name, text in (files or {}).items():
            file = self.folder / name
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(text)
        self.git("add", "--all")
        name, _, address = by.rstrip(">").partition(" <")
        message = said if isinstance(said, bytes) else f"{said}\n\n{body}".encode()
        words = ("commit", "--quiet", "--allow-empty", "--cleanup=verbatim", "--file=-")
        self.git(*words, said=message, GIT_AUTHOR_NAME=name, GIT_AUTHOR_EMAIL=address)
        return self.git("rev-parse", "HEAD")

    def raw(self, message: bytes, author: bytes = b"Ada <ada@example.com>", extra: bytes = b"") -> str:
        """A commit on top that git itself would not make; the branch moves to it."""
        tree, parent = self.git("rev-parse", "HEAD^{tree}"), self.git("rev-parse", "HEAD")
        head = f"tree {tree}\nparent {parent}\n".encode()
        who = b"author " + author + b" 1764000000 +0000\ncommitter CI <ci@example.com> 1764000000 +0000\n"
        body = head + who + extra + b"\n" + message
        made = self.git("hash-object", "-t", "commit", "-w", "--stdin", "--literally", said=body)
        self.git("update-ref", "HEAD", made)
        return made

    def tag(self, name: str, commit: str = "HEAD") -> None:
        """An annotated tag, moved where it exists."""
        self.git("tag", "--force", "--annotate", "--message=released", name, commit, GIT_AUTHOR_NAME="CI")


def repository(folder: Path) -> Repository:
    """An empty one."""
    folder.mkdir(parents=True, exist_ok=True)
    made = Repository(folder)
    made.git("init", "--quiet", "--initial-branch=main", "--template=")
    return made


def released(folder: Path) -> Repository:
    """v1.0.0 by Ada, v1.1.0 by Ben and Cleo, and one commit after that."""
    made = repository(folder)
    made.commit("feat: begin", {"src/app.py": "one\n", "docs/index.md": "# One\n"})
    made.tag("v1.0.0")
    made.commit("feat: faster", {"src/app.py": "two\n"}, by=BEN, body="Co-authored-by: Cleo <Cleo@Example.com>\n")
    made.commit("docs: say so", {"docs/index.md": "# Two\n"}, by=BEN)
    made.tag("v1.1.0")
    made.commit("chore: go on", by="Dan <12345+dan-d@users.noreply.github.com>")
    return made

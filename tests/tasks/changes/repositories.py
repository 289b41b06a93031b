"""Small real repositories, made by git itself."""

from __future__ import annotations

import os
import subprocess
from dataclasses import dataclass
from pathlib import Path

WHO = {f"GIT_{role}_{part}": value for role in ("AUTHOR", "COMMITTER") for part, value in
       (("NAME", "Ada Abara"), ("EMAIL", "ada@example.com"), ("DATE", "2026-11-20T12:00:00Z"))}  # fmt: skip
ALONE = {"GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_SYSTEM": os.devnull}


@dataclass(frozen=True)
class Repository:
    folder: Path

    def git(self, *words: str | bytes, input: bytes | None = None) -> str:
        done = subprocess.run(
            ["git", "-C", self.folder, *words], input=input, capture_output=True, check=True,
            env={**os.environ, **WHO, **ALONE},
        )  # fmt: skip
        return done.stdout.decode("utf-8", "replace").strip()

    def commit(self, message: str | bytes, **files: str) -> str:
        """The hash of a commit with this message, which writes these files (`a_b` is `a/b`)."""
        for name, text in files.items():
            file = self.folder / name.replace("_", "/")
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(text)
        self.git("add", "--all")
        said = message.encode() if isinstance(message, str) else message
        self.git("commit", "--allow-empty", "--allow-empty-message", "--cleanup=verbatim", "--file=-", input=said)
        return self.git("rev-parse", "HEAD")

    def tag(self, name: str) -> None:
        self.git("tag", "--", name)


def repository(folder: Path) -> Repository:
    folder.mkdir(parents=True, exist_ok=True)
    made = Repository(folder)
    made.git("init", "--quiet", "--initial-branch=main")
    return made

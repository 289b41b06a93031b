"""What an address of git says by its form: whether it is a folder, and what the repository is called there."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

REMOTE = re.compile(r"^(?:[\w.+-]+@)?(?!-)[\w.-]+:(?!/?/)", re.ASCII)
"""`git@github.com:acme/acme.git`, as ssh's own copy command has it."""


def is_folder(address: str) -> bool:
    """Whether it is a folder of this machine, by its path."""
    return "://" not in address and ":" not in address.partition("/")[0]


def name_of(address: str) -> str:
    """What the repository at this address is called in records: its host and path, such as `git.example.com/a/b`."""
    place = address.rpartition("@")[2].replace(":", "/", 1) if REMOTE.match(address) else address
    host = urlsplit(place).hostname or "" if "://" in place else ""
    path = urlsplit(place).path if "://" in place else place
    parts = [re.sub(r"[^\w.-]", "-", part) for part in f"{host}/{path}".removesuffix(".git").split("/")]
    named = [part for part in parts if re.search(r"\w", part)]
    return "/".join(["git", *named] if len(named) < 2 else named)[-200:].lstrip("/")

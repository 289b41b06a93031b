"""The folder of a repository that a package lives in, written so that git takes it for nothing else."""

from __future__ import annotations

import re

UNSEEN = re.compile(r"[\x00-\x1f\x7f]")
LONGEST = 200
SUCH = "such as packages/api"


def folder_of(text: str) -> str:
    """`packages/api` as people write it: `./packages/api/` is the same, `.` the whole repository (nothing).

    Raises ValueError for what leads out of the repository, or is no path at all.
    """
    if len(text) > LONGEST or UNSEEN.search(text) or "\\" in text:
        raise ValueError(f"a folder is a path of at most {LONGEST} signs, with / between its parts, {SUCH}")
    if text.startswith("/"):
        raise ValueError(f"{text!r} begins with /; name the folder from the top of the repository, {SUCH}")
    parts = [part for part in text.split("/") if part not in ("", ".")]
    if ".." in parts:
        raise ValueError(f"{text!r} leads out of the repository; name a folder in it, {SUCH}")
    return "/".join(parts)


def pathspec(folder: str) -> str:
    """The folder for git: from the top of the repository, no pattern, and never an option."""
    return f":(top,literal){folder}"

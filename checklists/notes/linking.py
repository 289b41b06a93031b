"""Where the numbers of issues and pull requests lead, on hosts whose addresses are known."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from checklists.git_name import is_folder, name_of
from checklists.notes.change import Change

NAME = r"(?!\.{1,2}[/#!])[\w.-]+"
NUMBER = re.compile(rf"(?:({NAME}(?:/{NAME})+))?([#!])(\d{{1,10}})", re.ASCII)
"""`#12`, `!12`, or `group/project#12`."""
PAGES: Mapping[str, Mapping[str, str]] = {
    "github": {"#": "issues"},
    "gitea": {"#": "issues"},
    "gitlab": {"#": "-/issues", "!": "-/merge_requests"},
}
"""Of a number that is a pull request, GitHub and Gitea show that."""
APIS = {"github": "/api/v3", "gitlab": "/api/v4"}


def site_of(host: str, repository: str, git: str, api: str) -> str:
    """Where the host shows its pages, such as `https://github.com`; empty where nobody has said so.

    The address git reads from knows best; otherwise the one of the host's API.
    """
    if git.startswith("https://"):
        path, end = git.rstrip("/").removesuffix(".git"), f"/{repository}".lower()
        return path[: -len(end)] if path.lower().endswith(end) else ""
    site = _of_api(host, api)
    if not git or is_folder(git):
        return site
    return site if name_of(git).partition("/")[0] == site.removeprefix("https://") else ""


def _of_api(host: str, api: str) -> str:
    """`https://git.example.com/api/v4` is the API of `https://git.example.com`."""
    api, end = api.rstrip("/"), APIS.get(host, "\0")
    if (host, api) == ("github", "https://api.github.com"):
        return "https://github.com"
    return api.removesuffix(end) if api.startswith("https://") and api.endswith(end) else ""


def links_of(changes: Iterable[Change], host: str, site: str, repository: str) -> dict[str, str]:
    """The address of every number that these changes name; what is no number of this host has none."""
    if not site:
        return {}
    named = dict.fromkeys(name for change in changes for name in change.references)
    return {name: url for name in named if (url := _address(name, host, site, repository))}


def _address(name: str, host: str, site: str, repository: str) -> str:
    found = NUMBER.fullmatch(name)
    page = PAGES.get(host, {}).get(found[2]) if found else None
    return f"{site}/{found[1] or repository}/{page}/{found[3]}" if found and page else ""

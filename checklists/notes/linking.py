"""Where the numbers of issues and pull requests lead, and authors, on hosts whose addresses are known."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from checklists.git_name import is_folder, name_of
from checklists.notes.change import Audience, Change

NAME = r"(?!\.{1,2}[/#!])[\w.-]+"
NUMBER = re.compile(rf"(?:({NAME}(?:/{NAME})+))?([#!])(\d{{1,10}})", re.ASCII)
"""`#12`, `!12`, or `group/project#12`."""
PAGES: Mapping[str, Mapping[str, str]] = {
    "github": {"#": "issues"},
    "gitea": {"#": "issues"},
    "gitlab": {"#": "-/issues", "!": "-/merge_requests"},
}
"""Of a number that is a pull request, GitHub and Gitea show that."""
FOLLOW: tuple[Audience, ...] = ("developer", "internal")
"""Whose work is done where issues are; customers and admins get no link into it."""
PUBLIC: Mapping[str, str] = {"github.com": "github", "gitlab.com": "gitlab", "codeberg.org": "gitea"}
APIS = {"github": "/api/v3", "gitlab": "/api/v4"}


@dataclass(frozen=True, slots=True)
class Home:
    """Where a repository lives: whose the host is, where that shows its pages, and the repository's name there."""

    host: str = ""
    site: str = ""
    repository: str = ""


def home_at(address: str) -> Home:
    """The home that this address of git names by itself; nowhere where it is on no host that everybody knows."""
    try:
        domain, _, path = name_of(address).partition("/")
    except ValueError:  # it is none that git could follow
        return Home()
    host = PUBLIC.get(domain, "")
    return Home(host, f"https://{domain}", path) if host and "/" in path else Home()


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


def links_of(changes: Iterable[Change], home: Home) -> dict[str, str]:
    """The address of every number that these changes name, and of every `@login`; none of what is no number here."""
    if not home.site:
        return {}
    known = tuple(changes)
    named = dict.fromkeys(name for change in known for name in change.references)
    people = dict.fromkeys(author.login for change in known for author in change.authors if author.login)
    numbers = {name: url for name in named if (url := _address(name, home))}
    return numbers | {f"@{login}": f"{home.site}/{login}" for login in people}


def _address(name: str, home: Home) -> str:
    found = NUMBER.fullmatch(name)
    page = PAGES.get(home.host, {}).get(found[2]) if found else None
    return f"{home.site}/{found[1] or home.repository}/{page}/{found[3]}" if found and page else ""

"""Who the authors of changes are at the host of their repository, where that is certain."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import replace
from urllib.parse import urlsplit

from checklists.notes.change import Author, Change
from checklists.notes.linking import Home

NOREPLY: Mapping[str, re.Pattern[str]] = {
    "github": re.compile(r"(?:\d+\+)?([^@]+)@users\.noreply\.(.+)"),
    "gitlab": re.compile(r"\d+-([^@]+)@users\.noreply\.(.+)"),
}
"""Addresses that a host gives out for the login in them: `12345+ada@users.noreply.github.com`."""
LOGIN: Mapping[str, re.Pattern[str]] = {
    "github": re.compile(r"(?=.{1,39}$)[a-z\d]+(?:-[a-z\d]+)*(?:_[a-z\d]+)?", re.ASCII | re.IGNORECASE),
    "gitlab": re.compile(r"(?=.{1,255}$)[a-z\d_](?:[\w.-]*\w)?(?<!\.git)(?<!\.atom)", re.ASCII | re.IGNORECASE),
}
"""What a login may be; of an app (`dependabot[bot]`) it is none."""
NOBODY = re.compile(r"ghost|.*[-_]bot|(?:project|group)_\d+_bot.*", re.IGNORECASE)
"""Who has left the host, and accounts of machines."""


def with_logins(changes: Iterable[Change], home: Home) -> tuple[Change, ...]:
    """The changes, their authors with the login that is theirs for certain and with no other.

    It is in the address that the host gave them, or is who opened their pull request: unless the same login opened that
    of somebody else, too, who then only had it brought in.
    """
    known = tuple(changes)
    told = {author for change in known for author in change.authors}
    names, logins = defaultdict[str, set[str]](set), defaultdict[str, set[str]](set)
    for author in told:
        if author.login:
            names[author.login.lower()].add(author.name)
            logins[author.name].add(author.login.lower())
    whole = {
        author: replace(author, login=login)
        for author in told
        if (login := _noreply(author, home) or _opened(author, home, names, logins)) != author.login
    }
    return tuple(_of(change, whole) for change in known) if whole else known


def _of(change: Change, whole: Mapping[Author, Author]) -> Change:
    if whole.keys().isdisjoint(change.authors):
        return change
    return change._replace(authors=tuple(whole.get(author, author) for author in change.authors))


def _noreply(author: Author, home: Home) -> str:
    pattern = NOREPLY.get(home.host)
    found = pattern.fullmatch(author.email.lower()) if pattern and "@users.noreply." in author.email.lower() else None
    if found is None or found[2] != (urlsplit(home.site).hostname or ""):
        return ""
    return _login(author.email[found.start(1) : found.end(1)], home)


def _opened(author: Author, home: Home, names: Mapping[str, set[str]], logins: Mapping[str, set[str]]) -> str:
    login = author.login
    is_one = bool(login) and len(names[login.lower()]) == len(logins[author.name]) == 1
    return _login(login, home) if is_one and not NOBODY.fullmatch(login) else ""


def _login(text: str, home: Home) -> str:
    pattern = LOGIN.get(home.host)
    return text if pattern and pattern.fullmatch(text) else ""

"""A commit as git tells it, and the change its message speaks of."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import NamedTuple

from checklists.notes.change import AUDIENCES, NO_NOTES, SEEN_BY, UNSORTED, Audience, Author, Change
from checklists.notes.conventional import is_breaking, parse, split_footers

BLOCK = re.compile(r"^```+[ \t]*release-notes?(?:[ \t:-]+([a-z]+))?[ \t]*\n(.*?)^```+[ \t]*$", re.MULTILINE | re.DOTALL)
NUMBER = re.compile(r"\(([#!]\d+)\)")
REFERENCE = re.compile(r"(?<![\w/])(?:[\w.-]+/[\w.-]+)?[#!]\d+\b")
PULL = re.compile(r"Merge pull request (#\d+) from \S+$|Merged in .* \(pull request (#\d+)\)$")
MERGE_REQUEST = re.compile(r"^See merge request (?:\S*)(!\d+)\s*$", re.MULTILINE)
REVERTED = re.compile(r"\bThis reverts (?:commit|merge) ([0-9a-f]{7,64})")
REVERTED_PULL = re.compile(r"^Reverts (?:[\w.-]+/[\w.-]+)?(#\d+)", re.MULTILINE)
RELEASE = re.compile(
    r"(?:chore: |chore\(release\): )?(?:(?:pre|bump|set)\w*\s+(?:for\s+)?)?(?:release|version)s?\b.{0,12}\d+\.\d+.*"
    r"|v?\d+\.\d+\.\d+\S*",
    re.IGNORECASE,
)
RELEASES = re.compile(r"(?:chore: )?(?:Version Packages|Bump for (?:release|development))(?: \(#\d+\))?", re.IGNORECASE)
"""What tools and people call a release commit that names no version."""
BACKPORT = re.compile(r"(?:\[(?:PR #\d+/\w+ )?backport[^]]*\]\s*|\[v?\d+(?:\.(?:\d+|x))+\]\s*)+", re.IGNORECASE)
SQUASHED = re.compile(r"Merge pull request #\d+ from \S+ \((#\d+)\)")
"""A merge that was squashed into another pull request: its title is the body's first line."""
TRAILERS = ("release-note", "release-notes")
ACTION = ("action-required", "what-to-do")
REFERS = frozenset(("refs", "ref", "closes", "close", "fixes", "fix", "resolves", "resolve", "issue", "see-also"))


class Commit(NamedTuple):
    """`at` is the committer's time in seconds since 1970 (UTC); `rest` the message after its subject."""

    hash: str
    parents: tuple[str, ...]
    name: str
    email: str
    at: int
    subject: str
    rest: str

    @property
    def is_merge(self) -> bool:
        return len(self.parents) > 1

    @property
    def pull(self) -> str | None:
        """The pull or merge request that this merge commit brought in, such as `#12` or `!12`."""
        if not self.is_merge:
            return None
        if found := PULL.match(self.subject):
            return found[1] or found[2]
        asked = MERGE_REQUEST.search(self.rest)
        return asked[1] if asked else None

    @property
    def reverts(self) -> tuple[str, ...]:
        """The commits, and the pull requests, that this takes back."""
        if not self.subject.lower().startswith(("revert", "reapply")) and "reverts" not in self.rest:
            return ()
        return (*REVERTED.findall(self.rest), *REVERTED_PULL.findall(self.rest))


def change_of(commit: Commit) -> Change:
    """What the commit changes, as far as its message says."""
    if commit.subject.startswith("Merge pull") and (squashed := SQUASHED.fullmatch(commit.subject)):
        return pull_request(commit, squashed[1])
    return read(commit.subject, commit.rest, commit)


def pull_request(commit: Commit, number: str) -> Change:
    """What the pull request changes that this merge commit brought in: its title is the body's first line."""
    title, _, rest = commit.rest.strip().partition("\n")
    return read(title.strip() or _branch(commit.subject), rest, commit, number)


def _branch(subject: str) -> str:
    """What a branch without a better title is called: `ada/export-reports` is about export reports."""
    return subject.rpartition("/")[2].replace("-", " ").replace("_", " ").strip() or subject


def read(subject: str, rest: str, commit: Commit, number: str | None = None) -> Change:
    if subject.startswith(("[", " ")):
        subject = subject.strip()
        mark = BACKPORT.match(subject)
        subject = (subject[mark.end() :] if mark else "") or subject
    found = parse(subject, rest)
    footers = found.footers if found else split_footers(rest)[1] if rest else ()
    said = _told(footers) if footers else NOTHING
    breaks = next((text for token, text in footers if is_breaking(token)), "") if "BREAKING" in rest else ""
    is_known = found is not None and found.type in SEEN_BY
    title, squashed = _title(found.title if found and is_known else subject)
    author = known_author(commit.name, commit.email)
    return Change(
        id=number or squashed or commit.hash[:10],
        title=title,
        source="pull-request" if number or squashed else "commit",
        type=_type(found.type if found and is_known else "", subject),
        scope=found.scope if found and is_known else "",
        is_breaking=bool(breaks) or (found is not None and found.is_breaking),
        breaks=breaks,
        action=said.action,
        notes=dict(_notes(footers, rest)) if "elease-" in rest else NO_NOTES,
        references=_references(subject, said.refers, number or squashed),
        authors=tuple(dict.fromkeys((author, *said.authors))) if said.authors else (author,),
        commits=(commit.hash,),
    )


class Told(NamedTuple):
    """What footers say of the change as a whole."""

    action: str = ""
    refers: str = ""
    authors: Sequence[Author] = ()


NOTHING = Told()


def _told(footers: tuple[tuple[str, str], ...]) -> Told:
    action = ""
    refers: list[str] = []
    authors: list[Author] = []
    for name, said in footers:
        trailer = name.lower()
        if trailer in REFERS:
            refers.append(said)
        elif trailer == "co-authored-by":
            authors.append(_author(said))
        elif trailer in ACTION:
            action = action or said
    return Told(action, " ".join(refers), authors) if action or refers or authors else NOTHING


def _author(said: str) -> Author:
    """From a trailer such as `Ben <ben@example.com>`."""
    name, _, mail = said.partition("<")
    return known_author(name.strip(), mail.rstrip("> ").strip())


def _title(text: str) -> tuple[str, str | None]:
    """The title without the numbers that squash merges put behind it, and the last one."""
    number = None
    while text.endswith(")") and (found := NUMBER.fullmatch(text, text.rfind("("))) and found.start():
        text, number = text[: found.start()].rstrip(), number or found[1]
    return text, number


def is_release(subject: str) -> bool:
    """Whether a commit does nothing but write down that a version is released, or is to come."""
    is_called = subject[:1] in "VvBbCc" and RELEASES.fullmatch(subject) is not None
    return is_called or ("." in subject and RELEASE.fullmatch(subject) is not None)


def _type(said: str, subject: str) -> str:
    """What it says itself; a type that no convention knows is a part of the product, or of speech."""
    if is_release(subject):
        return "release"
    return said or ("revert" if subject.startswith("Revert ") else UNSORTED)


def _notes(footers: tuple[tuple[str, str], ...], rest: str) -> Iterator[tuple[Audience, str]]:
    """Words for an audience: the trailers `Release-Note:` and `Release-Note-Admin:`, and blocks, which win."""
    for token, said in footers:
        name = token.lower()
        for prefix in TRAILERS:
            if name == prefix:
                yield "customer", said_none(said)
            elif name.removeprefix(f"{prefix}-") in AUDIENCES:
                yield name.removeprefix(f"{prefix}-"), said_none(said)  # type: ignore[misc]  # it is one of AUDIENCES
    if "```" in rest:
        for to, said in BLOCK.findall(rest):
            if (to or "customer") in AUDIENCES and said.strip():
                yield to or "customer", said_none(said)


def said_none(said: str) -> str:
    """The words; NONE in whatever letters it was written."""
    text = said.strip()
    return "NONE" if text.upper().rstrip(".") == "NONE" else text


def _references(subject: str, refers: str, number: str | None) -> tuple[str, ...]:
    if not refers and subject.count("#") == (1 if number and subject.endswith(f"({number})") else 0):
        return (number,) if number else ()  # none but the one that squash merges put behind the title
    found = REFERENCE.findall(f"{subject} {refers}")
    return tuple(dict.fromkeys((number, *found) if number else found))


@lru_cache(maxsize=4096)
def known_author(name: str, email: str) -> Author:
    """One value for somebody who wrote much."""
    return Author(name, email)

"""A commit as git tells it, and the change its message speaks of."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from typing import NamedTuple

from checklists.notes.change import AUDIENCES, NO_NOTES, SEEN_BY, UNSORTED, Audience, Author, Change
from checklists.notes.conventional import footers, header, is_breaking

BLOCK = re.compile(r"```+[ \t]*release-notes?(?:[ \t:-]+([a-z]+))?[ \t]*")
BLOCK_END = re.compile(r"```+[ \t]*")
REFERENCE = re.compile(r"(?:(?<![\w/.-])[\w.-]++/[\w.-]++|(?<![\w/]))[#!]\d+\b")
PULL = re.compile(r"Merge pull request (#\d+) from \S+$|Merged in .* \(pull request (#\d+)\)$")
MERGE_REQUEST = re.compile(r"^See merge request (?:\S*)(!\d+)\s*$", re.MULTILINE)
REVERTED = re.compile(r"\bThis reverts (?:commit|merge) ([0-9a-f]{7,64})")
REVERTED_PULL = re.compile(r"^Reverts (?:[\w.-]+/[\w.-]+)?(#\d+)", re.MULTILINE)
RELEASE = re.compile(
    r"(?:chore: |chore\(release\): )?(?:(?:pre|bump|set)\w*\s+(?:for\s+)?)?(?:release|version)s?\b.{0,12}\d++\.\d++.*+"
    r"|v?\d++\.\d++\.\d++\S*+",
    re.IGNORECASE,
)
RELEASES = re.compile(r"(?:chore: )?(?:Version Packages|Bump for (?:release|development))(?: \(#\d+\))?", re.IGNORECASE)
"""What tools and people call a release commit that names no version."""
BACKPORT = re.compile(r"(?:\[(?:PR #\d+/\w+ )?backport[^]]*\]\s*|\[v?\d+(?:\.(?:\d+|x))+\]\s*)+", re.IGNORECASE)
SQUASHED = re.compile(r"Merge pull request #\d+ from \S+ \((#\d+)\)")
"""A merge that was squashed into another pull request: its title is the body's first line."""
NOTE_FOR: Mapping[str, Audience] = {
    **dict.fromkeys(("release-note", "release-notes"), "customer"),
    **{f"release-{word}-{audience}": audience for word in ("note", "notes") for audience in AUDIENCES},
}
SAYS: Mapping[str, str] = {
    **dict.fromkeys(("refs", "ref", "closes", "close", "fixes", "fix"), "refers"),
    **dict.fromkeys(("resolves", "resolve", "issue", "see-also"), "refers"),
    **dict.fromkeys(("action-required", "what-to-do"), "action"),
    **dict.fromkeys(("breaking change", "breaking-change"), "breaks"),
    **dict.fromkeys(NOTE_FOR, "notes"),
    "co-authored-by": "author",
}
"""What the value of a footer is, by its token in small letters. Others say nothing of a change."""


class Commit(NamedTuple):
    """`rest` is the message after its subject."""

    hash: str
    parents: tuple[str, ...]
    name: str
    email: str
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
        if "everts " not in self.rest:
            return ()
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
    if subject[:1] in "[ ":
        subject = subject.strip()
        mark = BACKPORT.match(subject)
        subject = (subject[mark.end() :] if mark else "") or subject
    type_, scope, title, is_marked = header(subject) or PLAIN
    if type_ not in SEEN_BY:
        type_, scope, title = "", "", subject
    title, squashed = _title(title) if title[-1:] == ")" else (title, None)
    number = number or squashed
    found = footers(rest) if rest else ()
    said = _told(found) if found else NOTHING
    author = known_author(commit.name, commit.email)
    fields = (
        number or commit.hash[:10],
        title,
        "pull-request" if number else "commit",
        "release" if is_release(subject) else type_ or _untyped(subject),
        scope,
        is_marked or said.is_breaking,
        said.breaks,
        said.action,
        {**said.notes, **dict(_blocks(rest))} if "```" in rest else said.notes,
        (),
        _references(subject, said.refers, number) if number or said.refers or "#" in subject else (),
        tuple(dict.fromkeys((author, *said.authors))) if said.authors else (author,),
        (commit.hash,),
        "",
    )
    return new(Change, fields)


new = tuple.__new__
"""Makes a value of its fields in their order, in a third of the time: for each of a hundred thousand commits."""


class Told(NamedTuple):
    """What footers say of the change as a whole."""

    is_breaking: bool = False
    breaks: str = ""
    action: str = ""
    refers: str = ""
    authors: Sequence[Author] = ()
    notes: Mapping[Audience, str] = NO_NOTES


NOTHING = Told()
PLAIN = ("", "", "", False)
"""The header of a message that follows no convention."""


def _told(found: Sequence[tuple[str, str]]) -> Told:
    said: dict[str, list[str]] = {}
    notes: dict[Audience, str] = {}
    for token, value in found:
        name = token.lower()
        what = SAYS.get(name)
        if what == "notes":
            notes[NOTE_FOR[name]] = said_none(value)
        elif what and (what != "breaks" or is_breaking(token)):
            said.setdefault(what, []).append(value.strip())
    if not said and not notes:
        return NOTHING
    return Told(
        "breaks" in said,
        said["breaks"][0] if "breaks" in said else "",
        next(filter(None, said["action"]), "") if "action" in said else "",
        " ".join(said["refers"]) if "refers" in said else "",
        [_author(one) for one in said["author"]] if "author" in said else (),
        notes or NO_NOTES,
    )


def _author(said: str) -> Author:
    """From a trailer such as `Ben <ben@example.com>`."""
    name, _, rest = said.partition("<")
    return known_author(name.strip().partition("\n")[0], rest.partition(">")[0].strip())


def _title(text: str) -> tuple[str, str | None]:
    """The title without the numbers that squash merges put behind it, and the last one."""
    number = None
    while text[-1:] == ")" and (begin := text.rfind("(")) > 0:
        inside = text[begin + 1 : -1]
        if inside[:1] not in ("#", "!") or not inside[1:].isdecimal():
            break
        text, number = text[:begin].rstrip(), number or inside
    return text, number


def is_release(subject: str) -> bool:
    """Whether a commit does nothing but write down that a version is released, or is to come."""
    is_called = subject[:1] in "VvBbCc" and RELEASES.fullmatch(subject) is not None
    return is_called or ("." in subject and RELEASE.fullmatch(subject) is not None)


def _untyped(subject: str) -> str:
    """Of what type it is without a type that a convention knows; another is a part of the product, or of speech."""
    return "revert" if subject.startswith("Revert ") else UNSORTED


def _blocks(rest: str) -> Iterator[tuple[Audience, str]]:
    """Words for an audience in a block of their own, which win. A block that nobody ended is none."""
    lines = iter(rest.split("\n"))
    for line in lines:
        if not (found := BLOCK.fullmatch(line)):
            continue
        said, is_ended = [], False
        for inner in lines:
            if is_ended := BLOCK_END.fullmatch(inner) is not None:
                break
            said.append(inner)
        to, words = found[1] or "customer", "\n".join(said)
        if is_ended and to in AUDIENCES and words.strip():
            yield to, said_none(words)


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

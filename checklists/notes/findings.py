"""What keeps notes from being good enough: each finding names the change, its commit, the problem and the remedy."""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from checklists.notes.change import Audience, Change

if TYPE_CHECKING:
    from checklists.notes.style import Style

SHORT = 80
READERS: Mapping[Audience, str] = {
    "customer": "customers",
    "admin": "admins",
    "developer": "developers",
    "internal": "colleagues",
}
OUTSIDE: tuple[Audience, ...] = ("customer", "admin", "developer")
PLACEHOLDER = re.compile(
    r"""\b(?: TODO | TBD | FIXME | XXX | WIP | lorem\ ipsum )\b
    | <(?: insert | your | placeholder )[^>]{0,200}>
    | \{\{ | \}\} | \$\{
    | ^\s* (?: \.{3} | … | - | n/?a ) \s*$""",
    re.IGNORECASE | re.VERBOSE,
)
SECRET = re.compile(
    r"""-----BEGIN\ [A-Z ]*PRIVATE\ KEY-----
    | \b (?:AKIA|ASIA) [0-9A-Z]{16} \b
    | \b gh[pousr]_ [A-Za-z0-9]{30,} | \b github_pat_ \w{30,} | \b glpat- [\w-]{20,}
    | \b xox[abprs]- [\w-]{10,} | \b SG\. [\w-]{20,} \. [\w-]{20,} | \b sk_live_ \w{16,} | \b AIza [\w-]{35}
    | (?<=[\w-]{10}) \.eyJ [\w-]{10,} \. [\w-]+
    | (?i: \b (?:password|passwd|secret|api[_-]?key|token) \s* [=:] \s* ) ['"]? [\w/+.-]{12,}""",
    re.VERBOSE,
)
ADDRESS = re.compile(r"https?://[^\s<>()\"'`\]]+")
HOUSE = r"(?:internal|local|localdomain|lan|corp|intranet|intern|home\.arpa)"
NAME = re.compile(r"(?<![\w-])[\w-]++(?:\.[\w-]++)+")
OF_HOUSE = re.compile(rf"\.{HOUSE}\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Finding:
    """`change` is a change's id, empty where it is about the whole text; `commit` its newest commit."""

    audience: Audience
    problem: str
    remedy: str
    change: str = ""
    commit: str = ""

    def __str__(self) -> str:
        return f"{place(self.audience, self.change, self.commit)}: {self.problem}; {self.remedy}"


def place(audience: str, change: str = "", commit: str = "") -> str:
    """`customer #41 a1b2c3d4e5`: in whose notes, of which change, by which commit."""
    return " ".join(dict.fromkeys(part for part in (audience, change, commit[:10]) if part))


def origin(change: Change | None) -> tuple[str, str]:
    """The change and its newest commit, as findings name them."""
    return (change.id, change.commits[0] if change.commits else "") if change else ("", "")


def to_write(audience: Audience) -> str:
    """What to do about a change without a text."""
    where = f"here, or in a `release-note {audience}` block or a fragment in the repository"
    return f"write one {where}; NONE there if {READERS[audience]} need not know"


def _bare(audience: Audience) -> str:
    return f" has no text for {READERS[audience]} yet"


def together(findings: Iterable[Finding]) -> Iterator[Finding]:
    """The same, with all changes of an audience that have no text in one."""
    found = list(findings)
    for audience in dict.fromkeys(one.audience for one in found):
        bare = [one for one in found if one.audience == audience and one.remedy == to_write(audience)]
        if len(bare) > 1:
            named = ", ".join(f"{one.problem.removesuffix(_bare(audience))} ({one.change})" for one in bare)
            problem = f"{len(bare)} changes have no text for {READERS[audience]} yet: {named}"
            yield Finding(audience, problem, to_write(audience))
            found = [one for one in found if one not in bare]
    yield from found


def lines_of(changes: Iterable[Change], seen: Mapping[str, str]) -> dict[str, Change]:
    """Which change a line tells of, by the line, as it was drafted (`seen`, by change)."""
    known, found = {change.id: change for change in changes}, dict[str, Change]()
    for id_, passage in seen.items():
        for line in filter(None, map(str.strip, passage.splitlines() if id_ in known else ())):
            found.setdefault(line, known[id_])
    return found


def of_changes(changes: Iterable[Change], audiences: Iterable[Audience]) -> Iterator[Finding]:
    """What is missing behind the notes: words, and what to do."""
    wanted = tuple(audiences)
    for change in changes:
        if change.type == "release":
            continue
        for audience in wanted:
            if audience in change.concerns:
                yield from _of_change(change, audience)


def _of_change(change: Change, audience: Audience) -> Iterator[Finding]:
    _, commit = origin(change)
    if change.problem:
        yield Finding(audience, change.problem, "mend it, or write here what it is to say", change.id, commit)
        return
    if audience in OUTSIDE and not change.has_words(audience) and audience != "developer":
        yield Finding(audience, f'"{change.title}"{_bare(audience)}', to_write(audience), change.id, commit)
    if change.is_breaking and not (change.action or change.breaks) and audience != "internal":
        yield Finding(
            audience, f'"{change.title}" breaks something and does not say what a reader must do',
            "add `Action-Required: ...` or `BREAKING CHANGE: ...`", change.id, commit,
        )  # fmt: skip
    said = change.words(audience)
    if found := PLACEHOLDER.search(said):
        what = f'"{found[0].strip()}" in "{_short(said)}" is a placeholder'
        yield Finding(audience, what, "write what changed", change.id, commit)
    elif not said.strip():
        yield Finding(audience, "it has no words at all", "write what changed", change.id, commit)


def _short(words: str) -> str:
    line = " ".join(words.split())
    return line if len(line) <= SHORT else f"{line[: SHORT - 1]}…"


def of_text(
    text: str, audience: Audience, style: Style, lines: Mapping[str, Change] | None = None
) -> Iterator[Finding]:
    """What must not stand in a text, or has to: the words a person is about to approve.

    `lines` says which change a line tells of, where nobody wrote it anew.
    """
    if not text.strip():
        yield Finding(audience, "the text is empty", "write it, or leave this audience out")
        return
    for number, line in enumerate(text.splitlines(), 1):
        about = origin((lines or {}).get(line.strip()))
        for problem, remedy in _of_line(line, audience, style):
            yield Finding(audience, f"line {number}: {problem}", remedy, *about)
    if audience == "customer":
        for term in style.required:
            if term.lower() not in text.lower():
                yield Finding(audience, f'"{term}" does not appear', "write it: the product's style list asks for it")


def _of_line(line: str, audience: Audience, style: Style) -> Iterator[tuple[str, str]]:
    if found := PLACEHOLDER.search(line):
        yield f'"{found[0].strip()}" is a placeholder', "write what is meant"
    if has_secret(line):
        yield "this looks like a secret", "take it out, and make it void where it was used"
    for word, better in style.banned.items():
        if re.search(rf"(?<!\w){re.escape(word)}(?!\w)", line, re.IGNORECASE):
            yield f'"{word}" is not a word of ours', f'write "{better}"' if better else "leave it out"
    if audience in OUTSIDE:
        for host in _internal(line, style.internal_hosts):
            yield f'"{host}" is a host of the house', "link to what this audience can open"


def has_secret(text: str) -> bool:
    """Whether something in it looks like a key, a token or a password."""
    return any(SECRET.search(line) for line in text.splitlines())


def is_of_the_house(text: str, style: Style) -> bool:
    """Whether it names a host that only the house can reach."""
    return any(True for _ in _internal(text, style.internal_hosts))


def _internal(line: str, ends: tuple[str, ...]) -> Iterator[str]:
    hosts = {host for name in NAME.findall(line) if (host := _of_house(name))}
    hosts |= {host for url in ADDRESS.findall(line) if (host := _host(url))}
    yield from sorted(host for host in hosts if _is_internal(host) or host.lower().endswith(ends or ("\0",)))


def _of_house(name: str) -> str:
    """As much of a dotted name as ends like a host of the house; nothing where no part of it does."""
    ends = [match.end() for match in OF_HOUSE.finditer(name)]
    return name[: ends[-1]] if ends else ""


def _host(url: str) -> str:
    try:
        return urlsplit(url).hostname or ""
    except ValueError:
        return ""


def _is_internal(host: str) -> bool:
    try:
        return not ipaddress.ip_address(host).is_global
    except ValueError:
        return "." not in host or _of_house(host) == host

"""Fragment files: one small file a change, written for readers. Reads towncrier's, changesets', reno's and our own.

The name says which change it is about (`41.feature.md` is about #41); a name that is no number is about none.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from checklists.errors import InvalidFile
from checklists.notes.change import AUDIENCES, SEEN_BY, UNSORTED, Audience, Change
from checklists.notes.commit import said_none
from checklists.notes.conventional import KNOWN

FOLDERS = (
    "newsfragments/",
    "news/",
    "changelog/",
    "changelog.d/",
    "changes/",
    "changelogs/unreleased/",
    ".changeset/",
    "releasenotes/notes/",
)
"""Where projects keep them. A file is one only where it reads like one."""
NO_FRAGMENTS = ("readme.md", "readme.rst", "config.json")
TOWNCRIER = re.compile(r"(?P<name>[^./][^/]*?)\.(?P<type>[a-z_]+)(?:\.\d+)?(?P<end>\.(?:md|rst|txt))?$")
NUMBERED = re.compile(r"(?:gh-|pr-|issue-)?(\d+)(?:[-_].*)?")
RST = (
    (re.compile(r"`([^`<]*[^`<\s])\s*<(https?://[^<>`\s]+)>`__?"), r"[\1](\2)"),
    (re.compile(r"(?<!`):pep:`(\d+)`"), r"PEP \1"),
    (re.compile(r"(?<!`):[a-z][\w:-]{0,40}:`~?([^`<]*[^`<\s])(?:\s*<[^`>]*>)?`"), r"`\1`"),
    (re.compile(r"``(.+?)``"), r"`\1`"),
)
"""What towncrier's reStructuredText has that markdown writes in another way: links, roles, code."""
TYPES = {
    "feature": "feat",
    "bugfix": "fix",
    "bug": "fix",
    "doc": "docs",
    "removal": "removed",
    "deprecation": "deprecated",
    "security": "security",
    "breaking": "breaking",
    "change": "feat",
    "changed": "feat",
    "added": "feat",
    "improvement": "perf",
    "enhancement": "feat",
    "contrib": "chore",
    "vendor": "build",
    "process": "chore",
    "trivial": "chore",
    "misc": "chore",
    "internal": "chore",
}
RENO = {
    "features": "feat",
    "fixes": "fix",
    "upgrade": "breaking",
    "critical": "fix",
    "security": "security",
    "deprecations": "deprecated",
    "issues": "fix",
    "prelude": "docs",
    "other": "chore",
}
BUMPS = {"major": "breaking", "minor": "feat", "patch": "fix"}
FRONT = re.compile(r"\A---[ \t]*\n(?P<front>.*?)^---[ \t]*\n?(?P<text>.*)\Z", re.MULTILINE | re.DOTALL)
SECTION = re.compile(r"^##[ \t]+(customer|admin|developer|internal)[ \t]*$", re.MULTILINE)
READS_LIKE_RENO = re.compile(rf"^['\"]?(?:{'|'.join(RENO)})['\"]?[ \t]*:", re.MULTILINE)
TOO_LARGE = 100_000  # characters
YES = ("true", "yes", "on")


def is_fragment(path: str) -> bool:
    """Whether a file of this path may be one: by its folder, and not the folder's own README or template."""
    folder = next((one for one in FOLDERS if path.startswith(one) or f"/{one}" in path), None)
    name = path.rpartition("/")[2]
    return folder is not None and not name.startswith((".", "_")) and name.lower() not in NO_FRAGMENTS


def read_fragment(path: str, text: str) -> tuple[Change, ...]:
    """The changes of a file; none where it is no fragment after all. One that cannot be read is one with a problem."""
    name, body = path.rpartition("/")[2], text.replace("\r\n", "\n").strip()
    named = TOWNCRIER.fullmatch(name)
    type_ = _type(named) if named else None
    if not body or len(text) > TOO_LARGE:
        problem = f"{_shown(path)}: it is longer than {TOO_LARGE} characters; a fragment is a few sentences"
        return (_broken(_about(named["name"]), path, problem),) if body and named and type_ else ()
    if name.endswith((".yaml", ".yml")):
        return tuple(_reno(path, name, body))
    stem = name.rpartition(".")[0] or name
    if found := FRONT.match(body):
        return tuple(_with_front(path, stem, found["front"], found["text"]))
    if named is None or type_ is None:
        return ()
    return (_change(_about(named["name"]), type_, _markdown(body) if named["end"] != ".md" else body),)


def _type(named: re.Match[str]) -> str | None:
    """Of a towncrier file; a kind that only this project has is told as it is, where the name says whose it is."""
    said = named["type"]
    if said in TYPES or said in KNOWN:
        return TYPES.get(said, said)
    is_one = named["end"] and (NUMBERED.fullmatch(named["name"]) or named["name"].startswith("+"))
    return UNSORTED if is_one else None


def _markdown(text: str) -> str:
    for pattern, said in RST:
        text = pattern.sub(said, text)
    return text


def _about(name: str) -> str:
    """`41` and `gh-41` are about #41; `+exports` is about none."""
    found = NUMBERED.fullmatch(name)
    return f"#{found[1]}" if found else name


def _change(id_: str, type_: str, words: str, **more: Any) -> Change:
    """The first paragraph is the title; the whole is what customers read, unless there are words for each.

    What is the house's own (`misc`, `trivial`, `process`) the house reads.
    """
    breaking = type_ == "breaking"
    known = KNOWN.get(type_, type_)
    title, _, rest = words.strip().partition("\n\n")
    reader: Audience = "internal" if SEEN_BY.get(known) == ("internal",) else "customer"
    notes: dict[Audience, str] = more.pop("notes", {}) or {reader: said_none(words)}
    return Change(
        id=id_,
        title=" ".join(title.split()),
        source="fragment",
        type="feat" if breaking else known,
        is_breaking=more.pop("is_breaking", False) or breaking,
        action=more.pop("action", "") or (rest.strip() if breaking else ""),
        notes=notes,
        references=(id_,) if id_.startswith("#") else (),
        **more,
    )


def _broken(id_: str, path: str, problem: str) -> Change:
    """It may concern anybody, so everybody's notes wait until somebody has looked."""
    return Change(id_, f"{_shown(path)} cannot be read", "fragment", audiences=AUDIENCES, problem=problem)


def _shown(path: str) -> str:
    return path if path.isprintable() else ascii(path)[1:-1]


def _reno(path: str, name: str, text: str) -> Iterator[Change]:
    about = _about(name.rpartition("-")[0] or name)
    said, problem = _yaml(path, text, "begin with `features:` or another section")
    if problem and READS_LIKE_RENO.search(text):
        yield _broken(about, path, problem)
    for section, notes in said.items():
        entries = notes if isinstance(notes, list) else [notes]
        for number, entry in enumerate(one for one in entries if isinstance(one, str) and one.strip()):
            yield _change(f"{about}/{section}/{number + 1}", RENO.get(section, "chore"), entry)


def _with_front(path: str, stem: str, front: str, text: str) -> Iterator[Change]:
    """A changeset (`"package": minor`), or our own: type, audiences, breaking, action, and a section an audience."""
    if not text.strip():
        return
    said, problem = _yaml(path, f"---\n{front}", "begin with `type:`") if front.strip() else ({}, "")
    bumps = [bump for bump in said.values() if isinstance(bump, str) and bump in BUMPS] if "type" not in said else []
    if bumps:
        yield _change(_about(stem), BUMPS[min(bumps, key=list(BUMPS).index)], text, scope=", ".join(map(str, said)))
        return
    before, *parts = SECTION.split(text)
    notes = {audience: said_none(words) for audience, words in zip(parts[::2], parts[1::2], strict=True)}
    yield _change(
        _about(_word(said.get("pull-request")) or stem),
        _word(said.get("type")) or "feat",
        before.strip() or next(iter(notes.values()), ""),
        notes=notes,
        is_breaking=_word(said.get("breaking")).lower() in YES,
        action=_word(said.get("action")),
        audiences=tuple(one for one in AUDIENCES if problem or one in _words(said.get("audiences"))),
        problem=problem,
    )


def _word(value: Any) -> str:
    """A text or a number; anything else may be as large as somebody likes, and is left alone."""
    return str(value).strip() if isinstance(value, str | int) else ""


def _words(value: Any) -> tuple[str, ...]:
    return tuple(map(_word, value)) if isinstance(value, list) else (_word(value),)


def _yaml(path: str, text: str, begin: str) -> tuple[Mapping[str, Any], str]:
    """What a text of strangers says, and what keeps it from being read."""
    from checklists.files.reader import read_text  # here, since most repositories have no such file

    try:
        return read_text(Path(_shown(path)), text, begin).plain, ""
    except InvalidFile as error:
        return {}, str(error)

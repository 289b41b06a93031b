"""Notes inside texts that people write, too: a release's description, a changelog.

What is ours stands between two marks that nobody sees; everything outside them stays as it is, letter by letter.
"""

from __future__ import annotations

import re
from datetime import date

from checklists.errors import LaunchError

BEGIN, END = "<!-- tminus: notes of {version} -->", "<!-- tminus: end of notes -->"
OPENING = "<!-- tminus:"
MARK = re.compile(r"<!--\s*tminus:[^<>]*-->")
HEADING = re.compile(r"^(#{1,5})(?= )", re.MULTILINE)
FENCE = re.compile(r"^ {0,3}(`{3,}|~{3,})")
KEEP = {
    "new": "Added",
    "features": "Added",
    "better than before": "Changed",
    "performance": "Changed",
    "faster": "Changed",
    "fixes": "Fixed",
    "no longer there": "Removed",
    "removed or deprecated": "Removed",
}
"""Headings of our drafts by what Keep a Changelog calls them; others stay what they are."""
START = """# Changelog

All notable changes are written down here, as [Keep a Changelog](https://keepachangelog.com/en/1.1.0/) asks for.
"""


class NotOurs(LaunchError):
    """The text cannot take the notes without changing what people wrote; the sentence says what to do."""


def described(text: str, version: str, words: str) -> str:
    """A release's description with the notes in it: in the place of the last ones, else below what is there."""
    found = _ours(text, version)
    ours = _marked(version, words)
    if found:
        return text[: found[0]] + ours + text[found[1] :]
    return f"{text.rstrip()}\n\n{ours}\n" if text.strip() else f"{ours}\n"


def logged(text: str, version: str, day: date, words: str) -> str:
    """A changelog with the section of this version: renewed where it is ours, else above the newest one.

    Raises NotOurs where people wrote one.
    """
    found = _ours(text, version)
    if found:
        before, there, after = text[: found[0]], text[found[0] : found[1]], text[found[1] :]
        return before + _section(text, version, _day_of(there) or day, words) + after
    if re.search(rf"^##\s+\[?v?{re.escape(version)}\]?(?![\w.-])", text, re.MULTILINE):
        raise NotOurs(f"the changelog has a section for {version} that people wrote; it is left as it is")
    text = text if text.strip() else START
    place = _newest(text)
    before, after = text[:place].rstrip(), text[place:].lstrip("\n")
    return f"{before}\n\n{_section(text, version, day, words)}\n" + (f"\n{after}" if after else "")


def _section(text: str, version: str, day: date, words: str) -> str:
    name = f"[{version}]" if re.search(r"^##\s+\[\d", text, re.MULTILINE) else version
    return _marked(version, f"## {name} - {day.isoformat()}\n\n{kept(words)}")


def _day_of(section: str) -> date | None:
    found = re.search(r"^## \S+ - (\d{4}-\d\d-\d\d)$", section, re.MULTILINE)
    return date.fromisoformat(found[1]) if found else None


def _newest(text: str) -> int:
    """Where the newest version's section begins; what is not released yet stands above it."""
    for found in re.finditer(r"^## +\[?([^\]\s]+)", text, re.MULTILINE):
        if found[1].lower() != "unreleased":
            begin = text.rfind("<!-- tminus: notes of", 0, found.start())
            is_marked = begin >= 0 and not text[begin : found.start()].partition("-->")[2].strip()
            return begin if is_marked else found.start()
    return len(text)


def kept(words: str) -> str:
    """The words below a version's heading: one level deeper, under the names of Keep a Changelog."""
    lines, fence = [], ""
    for line in words.strip().splitlines():
        if mark := FENCE.match(line):
            fence = "" if fence and mark[1].startswith(fence) else fence or mark[1]
        lines.append(line if fence else _deeper(line))
    return "\n".join(lines)


def _deeper(line: str) -> str:
    if not HEADING.match(line):
        return line
    marks, _, name = line.partition(" ")
    return f"#{marks} {KEEP.get(name.strip().lower(), name)}"


def _marked(version: str, words: str) -> str:
    return f"{BEGIN.format(version=version)}\n{_unmarked(words).strip()}\n{END}"


def _unmarked(words: str) -> str:
    """Without anything that reads like a mark of ours, also where taking one out made another of its ends."""
    return MARK.sub("", words).replace(OPENING, OPENING.replace(":", " "))


def _ours(text: str, version: str) -> tuple[int, int] | None:
    """Where our own words are. Raises NotOurs where the marks are not as we set them."""
    begin, count = BEGIN.format(version=version), text.count(BEGIN.format(version=version))
    if not count:
        return None
    start = text.index(begin)
    end = text.find(END, start)
    inside = text[start + len(begin) : end]
    if count > 1 or end < 0 or OPENING in inside:
        raise NotOurs(f"the hidden marks around the notes of {version} are broken; take them out, and publish again")
    return start, end + len(END)

"""Notes as a file in the product's repository, where they are reviewed as code is: `docs/releases/2.4.0.customer.md`.

The newest of the default branch counts: what a pull request brought in after the tag was set is the better word. Where
neither has such a file, the words are written elsewhere.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256

from checklists.item_entries import MOST_WORDS
from checklists.launch import Launch
from checklists.notes.change import Audience
from checklists.notes.rewriting import FileSeen, tidy
from tasks.changes.mirror import Mirror
from tasks.writing_back.branches import OURS

FOLDER = "docs/releases"
BRANCHES = ("refs/heads/main", "refs/heads/master")
CO_AUTHORS = "%(trailers:key=Co-authored-by,valueonly,unfold,separator=%x20)"
ADDRESS = re.compile(r"<([^<>]*)>")
MOST_COMMITS = MOST_PEOPLE = 100
LONGEST = 254


@dataclass(frozen=True, slots=True)
class Reviewed:
    """The file for one audience, as it is on the branch or at the release's commit."""

    path: str
    words: str
    commit: str
    author: str
    others: tuple[str, ...] = ()

    @property
    def seen(self) -> FileSeen:
        """That it was taken over."""
        mark, where = sha256(self.words.encode()).hexdigest(), f"{self.path} at {self.commit[:10]}"
        return FileSeen(mark, where, self.author, self.others)

    @property
    def known(self) -> FileSeen:
        """That somebody has seen it who writes other words."""
        return FileSeen(self.seen.sha256)


def path_of(version: str, audience: Audience) -> str:
    return f"{FOLDER}/{version}.{audience}.md"


def reviewed(copy: Mirror, launch: Launch, audiences: tuple[Audience, ...]) -> Mapping[Audience, Reviewed]:
    """The files there are, by audience."""
    places = [*_branch(copy), *filter(None, [launch.release.commit])]
    found = {audience: _first(copy, places, path_of(launch.release.version, audience)) for audience in audiences}
    return {audience: file for audience, file in found.items() if file}


def _branch(copy: Mirror) -> list[str]:
    """The default branch: as the address says, or of the usual names, or the only one there is."""
    found = copy.ask("for-each-ref", "--format=%(refname)", "refs/heads").lines
    if copy.default_branch in found:
        return [copy.default_branch]
    heads = [name for name in found if not name.startswith(f"refs/heads/{OURS}")]
    usual = [name for name in BRANCHES if name in heads]
    return usual[:1] or (heads if len(heads) == 1 else [])


def _first(copy: Mirror, places: list[str], path: str) -> Reviewed | None:
    return next((file for place in places if (file := _read(copy, place, path))), None)


def _read(copy: Mirror, place: str, path: str) -> Reviewed | None:
    said = copy.ask("cat-file", "blob", "--end-of-options", f"{place}:{path}", at_most=4 * MOST_WORDS)
    text = tidy(said.text.decode("utf-8", "replace"))
    if said.status or not said.whole or len(text) > MOST_WORDS or not text.strip():
        return None
    commit, people = _written_by(copy, place, path)
    return Reviewed(path, text, commit, people[0], tuple(people[1:]))


def _written_by(copy: Mirror, place: str, path: str) -> tuple[str, list[str]]:
    """The newest commit of a file, and who wrote in it, the last one first: a squash merge names them as co-authors."""
    options = (f"--max-count={MOST_COMMITS}", f"--format=%H <%aE> {CO_AUTHORS}")
    said = copy.ask("log", *options, "--end-of-options", place, "--", path).lines
    people = dict.fromkeys(address.strip().lower() for line in said for address in ADDRESS.findall(line))
    known = [one for one in people if len(one) <= LONGEST][:MOST_PEOPLE]
    return said[0].partition(" ")[0] if said else "", known or [""]

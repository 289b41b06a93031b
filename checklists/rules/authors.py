"""Who wrote what a gate is bound to: they may not sign it, neither themselves nor for somebody else."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from checklists.binding import Binding
from checklists.items import binding
from checklists.launch import Launch

NO_REPLY = re.compile(r"(?:\d+[+-])?([^@+]+)@users\.noreply\.(github|gitlab)\.com")
"""The addresses these two give to people who hide their own; the login stands in them."""
REQUESTED = "started the launch"


def authors_of(launch: Launch, key: str) -> frozenset[str]:
    """Addresses and logins of everybody who may not sign this item, had a hand in what it is bound to."""
    return frozenset(authorship(launch, key))


def is_author(launch: Launch, key: str, names: Iterable[str]) -> bool:
    """Whether somebody who is known by any of these names is one of them."""
    return not authors_of(launch, key).isdisjoint(names)


def authorship(launch: Launch, key: str) -> dict[str, str]:
    """What each of them did, by name: `wrote the code`, `started the launch`."""
    bound = binding(launch.items[key].item)
    of_item = launch.items.get(bound.item or "")
    exhibits = of_item.evidence.values() if of_item else ()
    attached = {exhibit.by: f"attached the evidence of {bound.item}" for exhibit in exhibits}
    writers = of_item.writers if of_item else ()
    written = {name: f"wrote {bound.item}" for one in writers for name in _known_as(one)}
    return written | attached | wrote(bound, launch.authors, launch.started_by)


def wrote(bound: Binding, authors: Iterable[str], requester: str) -> dict[str, str]:
    """The same, of what is known before anything has happened. Gates that are bound to nothing have no authors."""
    if bound.thing == "nothing":
        return {}
    coders = authors if bound.thing == "code" else ()
    return {requester.lower(): REQUESTED} | {name: "wrote the code" for one in coders for name in _known_as(one)}


def _known_as(author: str) -> Iterator[str]:
    author = author.lower()
    yield author
    if hidden := NO_REPLY.fullmatch(author):
        yield f"{hidden[2]}:{hidden[1]}"


def unknown_authors(launch: Launch, key: str) -> str:
    """Why nobody knows who wrote the code this item is bound to; empty where it is known, or no git address is set."""
    if binding(launch.items[key].item).thing != "code" or launch.difference is None:
        return ""
    return launch.difference.why or launch.unread

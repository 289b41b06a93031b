"""The chain that makes the record tamper-evident: every entry is sealed with the hash of the one before it.

A change, a gap and a missing end are noticed. Somebody who writes the whole chain anew is noticed only where its last
hash was kept elsewhere.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime
from hashlib import sha256
from typing import Any

import rfc8785

from checklists.entries import Entry
from checklists.errors import LaunchError

FIRST = "0" * 64
"""What the first entry of every launch follows; the launch's id stands in the entry itself."""


class Garbled(LaunchError):
    """A text that is not the canonical JSON a ledger writes."""


@dataclass(frozen=True, slots=True)
class Sealed:
    """An entry as its canonical JSON text, the hash it follows, and its own: sha256(prev + body), in hexadecimal."""

    body: str
    prev: str
    hash: str


@dataclass(frozen=True, slots=True)
class Fault:
    """The first entry that does not fit, counted from 1, and why; `line` where it stands in an exported file."""

    entry: int
    problem: str
    line: int | None = None

    def __str__(self) -> str:
        place = "" if self.line is None else f"line {self.line}: "
        return f"{place}entry {self.entry}: {self.problem}"


@dataclass(frozen=True, slots=True)
class _Place:
    """Where the chain stands after an entry."""

    launch_id: str
    seq: int
    hash: str


def _plain(value: Any) -> Any:
    match value:
        case datetime():
            return value.astimezone(UTC).replace(tzinfo=None).isoformat(timespec="microseconds") + "Z"
        case date():
            return value.isoformat()
        case dict():
            return {key: _plain(inner) for key, inner in value.items()}
        case list() | tuple():
            return [_plain(inner) for inner in value]
    return value


def canonical(entry: Entry) -> str:
    """The entry as RFC 8785 JSON; datetimes in UTC with microseconds and `Z`."""
    return rfc8785.dumps(_plain(entry.model_dump())).decode()


def _digest(prev: str, body: str) -> str:
    return sha256((prev + body).encode()).hexdigest()


def seal(entry: Entry, prev: str) -> Sealed:
    """The entry bound to the hash of the one before it (`FIRST` for the first)."""
    body = canonical(entry)
    return Sealed(body, prev, _digest(prev, body))


def verify(chain: Iterable[Sealed]) -> Fault | None:
    """The first entry that does not fit, or None where all do. Reads anything without failing."""
    place: _Place | None = None
    for number, sealed in enumerate(chain, 1):
        try:
            place = _follow(place, sealed)
        except Garbled as misfit:
            return Fault(number, str(misfit))
    return None


def _follow(before: _Place | None, sealed: Sealed) -> _Place:
    """Where the chain stands after this entry; raises Garbled where it does not fit."""
    said = canonical_object(sealed.body)
    found = _Place(str(said.get("launch-id")), _whole(said.get("seq")), sealed.hash)
    expected = _Place(found.launch_id, 0, FIRST) if before is None else before
    if sealed.hash != _digest(sealed.prev, sealed.body):
        raise Garbled("its hash does not fit what it says; it was changed after it was written")
    if found.launch_id != expected.launch_id:
        raise Garbled(f"it belongs to {found.launch_id}, the entries before it to {expected.launch_id}")
    if found.seq != expected.seq + 1:
        raise Garbled(f"it has the number {found.seq} where {expected.seq + 1} follows; entries are missing or moved")
    if sealed.prev != expected.hash:
        raise Garbled("it does not follow the entry before it; one of the two was replaced")
    return found


def _whole(value: object) -> int:
    return value if type(value) is int else -1


def canonical_object(text: str | bytes) -> dict[str, Any]:
    """A JSON object whose text is exactly its canonical form, so that no other text can stand for it."""
    try:
        exact = text.encode() if isinstance(text, str) else text
        value = json.loads(exact.decode())
        if isinstance(value, dict) and rfc8785.dumps(value) == exact:
            return value
    except (ValueError, RecursionError) as error:
        raise Garbled("it is not the canonical JSON that was written") from error
    raise Garbled("it is not the canonical JSON that was written")


def to_line(sealed: Sealed) -> bytes:
    """One line of an exported file, with its line end."""
    said = {"entry": json.loads(sealed.body), "hash": sealed.hash, "prev": sealed.prev}
    return rfc8785.dumps(said) + b"\n"


def to_lines(chain: Iterable[Sealed]) -> Iterator[bytes]:
    """An exported file: a line an entry, then one that says how many there are, so that a missing end is noticed."""
    place: _Place | None = None
    for sealed in chain:
        place = _follow(place, sealed)
        yield to_line(sealed)
    yield _manifest(place)


def _manifest(place: _Place | None) -> bytes:
    end = place or _Place("", 0, FIRST)
    return rfc8785.dumps({"entries": end.seq, "head": end.hash, "launch-id": end.launch_id}) + b"\n"


def from_line(line: bytes) -> Sealed:
    """The entry an exported line holds; raises Garbled for anything but the exact text that `to_line` writes."""
    if not line.endswith(b"\n"):
        raise Garbled("the line is cut off")
    said = canonical_object(line[:-1])
    match said:
        case {"entry": dict(entry), "hash": str(hash_), "prev": str(prev)} if len(said) == 3:
            return Sealed(rfc8785.dumps(entry).decode(), prev, hash_)
    raise Garbled("the line holds no entry of a ledger")


@dataclass(frozen=True, slots=True)
class Export:
    """What an exported file holds: the chain, and the lines that follow the one which counts its entries."""

    chain: tuple[Sealed, ...]
    rest: tuple[bytes, ...]


def read_lines(lines: Iterable[bytes]) -> Export | Fault:
    """The chain of an exported file, or its first line that does not fit. Reads any bytes without failing.

    For a file opened with "rb": what a text mode would tidy away counts as a change.
    """
    place: _Place | None = None
    chain: list[Sealed] = []
    rest = iter(lines)
    for number, line in enumerate(rest, 1):
        if line == _manifest(place):
            return Export(tuple(chain), tuple(rest))
        try:
            chain.append(from_line(line))
            place = _follow(place, chain[-1])
        except Garbled as misfit:
            return Fault(number, str(misfit), number)
    ended = place.seq if place else 0
    return Fault(ended + 1, "the file ends without the line that counts its entries; its end is missing", ended + 1)


def verify_lines(lines: Iterable[bytes]) -> Fault | None:
    """The first line of an exported file of entries alone that does not fit, or None where all do."""
    found = read_lines(lines)
    if isinstance(found, Fault):
        return found
    end = len(found.chain) + 1
    return Fault(end, "something follows the line that ends the file", end + 1) if found.rest else None

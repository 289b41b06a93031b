"""Anchors: once a day the heads of all launches, signed, so that a record that was cut off or written anew shows.

What is signed is small: the day, how many launches there are, the root of a Merkle tree over their heads, and the hash
of the anchor before. So one launch can be shown to be covered without naming the others.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from hashlib import sha256
from typing import Any

import rfc8785

from ledger import merkle
from ledger.chain import FIRST, Fault, Garbled, Sealed, canonical_object

PREFIX = b"tminus anchor\n"
"""Stands before what is signed, so that no signature of another kind can pass for an anchor's."""
Heads = Mapping[str, tuple[int, str]]
"""By launch: the number of its last entry, and that entry's hash."""


@dataclass(frozen=True, slots=True)
class Anchor:
    """A statement as its canonical JSON text, its Ed25519 signature and the public key for that, in hexadecimal."""

    statement: str
    signature: str
    key: str

    @property
    def said(self) -> dict[str, Any]:
        found: dict[str, Any] = json.loads(self.statement)
        return found

    @property
    def day(self) -> date:
        return date.fromisoformat(self.said["day"])

    @property
    def at(self) -> datetime:
        return datetime.fromisoformat(self.said["at"])

    @property
    def hash(self) -> str:
        """What the anchor after this one names."""
        return sha256(self.statement.encode()).hexdigest()


def _leaf(launch_id: str, head: tuple[int, str]) -> bytes:
    said: dict[str, Any] = {"entries": head[0], "head": head[1], "launch-id": launch_id}
    return merkle.leaf(rfc8785.dumps(said))


def leaves(heads: Heads) -> list[bytes]:
    """One for each launch, in the order of their names."""
    return [_leaf(name, heads[name]) for name in sorted(heads)]


def make(heads: Heads, before: Anchor | None, now: datetime, seed: bytes) -> Anchor:
    """The signed statement of what there is now; `seed` are the 32 bytes of the private key."""
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

    said: dict[str, Any] = {
        "at": now.astimezone(UTC).isoformat(timespec="seconds"),
        "day": now.astimezone(UTC).date().isoformat(),
        "launches": len(heads),
        "prev": before.hash if before else FIRST,
        "root": merkle.root(leaves(heads)).hex(),
    }
    key = Ed25519PrivateKey.from_private_bytes(seed)
    statement = rfc8785.dumps(said)
    public = key.public_key().public_bytes_raw().hex()
    return Anchor(statement.decode(), key.sign(PREFIX + statement).hex(), public)


def public_key(seed: bytes) -> str:
    """The public key of a private one, in hexadecimal."""
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

    return Ed25519PrivateKey.from_private_bytes(seed).public_key().public_bytes_raw().hex()


def check(anchor: Anchor) -> None:
    """Raises Garbled unless this was signed by the owner of its key and reads as a statement does."""
    from cryptography.exceptions import InvalidSignature
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

    try:
        key = Ed25519PublicKey.from_public_bytes(bytes.fromhex(anchor.key))
        key.verify(bytes.fromhex(anchor.signature), PREFIX + anchor.statement.encode())
    except (ValueError, InvalidSignature) as error:
        raise Garbled("an anchor's signature does not fit what it says; it was changed after it was signed") from error
    match canonical_object(anchor.statement):
        case {"at": str(at), "day": str(day), "launches": int(), "prev": str(), "root": str()}:
            _dated(at, day)
        case _:
            raise Garbled("an anchor does not say what anchors say; it is of another version of tminus")


def _dated(at: str, day: str) -> None:
    try:
        if datetime.fromisoformat(at).date() == date.fromisoformat(day):
            return
    except ValueError as error:
        raise Garbled("an anchor carries no date that can be read") from error
    raise Garbled("an anchor was made on another day than it says")


@dataclass(frozen=True, slots=True)
class Kept:
    """An anchor and the heads of all launches on its day."""

    anchor: Anchor
    heads: Heads

    def check(self) -> None:
        """Raises Garbled unless it was signed, and over these heads."""
        check(self.anchor)
        if self.anchor.said["root"] != merkle.root(leaves(self.heads)).hex():
            raise Garbled(f"the anchor of {self.anchor.day} was signed over other heads than these")

    def cover(self, launch_id: str) -> Covered:
        """What it has of one of its launches."""
        index = sorted(self.heads).index(launch_id)
        beside = merkle.path(leaves(self.heads), index)
        return Covered(self.anchor, launch_id, self.heads[launch_id], index, tuple(one.hex() for one in beside))


def short(key: str) -> str:
    """A key as people compare it."""
    return f"{key[:8]}…{key[-8:]}"


@dataclass(frozen=True, slots=True)
class Covered:
    """An anchor, and the head that it has for one launch; `index` and `path` are the way from there to its root."""

    anchor: Anchor
    launch_id: str
    head: tuple[int, str]
    index: int
    path: tuple[str, ...]

    def check(self) -> None:
        """Raises Garbled unless the anchor says this."""
        check(self.anchor)
        try:
            beside = [bytes.fromhex(one) for one in self.path]
        except ValueError as error:
            raise Garbled("the way from the launch to its anchor cannot be read") from error
        found = merkle.climb(_leaf(self.launch_id, self.head), self.index, self.anchor.said["launches"], beside)
        if found is None or found.hex() != self.anchor.said["root"]:
            raise Garbled("the anchor does not cover this launch as it says")


class Misfit(Exception):
    """A chain is sound in itself, but it is not what was anchored."""

    def __init__(self, entry: int, problem: str, line: int | None = None) -> None:
        super().__init__(problem)
        self.fault = Fault(entry, problem, line)


def compare(chain: Sequence[Sealed], head: tuple[int, str], anchor: Anchor) -> str:
    """How far an anchor with this head covers the chain, in words. Raises Misfit where it is not the same chain."""
    seq, hash_ = head
    if len(chain) < seq:
        said = f"the anchor of {anchor.day} knows {seq} entries; the end of the record was cut off"
        raise Misfit(len(chain) + 1, said)
    if chain[seq - 1].hash != hash_:
        raise Misfit(seq, f"the anchor of {anchor.day} knows another entry {seq}; the record was written anew")
    return f"anchored on {anchor.day} up to entry {seq}, with the key {short(anchor.key)}"

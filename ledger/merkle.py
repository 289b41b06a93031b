"""One hash over many texts, and the short proof that one of them is among them (RFC 9162, section 2.1)."""

from __future__ import annotations

from collections.abc import Sequence
from hashlib import sha256


def leaf(text: bytes) -> bytes:
    """The hash of one text."""
    return sha256(b"\x00" + text).digest()


def _node(left: bytes, right: bytes) -> bytes:
    return sha256(b"\x01" + left + right).digest()


def _half(count: int) -> int:
    """The largest power of two below `count`, which is at least 2."""
    return 1 << (count - 1).bit_length() - 1


def root(leaves: Sequence[bytes]) -> bytes:
    """The hash over all of them, in their order."""
    if not leaves:
        return sha256(b"").digest()
    if len(leaves) == 1:
        return leaves[0]
    half = _half(len(leaves))
    return _node(root(leaves[:half]), root(leaves[half:]))


def path(leaves: Sequence[bytes], index: int) -> tuple[bytes, ...]:
    """What lies beside the way from this leaf up to the root, from below."""
    if len(leaves) <= 1:
        return ()
    half = _half(len(leaves))
    if index < half:
        return (*path(leaves[:half], index), root(leaves[half:]))
    return (*path(leaves[half:], index - half), root(leaves[:half]))


def climb(start: bytes, index: int, count: int, beside: Sequence[bytes]) -> bytes | None:
    """The root that this leaf, the one at `index` of `count`, leads to; None where the path has the wrong length."""
    if count <= 1:
        return start if count == 1 and index == 0 and not beside else None
    if not beside or not 0 <= index < count:
        return None
    half = _half(count)
    if index < half:
        below = climb(start, index, half, beside[:-1])
        return _node(below, beside[-1]) if below else None
    below = climb(start, index - half, count - half, beside[:-1])
    return _node(beside[-1], below) if below else None

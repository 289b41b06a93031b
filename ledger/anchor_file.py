"""Anchors as lines of a file: the one that goes with an exported launch, and the one that is kept elsewhere."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import rfc8785

from ledger.anchors import Anchor, Covered, Kept
from ledger.chain import Garbled, canonical_object


def write_cover(cover: Covered) -> bytes:
    """The line of an exported launch, which names no other launch."""
    said = _signed(cover.anchor)
    said |= {"entries": cover.head[0], "head": cover.head[1], "index": cover.index, "path": list(cover.path)}
    return rfc8785.dumps({"anchor": {**said, "launch-id": cover.launch_id}}) + b"\n"


def read_cover(line: bytes) -> Covered:
    """What `write_cover` wrote, checked. Raises Garbled."""
    match _line(line):
        case {"anchor": {"entries": int(seq), "head": str(head), "index": int(index), "path": list(path), **said}}:
            beside = tuple(map(str, path))
            cover = Covered(_anchor(said), str(said.get("launch-id")), (seq, head), index, beside)
            cover.check()
            return cover
    raise Garbled("the line holds no anchor")


def write_kept(kept: Kept) -> bytes:
    """An anchor with all its heads."""
    heads: dict[str, Any] = {name: list(head) for name, head in kept.heads.items()}
    return rfc8785.dumps({**_signed(kept.anchor), "heads": heads}) + b"\n"


def read_kept(line: bytes) -> Kept:
    """What `write_kept` wrote, checked. Raises Garbled."""
    match _line(line):
        case {"heads": dict(heads), **said}:
            kept = Kept(_anchor(said), {name: _head(head) for name, head in heads.items()})
            kept.check()
            return kept
    raise Garbled("the line holds no anchor")


def _signed(anchor: Anchor) -> dict[str, Any]:
    return {"key": anchor.key, "signature": anchor.signature, "statement": anchor.statement}


def _line(line: bytes) -> dict[str, Any]:
    if not line.endswith(b"\n"):
        raise Garbled("the line is cut off")
    return canonical_object(line[:-1])


def _anchor(said: Mapping[Any, Any]) -> Anchor:
    match said:
        case {"statement": str(statement), "signature": str(signature), "key": str(key)}:
            return Anchor(statement, signature, key)
    raise Garbled("the line holds no anchor")


def _head(value: object) -> tuple[int, str]:
    match value:
        case [int(seq), str(hash_)]:
            return seq, hash_
    raise Garbled("the anchor has a head that cannot be read")

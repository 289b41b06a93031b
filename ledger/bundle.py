"""A launch's whole record in one file, which anybody can check without database and Prefect.

The lines of the chain, one that counts them, and the newest anchor that covers the launch. Checklist, evidence digests
and what was signed stand in the entries.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from pydantic import TypeAdapter, ValidationError

from checklists.audit import audit, proofs
from checklists.entries import Entry
from checklists.launch import Launch
from ledger.anchor_file import read_cover, write_cover
from ledger.anchors import Covered, Kept, Misfit, compare
from ledger.chain import Export, Fault, Garbled, Sealed, read_lines, to_lines

_ENTRY: TypeAdapter[Entry] = TypeAdapter(Entry)


@dataclass(frozen=True, slots=True)
class Verdict:
    """What came of checking a record: the first fault, or what can be said of one that is intact."""

    fault: Fault | None = None
    notes: tuple[str, ...] = ()


def write(chain: Iterable[Sealed], cover: Covered | None) -> Iterator[bytes]:
    """The lines of the file."""
    yield from to_lines(chain)
    if cover is not None:
        yield write_cover(cover)


def verify_file(lines: Iterable[bytes], kept: Kept | None = None) -> Verdict:
    """Check an exported file, also against an anchor that was kept elsewhere. Reads any bytes without failing."""
    found = read_lines(lines)
    if isinstance(found, Fault):
        return Verdict(found)
    key = kept.anchor.key if kept else None
    verdict = verify(found.chain, lambda: _embedded(found, key), kept)
    fault = verdict.fault
    return replace(verdict, fault=replace(fault, line=fault.line or fault.entry)) if fault else verdict


def verify(chain: Sequence[Sealed], anchored: Callable[[], str], kept: Kept | None = None) -> Verdict:
    """Check rules and anchors of a chain that is sound; `anchored` says how far the anchors at hand cover it."""
    verdict = verify_rules(chain)
    if verdict.fault:
        return verdict
    try:
        said = [anchored() or "no anchor covers it", *([_compare(chain, kept)] if kept else [])]
    except Misfit as misfit:
        return Verdict(misfit.fault)
    return Verdict(notes=(*verdict.notes, *said))


def verify_rules(chain: Sequence[Sealed]) -> Verdict:
    """Whether the entries of an intact chain keep the rules they were written by."""
    entries: list[Entry] = []
    for number, sealed in enumerate(chain, 1):
        try:
            entries.append(_ENTRY.validate_json(sealed.body))
        except ValidationError as error:
            said = error.errors()[0]["msg"]
            return Verdict(Fault(number, f"this version of tminus cannot read it ({said})"))
    launch, breach = audit(entries)
    if breach:
        return Verdict(Fault(breach.seq, breach.problem))
    return Verdict(notes=_notes(launch, len(entries)) if launch else ())


def _notes(launch: Launch, count: int) -> tuple[str, ...]:
    passed = [s for s in launch.items.values() if s.is_signed_by_people and s.status == "passed"]
    how = proofs(launch)
    said = [f"{count} entries of {launch.name}, which is {launch.status}"]
    if passed:
        by_proof = ", ".join(f"{number} by {proof}" for proof, number in sorted(how.items()))
        said.append(f"{len(passed)} signed and passed with their quorum, by distinct people: {by_proof}")
    if how["asserted"]:
        said.append("asserted means that nobody made sure who signed: the name that was typed was believed")
    return tuple(said)


def _embedded(found: Export, key: str | None) -> str:
    """What the anchor in the file itself says of the chain; `key` is that of an anchor which was kept elsewhere."""
    count, line = len(found.chain), len(found.chain) + 2
    if len(found.rest) > 1:
        raise Misfit(count + 1, "something follows the line that ends the file", line + 1)
    return "".join(_covered(found.chain, text, key, line) for text in found.rest)


def _covered(chain: Sequence[Sealed], text: bytes, key: str | None, line: int) -> str:
    try:
        cover = read_cover(text)
    except Garbled as error:
        raise Misfit(len(chain) + 1, f"what follows the end of the file is no anchor of it: {error}", line) from error
    if key is not None and cover.anchor.key != key:
        raise Misfit(len(chain), "the file's anchor is signed with another key than the one that was kept", line)
    if cover.launch_id != launch_of(chain):
        raise Misfit(len(chain), f"the file's anchor is one of {cover.launch_id}", line)
    return compare(chain, cover.head, cover.anchor)


def launch_of(chain: Sequence[Sealed]) -> str:
    """Whose chain it is."""
    return str(json.loads(chain[0].body)["launch-id"]) if chain else ""


def _compare(chain: Sequence[Sealed], kept: Kept) -> str:
    """What an anchor that was kept elsewhere says of the chain. Raises Misfit."""
    name, anchor = launch_of(chain), kept.anchor
    if head := kept.heads.get(name):
        return f"the anchor that was kept says the same: {compare(chain, head, anchor)}"
    if chain and _ENTRY.validate_json(chain[0].body).at <= anchor.at:
        raise Misfit(1, f"the anchor of {anchor.day}, made after this entry, knows no launch {name}")
    return f"it began after the anchor of {anchor.day} that was kept, which therefore says nothing of it"

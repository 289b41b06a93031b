"""An exported launch proves itself, wherever it is read."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from checklists.entries import Entry, Passed
from ledger.anchor_file import write_cover
from ledger.anchors import Covered, Kept, make
from ledger.bundle import verify_file, write
from ledger.chain import FIRST, Sealed, seal
from tests.checklists.launches import NOW, sign
from tests.checklists.stories import SIGNERS, Steps, entries_of

OLD = Path(__file__).with_name("exports") / "acme-2.4.0.by-0.1.0.jsonl"
SEED, OTHER = b"\x01" * 32, b"\x02" * 32
ENTRIES = entries_of([Steps(9, looks=9), *(sign(by, key) for by, key in SIGNERS), Steps(9, looks=9)])
LAUNCH = ENTRIES[0].launch_id
LATER = NOW + timedelta(days=1)


def chain(entries: Sequence[Entry] = ENTRIES) -> tuple[Sealed, ...]:
    sealed: list[Sealed] = []
    for entry in entries:
        sealed.append(seal(entry, sealed[-1].hash if sealed else FIRST))
    return tuple(sealed)


def kept(upto: int = len(ENTRIES), seed: bytes = SEED, name: str = LAUNCH) -> Kept:
    heads = {name: (upto, chain()[upto - 1].hash), "acme-9.9.9": (3, "0" * 64)}
    return Kept(make(heads, None, LATER, seed), heads)


def cover(upto: int = len(ENTRIES), seed: bytes = SEED) -> Covered:
    return kept(upto, seed).cover(LAUNCH)


def lines(entries: Sequence[Entry] = ENTRIES, with_: Covered | None = None) -> list[bytes]:
    return list(write(chain(entries), with_))


def test_a_whole_export_is_intact_and_says_what_it_found() -> None:
    verdict = verify_file(lines(with_=cover()), kept())
    assert verdict.fault is None
    told = "\n".join(verdict.notes)
    assert f"{len(ENTRIES)} entries of acme 2.4.0" in told
    assert "signed and passed with their quorum, by distinct people" in told
    assert "asserted means that nobody made sure" in told
    assert f"anchored on {LATER:%Y-%m-%d} up to entry {len(ENTRIES)}" in told
    assert "the anchor that was kept says the same" in told


def test_an_export_without_an_anchor_says_so() -> None:
    verdict = verify_file(lines())
    assert verdict.fault is None
    assert "no anchor covers it" in verdict.notes


def test_what_tminus_0_1_0_exported_is_intact() -> None:
    verdict = verify_file(OLD.read_bytes().splitlines(keepends=True))
    assert verdict.fault is None
    assert "55 entries of acme 2.4.0, which is closed" in verdict.notes


def test_a_rule_that_was_broken_is_found_although_every_hash_fits() -> None:
    first = next(place for place, entry in enumerate(ENTRIES) if isinstance(entry.data, Passed))
    who = next(place for place in range(first, -1, -1) if ENTRIES[place].kind == "signed")
    left_out = [*ENTRIES[:who], *ENTRIES[who + 1 : first + 1]]
    renumbered = [entry.model_copy(update={"seq": seq}) for seq, entry in enumerate(left_out, 1)]
    fault = verify_file(lines(renumbered)).fault
    assert fault is not None
    assert (fault.entry, fault.line) == (len(renumbered), len(renumbered))
    assert "passed without" in fault.problem


def test_a_record_that_was_cut_off_before_it_was_exported_shows_by_the_anchor() -> None:
    cut = lines(ENTRIES[:-2])
    assert verify_file(cut).fault is None
    fault = verify_file(cut, kept()).fault
    assert fault is not None and "the end of the record was cut off" in fault.problem
    fault = verify_file([*cut, write_cover(cover())]).fault
    assert fault is not None and "the end of the record was cut off" in fault.problem


def test_a_record_that_was_written_anew_shows_by_the_anchor() -> None:
    anew = [ENTRIES[0].model_copy(update={"actor": "mallory@example.com"}), *ENTRIES[1:]]
    assert verify_file(lines(anew)).fault is None
    fault = verify_file(lines(anew), kept()).fault
    assert fault is not None and "written anew" in fault.problem


def test_an_own_anchor_of_somebody_else_shows_by_the_key() -> None:
    anew = [ENTRIES[0].model_copy(update={"actor": "mallory@example.com"}), *ENTRIES[1:]]
    heads = {LAUNCH: (len(anew), chain(anew)[-1].hash)}
    forged = Kept(make(heads, None, LATER, OTHER), heads).cover(LAUNCH)
    assert verify_file(lines(anew, forged)).fault is None
    fault = verify_file(lines(anew, forged), kept()).fault
    assert fault is not None and "another key than the one that was kept" in fault.problem


def test_a_launch_that_an_anchor_should_know_and_does_not_is_noticed() -> None:
    fault = verify_file(lines(), kept(name="acme-1.0.0")).fault
    assert fault is not None and f"knows no launch {LAUNCH}" in fault.problem
    before = {"acme-1.0.0": (3, "0" * 64)}
    early = Kept(make(before, None, NOW - timedelta(days=1), SEED), before)
    assert any("it began after the anchor" in note for note in verify_file(lines(), early).notes)


def test_the_anchor_of_another_launch_proves_nothing() -> None:
    fault = verify_file(lines(with_=kept().cover("acme-9.9.9"))).fault
    assert fault is not None and "is one of acme-9.9.9" in fault.problem


@pytest.mark.parametrize("more", [b"{}\n", b"\n", write_cover(cover())[:-1], write_cover(cover()) * 2, b"\xff\n"])
def test_nothing_else_follows_the_end(more: bytes) -> None:
    fault = verify_file([*lines(), *more.splitlines(keepends=True)]).fault
    assert fault is not None
    assert fault.line is not None and fault.line > len(ENTRIES) + 1


WHOLE = b"".join(lines(with_=cover()))


@given(st.integers(0, len(WHOLE) - 1), st.integers(1, 255))
def test_no_byte_can_be_changed(place: int, turn: int) -> None:
    changed = WHOLE[:place] + bytes([WHOLE[place] ^ turn]) + WHOLE[place + 1 :]
    assert verify_file(changed.splitlines(keepends=True)).fault is not None


@given(st.lists(st.binary(max_size=60), max_size=5))
def test_whatever_is_read_nothing_fails(garbage: list[bytes]) -> None:
    assert verify_file(garbage).fault is not None
    assert verify_file([*lines()[:3], *garbage]).fault is not None

"""An anchor says what was signed, or nothing."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import timedelta

import pytest

from ledger.anchor_file import read_cover, read_kept, write_cover, write_kept
from ledger.anchors import Anchor, Kept, Misfit, check, compare, make, public_key
from ledger.chain import FIRST, Garbled, Sealed, seal
from tests.ledger.examples import LAUNCH, NOON, entries

SEED, OTHER = b"\x01" * 32, b"\x02" * 32


def chain(count: int) -> list[Sealed]:
    sealed: list[Sealed] = []
    for entry in entries(count):
        sealed.append(seal(entry, sealed[-1].hash if sealed else FIRST))
    return sealed


def kept(count: int = 5, others: int = 6) -> Kept:
    heads = {f"acme-1.0.{number}": (number + 1, f"{number:064x}") for number in range(others)}
    heads[LAUNCH] = (count, chain(count)[-1].hash)
    return Kept(make(heads, None, NOON, SEED), heads)


def test_what_was_signed_is_what_is_read() -> None:
    found = read_kept(write_kept(kept()))
    assert found == kept()
    assert found.anchor.day == NOON.date()
    assert found.anchor.key == public_key(SEED)
    cover = read_cover(write_cover(kept().cover(LAUNCH)))
    assert (cover.launch_id, cover.head) == (LAUNCH, kept().heads[LAUNCH])


def test_the_cover_of_one_launch_names_no_other() -> None:
    assert b"acme-1.0." not in write_cover(kept().cover(LAUNCH))


def test_an_anchor_names_the_one_before() -> None:
    first = kept().anchor
    later = make(kept().heads, first, NOON + timedelta(days=1), SEED)
    assert (first.said["prev"], later.said["prev"]) == (FIRST, first.hash)


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"statement": kept().anchor.statement.replace('"launches":7', '"launches":8')}, "changed after it was signed"),
        ({"signature": "00" * 64}, "changed after it was signed"),
        ({"signature": "no"}, "changed after it was signed"),
        ({"key": public_key(OTHER)}, "changed after it was signed"),
        ({"key": ""}, "changed after it was signed"),
    ],
)
def test_a_changed_anchor_is_noticed(change: dict[str, str], says: str) -> None:
    with pytest.raises(Garbled, match=says):
        check(replace(kept().anchor, **change))


def signed(statement: str) -> Anchor:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

    said = Ed25519PrivateKey.from_private_bytes(SEED).sign(b"tminus anchor\n" + statement.encode())
    return Anchor(statement, said.hex(), public_key(SEED))


@pytest.mark.parametrize("wrong", [{"day": "2026-11-21"}, {"at": "noon"}, {"launches": "7"}, {"root": None}])
def test_what_is_no_statement_is_noticed_although_it_is_signed(wrong: dict[str, object]) -> None:
    statement = json.dumps({**kept().anchor.said, **wrong}, separators=(",", ":"), sort_keys=True)
    with pytest.raises(Garbled):
        check(signed(statement))
    with pytest.raises(Garbled, match="canonical"):
        check(signed(kept().anchor.statement + " "))


def test_other_heads_than_were_signed_are_noticed() -> None:
    other = replace(kept(), heads={**kept().heads, LAUNCH: (4, chain(4)[-1].hash)})
    with pytest.raises(Garbled, match="over other heads"):
        other.check()
    cover = replace(kept().cover(LAUNCH), head=(4, chain(4)[-1].hash))
    with pytest.raises(Garbled, match="does not cover"):
        cover.check()


@pytest.mark.parametrize("count", [5, 9])
def test_a_chain_may_go_on_after_its_anchor(count: int) -> None:
    assert "up to entry 5" in compare(chain(count), kept().heads[LAUNCH], kept().anchor)


def test_a_chain_that_was_cut_off_is_noticed() -> None:
    with pytest.raises(Misfit, match="the end of the record was cut off") as raised:
        compare(chain(4), kept().heads[LAUNCH], kept().anchor)
    assert raised.value.fault.entry == 5


def test_a_chain_that_was_written_anew_is_noticed() -> None:
    with pytest.raises(Misfit, match="written anew"):
        compare(chain(9), (5, "0" * 64), kept().anchor)


@pytest.mark.parametrize(
    "line",
    [
        b"",
        b"{}\n",
        b"[]\n",
        write_kept(kept())[:-1],
        write_kept(kept()).replace(b"acme-1.0.1", b"acme-1.0.9"),
        write_cover(kept().cover(LAUNCH)),
        b'{"heads":{"a":[1]},"key":"","signature":"","statement":""}\n',
    ],
)
def test_a_line_that_is_no_anchor_is_refused(line: bytes) -> None:
    with pytest.raises(Garbled):
        read_kept(line)


@pytest.mark.parametrize("line", [b"", b"{}\n", write_kept(kept()), b'{"anchor":{"entries":1}}\n'])
def test_a_line_that_is_no_cover_is_refused(line: bytes) -> None:
    with pytest.raises(Garbled):
        read_cover(line)

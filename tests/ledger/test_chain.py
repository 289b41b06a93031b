from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import timedelta, timezone
from itertools import accumulate, chain

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from checklists.entries import Entry, Held, Resumed
from ledger.chain import (
    FIRST,
    Garbled,
    Sealed,
    canonical,
    from_line,
    seal,
    to_line,
    to_lines,
    verify,
    verify_lines,
)
from tests.ledger.examples import LAUNCH, NOON, entries, entry, started


def sealed(some: Iterable[Entry]) -> list[Sealed]:
    first = Sealed("", "", FIRST)
    return list(accumulate(some, lambda before, one: seal(one, before.hash), initial=first))[1:]


CHAIN = sealed(entries(8))
SMALL = sealed([entry(1, started(1)), entry(2, Held(reason="Käse 🧀")), entry(3, Resumed())])
FILE = b"".join(to_lines(SMALL))


def check(file: bytes) -> str | None:
    fault = verify_lines(file.splitlines(keepends=True) if b"\r" not in file else _split(file))
    return str(fault) if fault else None


def _split(file: bytes) -> list[bytes]:
    return [line for line in file.replace(b"\n", b"\n\0").split(b"\0") if line]


def test_the_format_never_changes() -> None:
    """Every ledger ever written is checked against this text and hash."""
    fact = seal(entry(2, Held(reason="Käse\n")), "ab" * 32)
    assert fact.body == (
        '{"actor":"ada@example.com","at":"2026-11-20T12:00:02.000000Z",'
        '"data":{"address":"","kind":"held","proof":"asserted","reason":"Käse\\n","shown":"","via":"command"},'
        '"launch-id":"acme-2.4.0","seq":2}'
    )
    assert fact.hash == "315ed8e5be9c0403730fdf6b246dee780d748d15f770d29271f023834f45752f"
    assert to_line(fact) == f'{{"entry":{fact.body},"hash":"{fact.hash}","prev":"{"ab" * 32}"}}\n'.encode()


def test_an_instant_is_written_in_utc_whatever_zone_it_came_in() -> None:
    here = entry(1, Resumed())
    there = here.model_copy(update={"at": here.at.astimezone(timezone(timedelta(hours=5, minutes=30)))})
    assert canonical(there) == canonical(here)
    assert json.loads(canonical(there))["at"] == "2026-11-20T12:00:01.000000Z"


def test_an_entry_comes_back_from_its_text_as_it_was() -> None:
    for one in entries(8):
        assert Entry.model_validate_json(canonical(one)) == one


def test_a_line_comes_back_as_it_was() -> None:
    assert [from_line(to_line(one)) for one in CHAIN] == CHAIN


def test_an_untouched_chain_has_no_fault() -> None:
    assert verify(CHAIN) is None
    assert verify([]) is None
    assert verify_lines(to_lines(CHAIN)) is None
    assert verify_lines(to_lines([])) is None


def test_a_chain_with_a_fault_is_not_exported() -> None:
    with pytest.raises(Garbled, match="entries are missing"):
        list(to_lines([CHAIN[0], CHAIN[2]]))


@pytest.mark.parametrize(
    ("tampered", "at", "why"),
    [
        pytest.param(
            [CHAIN[0], replace(CHAIN[1], body=CHAIN[1].body.replace("ada@", "eve@")), *CHAIN[2:]],
            2,
            "changed",
            id="body",
        ),
        pytest.param([CHAIN[0], replace(CHAIN[1], hash="0" * 64), *CHAIN[2:]], 2, "changed", id="hash"),
        pytest.param([CHAIN[0], seal(entries(8)[1], CHAIN[4].hash), *CHAIN[2:]], 2, "replaced", id="other link"),
        pytest.param([*CHAIN[:3], seal(entry(4, Resumed()), CHAIN[2].hash), *CHAIN[4:]], 5, "replaced", id="rewritten"),
        pytest.param([*CHAIN[:3], *CHAIN[4:]], 4, "missing", id="gap"),
        pytest.param(CHAIN[1:], 1, "number 2 where 1 follows", id="no start"),
        pytest.param([CHAIN[1], CHAIN[0], *CHAIN[2:]], 1, "moved", id="order"),
        pytest.param([*CHAIN, CHAIN[-1]], 9, "number 8 where 9 follows", id="twice"),
        pytest.param(
            [*CHAIN[:2], seal(entry(3, Resumed(), "acme-9.0.0"), CHAIN[1].hash)],
            3,
            "belongs to acme-9.0.0",
            id="launch",
        ),
        pytest.param([replace(CHAIN[0], body="")], 1, "canonical", id="empty"),
        pytest.param([Sealed("[" * 100_000, FIRST, FIRST)], 1, "canonical", id="deep"),
        pytest.param([Sealed("[]", FIRST, FIRST)], 1, "canonical", id="no object"),
    ],
)
def test_the_first_entry_that_does_not_fit_is_named_with_its_reason(tampered: list[Sealed], at: int, why: str) -> None:
    fault = verify(tampered)
    assert fault is not None
    assert fault.entry == at
    assert why in str(fault)


def test_a_number_that_is_true_is_no_one() -> None:
    body = canonical(entry(1, Resumed())).replace('"seq":1', '"seq":true')
    forged = replace(seal(entry(1, Resumed()), FIRST), body=body)
    assert verify([forged]) is not None


def test_the_fault_names_line_and_entry() -> None:
    lines = FILE.splitlines(keepends=True)
    assert check(lines[0] + lines[1].replace(b"held", b"help") + lines[2] + lines[3]) == (
        "line 2: entry 2: its hash does not fit what it says; it was changed after it was written"
    )


def test_flipping_any_byte_of_an_exported_file_is_noticed() -> None:
    for place in range(len(FILE)):
        for mask in (1, 0x20, 0x80):
            flipped = FILE[:place] + bytes([FILE[place] ^ mask]) + FILE[place + 1 :]
            assert check(flipped) is not None, (place, mask)


def test_cutting_an_exported_file_anywhere_is_noticed() -> None:
    for length in range(len(FILE)):
        assert check(FILE[:length]) is not None, length


@given(st.integers(0, len(FILE)), st.integers(0, 40), st.binary(max_size=40))
@settings(max_examples=400, deadline=None)
def test_replacing_any_part_of_an_exported_file_is_noticed(start: int, length: int, put: bytes) -> None:
    changed = FILE[:start] + put + FILE[start + length :]
    assert (check(changed) is None) == (changed == FILE)


@given(st.lists(st.binary(max_size=80) | st.sampled_from(FILE.splitlines(keepends=True)), max_size=6))
@settings(max_examples=400, deadline=None)
def test_garbage_is_a_fault_and_never_a_crash(lines: list[bytes]) -> None:
    whole = b"".join(lines)
    empty = b"".join(to_lines([]))
    assert (verify_lines(lines) is None) == (whole in (FILE, empty))


Change = Callable[[bytes], bytes]


@pytest.mark.parametrize(
    "change",
    [
        pytest.param(lambda file: file.replace(b'"seq":', b'"seq": ', 1), id="a space"),
        pytest.param(lambda file: file.replace(b'"seq":1', b'"seq":1.0', 1), id="1.0 for 1"),
        pytest.param(lambda file: file.replace(b'"seq":1', b'"seq":1e0', 1), id="1e0 for 1"),
        pytest.param(lambda file: file.replace(b'"seq":1', b'"seq":true', 1), id="true for 1"),
        pytest.param(lambda file: file.replace(b'"seq":1', b'"seq":NaN', 1), id="NaN"),
        pytest.param(lambda file: file.replace(b'"seq":1', b'"seq":' + b"1" * 9_000, 1), id="a number without end"),
        pytest.param(lambda file: file.replace(b'"seq":1', b'"seq":' + b"[" * 200_000, 1), id="nested without end"),
        pytest.param(lambda file: file.replace(b'"seq":1', b'"seq":1,"seq":1', 1), id="a key twice"),
        pytest.param(lambda file: file.replace(b'"prev":', b'"more":1,"prev":', 1), id="a key more"),
        pytest.param(lambda file: file.replace("Käse".encode(), b"K\\u00e4se", 1), id="an escape for a letter"),
        pytest.param(lambda file: file.replace("Käse".encode(), b"K\\ud800se", 1), id="half a letter"),
        pytest.param(lambda file: file.replace("Käse".encode(), b"K\xffse", 1), id="no UTF-8"),
        pytest.param(lambda file: file.replace(b"\n", b"\r\n"), id="line ends of Windows"),
        pytest.param(lambda file: b"\xef\xbb\xbf" + file, id="a byte order mark"),
        pytest.param(lambda file: file.decode().encode("utf-16"), id="UTF-16"),
        pytest.param(lambda file: file + b"\n", id="an empty line more"),
        pytest.param(lambda file: file + b" ", id="a space more"),
        pytest.param(lambda file: file + file, id="the file twice"),
        pytest.param(lambda file: file.rstrip(b"\n"), id="no last line end"),
        pytest.param(lambda file: b"", id="nothing"),
    ],
)
def test_another_text_with_the_same_meaning_is_noticed(change: Change) -> None:
    assert change(FILE) != FILE
    assert check(change(FILE)) is not None


def test_lines_cut_off_the_end_are_noticed_even_with_a_line_that_ends_the_file() -> None:
    lines = list(to_lines(SMALL))
    assert str(verify_lines(lines[:2])) == (
        "line 3: entry 3: the file ends without the line that counts its entries; its end is missing"
    )
    assert verify_lines([*lines[:2], lines[-1]]) is not None
    assert verify_lines(chain(lines[:2], list(to_lines(SMALL[:1]))[-1:])) is not None


def test_verifying_needs_neither_prefect_nor_a_database_library() -> None:
    code = "import sys, ledger.chain; print({'prefect', 'sqlalchemy', 'alembic'} & set(sys.modules))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "set()"


def test_what_is_exported_says_which_launch_it_is_and_how_it_ends() -> None:
    end = json.loads(FILE.splitlines()[-1])
    assert end == {"entries": 3, "head": SMALL[-1].hash, "launch-id": LAUNCH}
    assert Entry.model_validate_json(SMALL[-1].body).at > NOON

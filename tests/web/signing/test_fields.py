from __future__ import annotations

from urllib.parse import urlencode

import pytest
from hypothesis import given
from hypothesis import strategies as st

from web.signing.fields import EVIDENCE, Filled, problems, read

SIGN = ("approve", "request-changes", "reject")


def filled(**fields: str) -> Filled:
    found = read(urlencode({name.replace("_", "-"): value for name, value in fields.items()}).encode())
    assert found is not None
    return found


def test_what_was_typed_is_read_with_plain_line_ends_and_no_space_around_it() -> None:
    found = filled(decision="approve", comment=" one\r\ntwo\rthree ", email=" BEN@Example.com ", seen="12")
    assert (found.choice, found.comment) == ("approve", "one\ntwo\nthree")
    assert (found.email, found.seen) == ("ben@example.com", 12)


def test_evidence_is_every_address_that_was_given() -> None:
    fields = {f"{EVIDENCE}report": "https://a.example", f"{EVIDENCE}video": "", "more-name": "x", "more-url": "y"}
    found = read(urlencode(fields).encode())
    assert found is not None
    assert found.pieces == {"report": "https://a.example", "x": "y"}


@pytest.mark.parametrize("seen", ["", "-1", "1e3", "٣", "9" * 12, "x"])
def test_a_place_in_the_record_is_a_number_or_none(seen: str) -> None:
    assert filled(seen=seen).seen == 0


@pytest.mark.parametrize(
    "body", [b"a=%ff", b"\xff", b"decision=approve&decision=reject", b"&".join(b"n%d=" % n for n in range(101))]
)
def test_what_no_form_of_ours_sends_is_not_read(body: bytes) -> None:
    assert read(body) is None


@given(st.binary(max_size=300))
def test_any_bytes_are_read_or_not_and_never_break(body: bytes) -> None:
    found = read(body)
    assert found is None or isinstance(problems(found, SIGN, ("report",)), dict)


@pytest.mark.parametrize(
    ("fields", "wrong"),
    [
        ({}, ["decision"]),
        ({"decision": "waive"}, ["decision"]),
        ({"decision": "approve"}, ["evidence:report"]),
        ({"decision": "approve", "evidence:report": "https://a.example"}, []),
        ({"decision": "approve", "more-name": "report", "more-url": "https://a.example"}, []),
        ({"decision": "approve", "evidence:report": "javascript:alert(1)"}, ["evidence:report"]),
        ({"decision": "approve", "evidence:report": "mailto:a@b.example"}, ["evidence:report"]),
        ({"decision": "approve", "evidence:report": "https://a.example/" + "x" * 4_000}, ["evidence:report"]),
        ({"decision": "reject", "comment": "no", "more-name": "x"}, ["more-url"]),
        ({"decision": "reject", "comment": "no", "more-url": "https://a.example"}, ["more-name"]),
        ({"decision": "reject", "comment": "no", "more-name": "x", "more-url": "ftp://a"}, ["more-url"]),
        ({"decision": "request-changes"}, ["comment"]),
        ({"decision": "reject", "comment": " \n"}, ["comment"]),
        ({"decision": "reject", "comment": "x" * 2_001}, ["comment"]),
    ],
)
def test_what_has_to_be_put_right_is_said_at_its_field(fields: dict[str, str], wrong: list[str]) -> None:
    found = read(urlencode(fields).encode())
    assert found is not None
    assert list(problems(found, SIGN, ("report",))) == wrong


@pytest.mark.parametrize(
    ("until", "wrong"), [("", []), ("2026-12-24", []), ("tomorrow", ["until"]), ("2026-13-01", ["until"])]
)
def test_a_waiver_ends_on_a_day_there_is(until: str, wrong: list[str]) -> None:
    assert list(problems(filled(decision="waive", comment="why", until=until), ("waive",), ())) == wrong

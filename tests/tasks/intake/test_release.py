"""The payload any program may send: what it means, and that nothing else is taken."""

from __future__ import annotations

import json
from typing import Any

import pytest
from pydantic import ValidationError

from tasks.intake.release import told
from tasks.intake.told import NOTES, OfTag, ReleaseDeleted, ReleaseEdited, TagDeleted, Tagged

COMMIT = "9f2c" * 10
ABOUT: dict[str, Any] = {"host": "release", "product": "acme", "version": "2.4.0", "requested_by": "release"}


def sent(**said: Any) -> bytes:
    return json.dumps(said).encode()


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        (sent(product="acme", version="2.4.0"), Tagged(**ABOUT)),
        (
            sent(product="acme", version="2.4.0", commit=COMMIT, url="https://ci.example.com/1", notes="Faster"),
            Tagged(**ABOUT, commit=COMMIT, url="https://ci.example.com/1", notes="Faster"),
        ),
        (
            sent(repository="Example-Org/acme", tag="v2.4.0", requested_by="ben@example.com"),
            Tagged(host="release", repository="Example-Org/acme", tag="v2.4.0", requested_by="release:ben@example.com"),
        ),
        (sent(product="acme", version="2.4.0", action="edited", notes="x"), ReleaseEdited(**ABOUT, notes="x")),
        (sent(product="acme", version="2.4.0", action="deleted"), ReleaseDeleted(**ABOUT)),
        (sent(product="acme", version="2.4.0", action="tag-deleted"), TagDeleted(**ABOUT)),
        (sent(product="acme", version="2.4.0", url="javascript:alert(1)"), Tagged(**ABOUT)),
    ],
)
def test_a_payload_has_its_meaning(body: bytes, expected: OfTag) -> None:
    assert told(body) == expected


def test_long_notes_are_cut_and_say_so() -> None:
    found = told(sent(product="acme", version="2.4.0", notes="x" * 100_000))
    assert isinstance(found, Tagged)
    assert (len(found.notes), found.notes[-1]) == (NOTES, "…")


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"null",
        b"[]",
        b'"acme"',
        b"{}",
        b'{"product": "acme", "version": "2.4.0"',
        b'{"product": "acme", "version": "\xff"}',
        b'{"product": "acme", "version": "\\ud800"}',
        b'{"product": "acme", "version": NaN}',
        b"[" * 500_000,
        b'{"a":' * 200_000,
        b'{"product": "acme", "version": ' + b"9" * 1_000_000 + b"}",
        sent(product="acme"),
        sent(version="2.4.0"),
        sent(product="acme", version=2.4),
        sent(product="acme", version=True),
        sent(product=["acme"], version="2.4.0"),
        sent(product="Acme!", version="2.4.0"),
        sent(product="acme", version="2.4.0\n"),
        sent(product="acme", version="9" * 81),
        sent(product="acme", version=""),
        sent(product="acme", version="2.4.0", commit="main"),
        sent(product="acme", version="2.4.0", commit="9f2c0d1"),
        sent(product="acme", version="2.4.0", action="destroyed"),
        sent(product="acme", version="2.4.0", checklist="hotfix"),
        sent(product="acme", version="2.4.0", notes="x" * 200_001),
        sent(product="acme", version="2.4.0", requested_by=""),
        sent(product="acme", version="2.4.0", requested_by="ben\n"),
        sent(repository="https://github.com/example-org/acme", version="2.4.0"),
        sent(repository="git@github.com:example-org/acme.git", version="2.4.0"),
        sent(repository="../../etc/passwd", version="2.4.0"),
        sent(repository="-oProxyCommand=x/y", version="2.4.0 "),
        sent(repository="acme", version="2.4.0"),
        sent(repository="a/b\x00", version="2.4.0"),
    ],
    ids=lambda body: repr(body[:60]),
)
def test_anything_else_is_refused(body: bytes) -> None:
    with pytest.raises(ValidationError):
        told(body)


def test_of_a_key_that_is_there_twice_the_last_one_counts() -> None:
    found = told(b'{"product": "other", "version": "1.0.0", "version": "2.4.0", "product": "acme"}')
    assert found == Tagged(**ABOUT)

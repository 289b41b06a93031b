"""Delegations by command: granted, listed, ended."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from tests.deployments.test_command import Command

TODAY = datetime.now(UTC).date()
LAST = str(TODAY + timedelta(days=7))
BEN = "ben@example.com"
BEN_TO_ADA = ["delegate", "Ben@example.com", "--to", "ada@example.com", "--until", LAST]


@pytest.fixture
def home(own_home: Path) -> Path:
    """A home with somebody else than Ada, too."""
    file = own_home / "organisation.yaml"
    file.write_text(file.read_text("utf-8").replace("people:\n", "people:\n  ben@example.com: {name: Ben}\n"), "utf-8")
    return own_home


def rows(tminus: Command, home: Path, *words: str) -> list[dict[str, str]]:
    done = tminus(home, "delegate", *words, "--json")
    assert (done.returncode, done.stderr) == (0, "")
    found: list[dict[str, str]] = json.loads(done.stdout)
    return found


def test_it_is_granted_listed_and_ended(tminus: Command, home: Path) -> None:
    assert rows(tminus, home) == []
    assert tminus(home, *BEN_TO_ADA, "--as", "ben@example.com").returncode == 0
    (row,) = rows(tminus, home)
    assert row == {
        "who": "ben@example.com",
        "to": "ada@example.com",
        "from": row["from"],
        "until": LAST,
        "says": "ben@example.com",
    }
    assert rows(tminus, home, "ben@example.com") == [row]
    assert rows(tminus, home, "ada@example.com") == []
    assert "ada@example.com" in tminus(home, "delegate").stdout
    assert rows(tminus, home, "ben@example.com", "--revoke", "--as", "ada@example.com") == []
    assert tminus(home, "delegate", "ben@example.com", "--revoke", "--as", "ada@example.com").returncode == 1


@pytest.mark.parametrize(
    ("words", "status", "says"),
    [
        (["--to", "ada@example.com"], 2, "name who is away"),
        (["--revoke"], 2, "name who is away"),
        (["ben@example.com", "--to", "ada@example.com"], 2, "takes --to EMAIL and --until DATE"),
        (["ben@example.com", "--until", LAST], 2, "takes --to EMAIL and --until DATE"),
        (["ben@example.com", "--revoke", "--until", LAST], 2, "takes no dates"),
        (["ben@example.com", "--to", "ben@example.com", "--until", LAST], 1, "cannot sign for themself"),
        (["ben@example.com", "--to", "x@example.com", "--until", LAST], 1, "x@example.com is not a person of this"),
        (["ben@example.com", "--to", "ada@example.com", "--until", "2020-01-01"], 1, "ends after it begins"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else "",
)
def test_what_cannot_be_is_refused(tminus: Command, home: Path, words: list[str], status: int, says: str) -> None:
    done = tminus(home, "delegate", *words, "--as", "ada@example.com")
    assert done.returncode == status
    assert says in done.stderr


def test_with_a_token_one_arranges_for_oneself_or_manages(tminus: Command, home: Path) -> None:
    verified = {"TMINUS_IDENTITY": "verified"}
    assert tminus(home, *BEN_TO_ADA, **verified).returncode == 1
    signs = tminus(home, "token", "create", "--as", "ada@example.com").stdout.strip()
    done = tminus(home, *BEN_TO_ADA, **verified, TMINUS_TOKEN=signs)
    assert (done.returncode, "takes one made with `--scope manage`" in done.stderr) == (1, True)
    manages = tminus(home, "token", "create", "--as", "ada@example.com", "--scope", "manage,sign").stdout.strip()
    assert tminus(home, *BEN_TO_ADA, **verified, TMINUS_TOKEN=manages).returncode == 0

"""Commands on people outside: shown in words, and never forgotten by a slip."""

from __future__ import annotations

import io
import sys
from pathlib import Path

import pytest

from ledger.newcomers import Newcomer
from ledger.store import Ledger
from tests.deployments.test_command import Command
from tests.tasks.newsroom import newsroom, opened

ADA = "ada@example.net"


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """A home in which one subscriber is known."""
    world = newsroom(tmp_path / "home")
    opened(world)
    world.ledger.newcomers.add([Newcomer(ADA, "confirmed", consent="contract")], "import", "a.csv", world.now())
    world.ledger.dispose()
    return tmp_path / "home"


def is_known(home: Path) -> bool:
    ledger = Ledger(f"sqlite:///{home / 'ledger.sqlite3'}")
    found = ledger.subscribers.find(ADA)
    ledger.dispose()
    return bool(found and found.address)


def test_what_is_known_of_somebody_is_shown_in_words(tminus: Command, home: Path) -> None:
    said = tminus(home, "people", "show", ADA).stdout
    assert "paused until" in said
    assert "kinds of change" in said
    assert "_" not in said
    assert "a.csv: contract" in said


@pytest.mark.parametrize(("answer", "stays"), [("", True), ("no", True), ("yes", False)])
def test_a_person_at_a_terminal_is_asked_before_somebody_is_forgotten(
    tminus: Command, home: Path, monkeypatch: pytest.MonkeyPatch, answer: str, stays: bool
) -> None:
    typed = io.StringIO(f"{answer}\n")
    typed.isatty = lambda: True  # type: ignore[method-assign]
    monkeypatch.setattr(sys, "stdin", typed)
    done = tminus(home, "people", "forget", ADA)
    assert f"Delete all that is known of {ADA}, for good?" in done.stdout
    assert (is_known(home), done.returncode) == (stays, int(stays))


def test_a_script_forgets_nobody_unless_it_says_so(
    tminus: Command, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "stdin", io.StringIO())
    done = tminus(home, "people", "forget", ADA)
    assert (done.returncode, is_known(home)) == (1, True)
    assert "add --yes" in done.stderr
    assert tminus(home, "people", "forget", ADA, "--yes").returncode == 0
    assert not is_known(home)

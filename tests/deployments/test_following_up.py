"""What the command says of a correction or a recall: to how many, when, how to stop it; and how it would read."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tasks.settings import ROOT
from tasks.world import World
from tests.deployments.test_command import Command, of
from tests.peers.sendgrid import SendGridPeer
from tests.prefect_server import clean_environment
from tests.tasks.follow_ups import ADA, LAUNCH, announced
from tests.tasks.newsroom import newsroom, opened

NOTED = "http://127.0.0.1:1/api"
LOOKS = """
from deployments.command import run
run()
from prefect.settings import PREFECT_API_URL
print(PREFECT_API_URL.value())
"""
CORRECT = ("announcements", "correct", LAUNCH, "tell", "--note", "The price is 20.")


@pytest.fixture
def told(tmp_path: Path) -> Iterator[World]:
    """A launch that is closed and that four have heard of."""
    with SendGridPeer() as peer:
        world = newsroom(tmp_path / "home", peer.host)
        announced(world)
        yield world
        world.ledger.dispose()


def said_after(world: World) -> int:
    launch = world.launch(LAUNCH)
    assert launch is not None
    return len(launch.items["tell"].follow_ups)


@pytest.mark.parametrize(
    "words",
    [
        [*CORRECT, "--as", ADA.email],
        ["hold", LAUNCH, "--reason", "wait", "--as", ADA.email],
        ["announcements", "stop", "--reason", "wait", "--as", ADA.email],
        ["notes", "edit", LAUNCH, "--as", ADA.email],
        ["notes", "publish", LAUNCH, "--as", ADA.email],
        ["start", "news", "--product", "acme", "--version", "2.5.0"],
    ],
    ids=" ".join,
)
def test_the_server_that_was_noted_is_found_whatever_the_command_imports(tmp_path: Path, words: list[str]) -> None:
    """Prefect reads its settings when it is imported, which must not be before they are found."""
    world = newsroom(tmp_path / "home")
    opened(world)
    world.ledger.dispose()
    (tmp_path / "home" / "prefect-api-url").write_text(f"{NOTED}\n")
    told = {name: value for name, value in of(tmp_path / "home").items() if not name.startswith("PREFECT_")}
    call = [sys.executable, "-c", LOOKS, *words]
    environment = clean_environment() | told | {"PATH": os.environ["PATH"]}
    done = subprocess.run(call, env=environment, cwd=ROOT, capture_output=True, text=True, timeout=60, check=False)
    assert done.stdout.splitlines()[-1] == NOTED, done.stderr
    assert "no Prefect server is set" not in done.stderr


def test_a_correction_says_to_how_many_it_goes_and_how_to_stop_it(tminus: Command, told: World) -> None:
    done = tminus(told.settings.home, *CORRECT, "--as", ADA.email)
    assert done.stdout.splitlines() == [
        "correction/1 of tell: to 4 who got it, by email, as soon as Prefect is back",
        f"  stop it with: tminus announcements pause {LAUNCH} tell --reason WHY",
        f"  what becomes of it: tminus reach {LAUNCH}",
    ]
    again = tminus(told.settings.home, *CORRECT, "--as", ADA.email)
    assert again.stdout.startswith("correction/1 of tell says this already, in the same words")
    assert said_after(told) == 1


@pytest.mark.parametrize(
    ("stop", "until"),
    [
        (["pause", LAUNCH, "tell"], f"once it is let go on: tminus announcements resume {LAUNCH} tell"),
        (["stop"], "once sending is let go on: tminus announcements start"),
    ],
)
def test_what_holds_a_recall_back_is_said(tminus: Command, told: World, stop: list[str], until: str) -> None:
    home = told.settings.home
    tminus(home, *CORRECT, "--as", ADA.email)
    assert tminus(home, "announcements", *stop, "--reason", "wait", "--as", ADA.email).returncode == 0
    done = tminus(home, "announcements", "recall", LAUNCH, "tell", "--reason", "Not yet.", "--as", ADA.email)
    assert done.stdout.splitlines()[0] == f"recall/2 of tell: to 4 who got it, by email, {until}"


def test_a_dry_run_shows_each_language_of_it_and_records_nothing(tminus: Command, told: World) -> None:
    home, file = told.settings.home, told.settings.organisation
    file.write_text(f"languages: [en, de]\n{file.read_text()}")
    done = tminus(home, *CORRECT, "--note-in", "de=Der Preis ist 20.", "--dry-run", "--as", ADA.email)
    assert done.stdout.startswith("correction/1 of tell would go to 4 who got it, by email. Nothing is recorded yet.\n")
    assert "Subject (en): Correction: Acme 2.4.0\n" in done.stdout
    assert "The price is 20." in done.stdout
    assert "Subject (de): " in done.stdout
    assert "Der Preis ist 20." in done.stdout
    assert said_after(told) == 0
    assert told.ledger.followed.undone() == []


def test_a_dry_run_is_refused_as_the_real_one_would_be(tminus: Command, told: World) -> None:
    done = tminus(told.settings.home, "announcements", "correct", LAUNCH, "tell", "--dry-run", "--as", ADA.email)
    assert (done.returncode, done.stderr) == (1, "say what is right: the corrected text, a note, or both\n")


def test_show_lists_what_was_said_after_it_and_why_it_is_paused(tminus: Command, told: World) -> None:
    home = told.settings.home
    tminus(home, *CORRECT, "--as", ADA.email)
    tminus(home, "announcements", "pause", LAUNCH, "tell", "--reason", "the price again", "--as", ADA.email)
    tminus(home, "announcements", "recall", LAUNCH, "tell", "--reason", "Not yet.", "--as", ADA.email)
    said = tminus(home, "show", LAUNCH).stdout
    assert "correction/1 of tell: “The price is 20.” (0 of 4 handed over; a later one took its place)\n" in said
    assert "recall/2 of tell: “Not yet.” (0 of 4 handed over)\n" in said
    assert "what is said after tell is paused: the price again\n" in said
    assert f"  tminus announcements resume {LAUNCH} tell\n" in said


def test_show_says_why_an_announcement_on_its_way_is_paused(tminus: Command, own_home: Path) -> None:
    tminus(own_home, "announcements", "pause", LAUNCH, "tell", "--reason", "the price", "--as", ADA.email)
    assert "tell is paused: the price\n" in tminus(own_home, "show", LAUNCH).stdout


@pytest.mark.parametrize("who", [[], ["--as", "eve@example.com"]], ids=["nobody said", "unknown"])
def test_whom_the_organisation_does_not_know_is_told_how_to_say_who_they_are(
    tminus: Command, told: World, who: list[str]
) -> None:
    done = tminus(told.settings.home, *CORRECT, *who)
    assert done.returncode == 1
    assert f"say with --as ADDRESS who you are, of the people in {told.settings.organisation}" in done.stderr

"""What the command says of what may have arrived though its launch is over, and what it does about it."""

from __future__ import annotations

from pathlib import Path

import pytest

from checklists.commands import Abandon
from ledger.store import Ledger
from tasks.act import act
from tasks.advance import advance
from tests.deployments.test_command import Command
from tests.peers.sendgrid import SendGridPeer
from tests.tasks.follow_ups import ADA, LAUNCH, announced, lost
from tests.tasks.newsroom import at, newsroom, opened, sent

SETTLE = "tminus announcements settle acme-2.4.0 tell --purpose correction/1"


@pytest.fixture
def doubtful(tmp_path: Path) -> Path:
    """The home of a launch that is closed, and of whose correction nobody knows since an hour whether it arrived."""
    with SendGridPeer() as peer:
        world = newsroom(tmp_path / "home", peer.host)
        announced(world)
        lost(at(world, -60), peer, "drop")
        world.ledger.dispose()
    return tmp_path / "home"


@pytest.fixture
def given_up(tmp_path: Path) -> Path:
    """The home of a launch that was given up an hour ago, while all answers to its announcement were lost."""
    with SendGridPeer() as peer:
        then = at(newsroom(tmp_path / "home", peer.host), -60)
        opened(then)
        peer.answer("drop")
        sent(then)
        act(then, LAUNCH, Abandon(by=ADA, reason="not now"))
        advance(then, LAUNCH)
        then.ledger.dispose()
    return tmp_path / "home"


def states(home: Path, purpose: str = "correction/1") -> dict[str, int]:
    ledger = Ledger(f"sqlite:///{home / 'ledger.sqlite3'}")
    counts = ledger.deliveries.counts(LAUNCH, "tell", purpose)
    ledger.dispose()
    return {str(state): count for state, count in counts.items()}


@pytest.mark.parametrize("words", [["show", LAUNCH], ["reach", LAUNCH], ["announcements", "status"]], ids=" ".join)
def test_what_is_in_doubt_is_said_with_what_to_do(tminus: Command, doubtful: Path, words: list[str]) -> None:
    done = tminus(doubtful, *words)
    assert "tell correction/1: 4 may have arrived, or not. Did they arrive?" in done.stdout
    assert f"  {SETTLE} --arrived; or --again to have it sent again\n" in done.stdout


@pytest.mark.parametrize(("fate", "becomes"), [("--arrived", "accepted"), ("--again", "planned")])
def test_it_is_settled_by_its_name_though_the_launch_is_closed_and_prefect_away(
    tminus: Command, doubtful: Path, fate: str, becomes: str
) -> None:
    words = SETTLE.split()[1:]
    done = tminus(doubtful, *words, fate, "--as", ADA.email)
    assert (done.returncode, states(doubtful)) == (0, {becomes: 4}), done.stderr
    for look in (["show", LAUNCH], ["reach", LAUNCH], ["announcements", "status"]):
        assert "may have arrived" not in tminus(doubtful, *look).stdout
    assert f"correction/1 of tell was in doubt: {ADA.email}" in tminus(doubtful, "log", LAUNCH).stdout
    again = tminus(doubtful, *words, fate, "--as", ADA.email)
    assert (again.returncode, "nothing of acme 2.4.0 is in doubt" in again.stderr) == (1, True)


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (["tell", "--again"], f"in doubt is: {SETTLE}"),
        (["tell", "--again", "--purpose", "recall/2"], f"in doubt is: {SETTLE}"),
        (["tall", "--again", "--purpose", "correction/1"], 'did you mean "tell"?'),
        (["tell", "--again", "--purpose", "correction/1", "--as", "eve@example.com"], "is not a person of"),
    ],
)
def test_a_slip_settles_nothing_and_is_told_what_can_be(
    tminus: Command, doubtful: Path, words: list[str], says: str
) -> None:
    who = [] if "--as" in words else ["--as", ADA.email]
    done = tminus(doubtful, "announcements", "settle", LAUNCH, *words, *who)
    assert (done.returncode, states(doubtful)) == (1, {"unknown": 4})
    assert says in done.stderr


def test_an_announcement_of_a_launch_that_was_given_up_has_only_arrived(tminus: Command, given_up: Path) -> None:
    way = f"tminus announcements settle {LAUNCH} tell"
    for look in (["show", LAUNCH], ["reach", LAUNCH], ["announcements", "status"]):
        said = tminus(given_up, *look).stdout
        assert "tell: 4 may have arrived, or not. Did they arrive?" in said
        assert f"  {way} --arrived\n" in said
    words = [*way.split()[1:], "--as", ADA.email]
    again = tminus(given_up, *words, "--again")
    assert (again.returncode, states(given_up, "announcement")) == (1, {"unknown": 4})
    assert "acme 2.4.0 is abandoned, and nothing of it is announced any more" in again.stderr
    assert tminus(given_up, *words, "--arrived").returncode == 0
    assert states(given_up, "announcement") == {"accepted": 4}


def test_a_translation_into_none_of_the_languages_is_refused_rather_than_left_out(
    tminus: Command, tmp_path: Path
) -> None:
    home = tmp_path / "home"
    world = newsroom(home)
    announced(world)
    for name in ("right", "right.old", "right.de"):
        (tmp_path / f"{name}.md").write_text("It costs 20.")
    correct = ("announcements", "correct", LAUNCH, "tell", "--text", str(tmp_path / "right.md"), "--as", ADA.email)
    done = tminus(home, *correct)
    assert done.returncode == 1
    assert "de is none of your languages besides the first (there are none); rename the file" in " ".join(
        done.stderr.split()
    )
    launch = world.launch(LAUNCH)
    assert launch is not None
    assert launch.items["tell"].follow_ups == ()
    world.ledger.dispose()


def test_translations_beside_the_corrected_text_are_told_too(tminus: Command, tmp_path: Path) -> None:
    home = tmp_path / "home"
    world = newsroom(home)
    announced(world)
    file = world.settings.organisation
    file.write_text(f"languages: [en, de, pt-BR, fr]\n{file.read_text()}")
    for name, text in (("right", "It costs 20."), ("right.de", "Es kostet 20."), ("right.pt", "Custa 20.")):
        (tmp_path / f"{name}.md").write_text(text)
    correct = ("announcements", "correct", LAUNCH, "tell", "--text", str(tmp_path / "right.md"), "--as", ADA.email)
    done = tminus(home, *correct)
    assert done.returncode == 0, done.stderr
    launch = world.launch(LAUNCH)
    assert launch is not None
    (said,) = launch.items["tell"].follow_ups
    assert said.translations == {"de": "Es kostet 20.", "pt-BR": "Custa 20."}
    assert "3 words, also in de, pt-BR" in tminus(home, "log", LAUNCH).stdout
    world.ledger.dispose()


@pytest.mark.parametrize(
    ("said", "first", "option"),
    [("correct", "--note", "--note-in"), ("recall", "--reason", "--reason-in")],
)
def test_the_reason_is_said_in_each_language(
    tminus: Command, tmp_path: Path, said: str, first: str, option: str
) -> None:
    home = tmp_path / "home"
    world = newsroom(home)
    announced(world)
    file = world.settings.organisation
    file.write_text(f"languages: [en, de, pt-BR, fr]\n{file.read_text()}")
    words = ("announcements", said, LAUNCH, "tell", first, "It costs 20.", "--as", ADA.email)
    for wrong, status, says in (
        ("it=Costa 20.", 1, f"{option}: it is none of your languages besides the first (de, pt-BR, fr)"),
        ("en=It costs 20.", 1, f"{option}: en is none of your languages besides the first"),
        ("Es kostet 20.", 2, f"{option} reads LANGUAGE=TEXT"),
        ("de= ", 2, f"{option} reads LANGUAGE=TEXT"),
    ):
        done = tminus(home, *words, option, wrong)
        assert (done.returncode, says in " ".join(done.stderr.split())) == (status, True), done.stderr
    done = tminus(home, *words, option, "de=Es kostet 20, a=b.", option, "pt=Custa 20.")
    assert done.returncode == 0, done.stderr
    launch = world.launch(LAUNCH)
    assert launch is not None
    (once,) = launch.items["tell"].follow_ups
    assert (once.note, once.notes) == ("It costs 20.", {"de": "Es kostet 20, a=b.", "pt-BR": "Custa 20."})
    assert ", also in de, pt-BR" in tminus(home, "log", LAUNCH).stdout
    world.ledger.dispose()

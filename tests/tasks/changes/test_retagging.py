"""Which commit a launch becomes, and what lies between: from a real repository, or on somebody's word."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import pytest

from checklists.checklist import Checklist
from checklists.commands import Retag
from checklists.decide import Refusal
from checklists.launch import Launch
from tasks.act import act, begin
from tasks.advance import advance
from tasks.carrying_out import carry_out
from tasks.changes.retagging import NO_GIT, Move, asked, move_of
from tests.checklists.launches import ADA, BEN, DAN, EVE, FAY, sign, start
from tests.tasks.bound import edit
from tests.tasks.changes.repository import Repository, released
from tests.tasks.worlds import Place, place

CHECKLIST = Checklist.model_validate(
    {
        "checklist": "code",
        "items": {
            "qa": {"gate": "QA", "sign": ["1 of qa"], "bound-to": "code"},
            "source": {"gate": "Source", "sign": ["1 of security"], "bound-to": {"code": ["src/**"]}},
            "docs": {"gate": "Docs", "sign": ["1 of docs"], "bound-to": {"code": ["docs/**"]}},
            "legal": {"gate": "Legal", "sign": ["1 of launch-managers"]},
        },
    }
)
NAME = "acme-1.1.0"


@pytest.fixture
def source(tmp_path: Path) -> Repository:
    return released(tmp_path / "source")


@pytest.fixture
def at(tmp_path: Path, source: Repository) -> Place:
    made = place(tmp_path)
    edit(made, "{title: Acme}", f"{{title: Acme, git: {source.folder}}}")
    return made


def opened(at: Place, commit: str | None, *, signed: bool = True) -> Launch:
    """v1.1.0, with every gate open, or signed."""
    command = replace(start(CHECKLIST, version="1.1.0"), by=FAY)
    release = command.release.model_copy(update={"tag": "v1.1.0", "commit": commit})
    launch = begin(at.world, replace(command, release=release))
    assert not isinstance(launch, Refusal), launch
    advance(at.world, NAME)
    for by, item in ((ADA, "qa"), (BEN, "source"), (DAN, "docs"), (EVE, "legal")) if signed else ():
        answer = act(at.world, NAME, sign(by, item))
        assert not isinstance(answer, Refusal), answer
    return at.launch(NAME)


def commit(source: Repository, name: str) -> str:
    return source.git("rev-parse", f"{name}^{{commit}}")


def moved(at: Place, launch: Launch, **to: str) -> Move:
    found = move_of(at.world, launch, **to)
    assert isinstance(found, Move), found
    return found


def test_without_a_commit_it_is_where_the_tag_is_now(at: Place, source: Repository) -> None:
    launch = opened(at, commit(source, "v1.0.0"))
    found = moved(at, launch)
    assert (found.commit, found.tag) == (commit(source, "v1.1.0"), None)
    assert found.difference.authors == ("ben@example.com", "cleo@example.com")


def test_a_short_commit_and_another_tag_are_found(at: Place, source: Repository) -> None:
    launch, head = opened(at, commit(source, "v1.1.0")), commit(source, "HEAD")
    assert moved(at, launch, commit=head[:8]).commit == head
    assert moved(at, launch, tag="v1.0.0").commit == commit(source, "v1.0.0")
    assert moved(at, launch, tag="v1.1.0-final", commit=head).tag == "v1.1.0-final"


def test_only_gates_bound_to_what_changed_are_open_again(at: Place, source: Repository) -> None:
    launch = opened(at, commit(source, "v1.1.0"))
    source.commit("fix: a crash", {"src/app.py": "three\n"})
    source.tag("v1.1.0")
    answer = act(at.world, NAME, moved(at, launch).command(EVE))
    assert not isinstance(answer, Refusal), answer
    assert {key: state.round for key, state in answer.items.items()} == {"qa": 2, "source": 2, "docs": 1, "legal": 1}
    assert [one.by for one in answer.items["qa"].earlier] == [ADA.email]
    assert answer.release.commit == commit(source, "HEAD")
    assert "ada@example.com" in answer.authors


@pytest.mark.parametrize(
    ("to", "said"),
    [
        ({"commit": "0" * 40}, "commit 000000000000 is not in"),
        ({"commit": "main"}, "commit main is not in"),
        ({"commit": "--all"}, "commit --all is not in"),
        ({"tag": "v9"}, "tag v9 is not in"),
        ({"tag": "-rf"}, "tag -rf is not in"),
    ],
)
def test_what_is_not_there_is_refused(at: Place, source: Repository, to: dict[str, str], said: str) -> None:
    found = move_of(at.world, opened(at, commit(source, "v1.1.0")), **to)
    assert isinstance(found, Refusal)
    assert said in found.reason


def test_without_an_old_commit_everything_may_have_changed(at: Place, source: Repository) -> None:
    found = moved(at, opened(at, None))
    assert not found.difference.is_known
    answer = act(at.world, NAME, found.command(EVE))
    assert not isinstance(answer, Refusal), answer
    assert {answer.items[key].round for key in ("qa", "source", "docs")} == {2}
    assert answer.items["legal"].round == 1


def test_an_old_commit_nobody_finds_any_more_is_said(at: Place, source: Repository) -> None:
    found = moved(at, opened(at, "9f2c" * 10))
    assert "commit 9f2c9f2c9f2c is not in" in found.difference.why


@pytest.mark.parametrize("has_git", [True, False])
def test_a_commit_is_believed_where_git_cannot_be_asked(at: Place, source: Repository, has_git: bool) -> None:
    launch = opened(at, commit(source, "v1.1.0"))
    edit(at, f", git: {source.folder}", f", git: {source.folder}-gone" if has_git else "")
    found = moved(at, launch, commit="9f2c0d1")
    assert found.commit == "9f2c0d1"
    assert ("cannot be read" if has_git else NO_GIT) in found.difference.why
    refused = move_of(at.world, launch)
    assert isinstance(refused, Refusal)
    assert f"tminus retag {NAME} --commit SHA" in refused.reason


def test_who_may_not_move_a_launch_lets_git_fetch_nothing(at: Place, source: Repository) -> None:
    launch = opened(at, commit(source, "v1.0.0"))
    answer, _ = carry_out(at.world, NAME, expect(asked(at.world, launch, ADA)))
    assert isinstance(answer, Refusal)
    assert "launch-managers" in answer.reason
    assert not (at.world.settings.home / "mirrors").exists()
    assert expect(asked(at.world, launch, EVE, via="api", address="192.0.2.1")).difference.is_known


def expect(answer: Retag | Refusal) -> Retag:
    assert isinstance(answer, Retag), answer
    return answer


@pytest.mark.parametrize("attempt", range(10))
def test_a_signature_that_arrives_while_the_launch_moves_counts_for_what_was_seen_or_not_at_all(
    at: Place, source: Repository, attempt: int
) -> None:
    """Whichever is written first, nobody's word for the old commit stands for the new one."""
    launch = opened(at, commit(source, "v1.0.0"), signed=False)
    move = moved(at, launch).command(EVE)
    with ThreadPoolExecutor(2) as pool:
        signing = pool.submit(act, at.world, NAME, sign(ADA, "qa", round_=1))
        moving = pool.submit(act, at.world, NAME, move)
    assert not isinstance(moving.result(), Refusal)
    state = at.launch(NAME).items["qa"]
    assert (state.round, state.status, dict(state.approvals)) == (2, "open", {})
    signed = signing.result()
    if isinstance(signed, Refusal):
        assert "round 1 of qa is over" in signed.reason
        assert state.earlier == ()
    else:
        assert [one.by for one in state.earlier] == [ADA.email]

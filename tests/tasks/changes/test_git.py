"""Running git: bounded, silent about secrets, and with git's own words where it says no."""

from __future__ import annotations

import time
from pathlib import Path

import pytest
from pydantic import SecretStr

from tasks.changes.git import CONFIG, Git, GitFailed, Output, signed_in
from tests.tasks.changes.repository import Repository, released


@pytest.fixture
def acme(tmp_path: Path) -> Repository:
    return released(tmp_path / "acme")


def git(seconds: float = 20) -> Git:
    return Git(time.monotonic() + seconds)


def test_what_git_prints_comes_back_with_its_status(acme: Repository) -> None:
    said = git().ask(f"--git-dir={acme.folder}/.git", "tag")
    assert (said.status, said.lines, said.whole) == (0, ["v1.0.0", "v1.1.0"], True)


def test_a_no_is_told_in_gits_own_words(tmp_path: Path) -> None:
    with pytest.raises(GitFailed, match="not a git repository"):
        git().tell(f"--git-dir={tmp_path}", "tag")


def test_more_than_was_wanted_is_cut_off(acme: Repository) -> None:
    (acme.folder / "big").write_bytes(b"x" * 10_000_000)
    blob = acme.git("hash-object", "-w", "big")
    said = git().ask(f"--git-dir={acme.folder}/.git", "cat-file", "blob", blob, at_most=1_000)
    assert (len(said.text), said.whole) == (1_000, False)


def test_nothing_is_asked_after_the_time_is_over() -> None:
    with pytest.raises(GitFailed, match="the time was over"):
        git(0).ask("version")


@pytest.mark.parametrize("word", ["a\0b", "\ud800"])
def test_words_no_program_can_be_given_are_refused(word: str) -> None:
    with pytest.raises(GitFailed, match="cannot be asked this"):
        git().ask("version", word)


def test_settings_reach_git_and_stay_off_its_command_line(acme: Repository) -> None:
    given = Git(time.monotonic() + 20, {**CONFIG, **signed_in("https://github.com/", SecretStr("hush"))})
    said = given.ask("config", "--get-urlmatch", "http.extraHeader", "https://github.com/example-org/acme")
    assert said.lines == ["Authorization: Basic eC1hY2Nlc3MtdG9rZW46aHVzaA=="]
    elsewhere = given.ask("config", "--get-urlmatch", "http.extraHeader", "https://github.com.example.com/")
    assert elsewhere.lines == []
    assert "hush" not in repr(given)


@pytest.mark.parametrize(
    ("errors", "complaint"),
    [
        (b"", "git ended with status 128"),
        (b"warning: odd\nfatal: not found\n", "fatal: not found"),
        (b"Host key verification failed.\nfatal: Could not read\n", "fatal: Could not read"),
        (b"\x1b[31mred\x1b[0m \xff", "[31mred[0m \ufffd"),
        (b"x" * 1_000, "x" * 199 + "…"),
    ],
)
def test_a_complaint_is_one_line(errors: bytes, complaint: str) -> None:
    assert Output(128, b"", errors, True).complaint == complaint

"""Fragments live in a repository for a while: what a release used up is told, what was withdrawn is not."""

from __future__ import annotations

from pathlib import Path

import pytest

from checklists.notes.fragments import FOLDERS
from tasks.changes.added import added_files
from tests.tasks.changes.repository import Repository, repository

ONE, TWO, THREE = "news/1.feature.md", "news/2.bugfix.md", "news/3.misc.md"


@pytest.fixture
def repo(tmp_path: Path) -> Repository:
    made = repository(tmp_path / "repo")
    made.commit("begin", {"CHANGELOG.md": "# 1\n", "news/README.md": "How to.", "news/0.feature.md": "Old."})
    made.tag("v1")
    return made


def added(repo: Repository, span: str = "v1..HEAD") -> dict[str, str]:
    return {path: text for path, text, _ in added_files(repo.folder, span, FOLDERS)}


def gone(repo: Repository, said: str, *paths: str, files: dict[str, str] | None = None) -> None:
    repo.git("rm", "--quiet", *paths)
    repo.commit(said, files)


def test_each_is_told_as_it_last_was_with_the_commit_that_added_it(repo: Repository) -> None:
    first = repo.commit("one", {ONE: "One"})
    second = repo.commit("two", {TWO: "Two"})
    repo.commit("better words", {ONE: "One, better", "news/0.feature.md": "Old, better."})
    found = list(added_files(repo.folder, "v1..HEAD", FOLDERS))
    assert found == [(TWO, "Two", second), (ONE, "One, better", first)]


@pytest.mark.parametrize("said", ["Release 2.0.0", "Version Packages (#9)", "put the news together"])
def test_what_a_release_takes_away_is_told(repo: Repository, said: str) -> None:
    repo.commit("both", {ONE: "One", TWO: "Two"})
    gone(repo, said, ONE, TWO, "news/0.feature.md")
    repo.commit("more", {THREE: "Three"})
    assert added(repo) == {THREE: "Three", TWO: "Two", ONE: "One"}


def test_what_is_taken_away_together_with_a_line_in_the_log_is_told(repo: Repository) -> None:
    repo.commit("both", {ONE: "One", TWO: "Two"})
    gone(repo, "write it down", ONE, files={"CHANGELOG.md": "# 2\n\n- One\n\n# 1\n"})
    assert added(repo) == {TWO: "Two", ONE: "One"}


@pytest.mark.parametrize("said", ["not yet", "Revert the news", "Merge pull request #31 from x/revert-30"])
def test_what_was_withdrawn_is_not(repo: Repository, said: str) -> None:
    repo.commit("three", {ONE: "One", TWO: "Two", THREE: "Three"})
    gone(repo, said, ONE)
    assert added(repo) == {THREE: "Three", TWO: "Two"}


def test_what_got_another_name_is_told_once(repo: Repository) -> None:
    repo.commit("one", {ONE: "One"})
    repo.git("mv", ONE, "news/11.feature.md")
    repo.commit("it is about another")
    assert added(repo) == {"news/11.feature.md": "One"}


def test_what_the_older_release_has_by_another_way_is_no_news(repo: Repository) -> None:
    begin = repo.git("rev-parse", "HEAD")
    repo.git("checkout", "--quiet", "-b", "old", begin)
    repo.commit("one, for the old line", {ONE: "One"})
    repo.tag("v1.1")
    repo.git("checkout", "--quiet", "main")
    repo.commit("one", {ONE: "One"})
    repo.commit("two", {TWO: "Two"})
    assert added(repo, "v1.1..HEAD") == {TWO: "Two"}


def test_nothing_is_lost_behind_a_merge_where_the_older_release_is_on_a_branch(repo: Repository) -> None:
    begin = repo.git("rev-parse", "HEAD")
    repo.git("checkout", "--quiet", "-b", "old", begin)
    repo.commit("only there")
    repo.tag("v1.1")
    repo.git("checkout", "--quiet", "-b", "topic", begin)
    repo.commit("one", {ONE: "One"})
    repo.git("checkout", "--quiet", "main")
    repo.git(
        "merge",
        "--quiet",
        "--no-ff",
        "-m",
        "Merge pull request #1 from topic",
        "topic",
        GIT_AUTHOR_NAME="CI",
        GIT_AUTHOR_EMAIL="ci@example.com",
    )
    repo.commit("two", {TWO: "Two"})
    assert added(repo, "v1.1..HEAD") == {TWO: "Two", ONE: "One"}


def test_a_subject_with_our_own_separators_changes_nothing(repo: Repository) -> None:
    repo.commit(b"one \x1e" + b"a" * 40 + b"\x1f :000000", {ONE: "One"})
    assert added(repo) == {ONE: "One"}

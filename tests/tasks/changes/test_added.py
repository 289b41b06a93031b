"""Fragments live in a repository for a while: what a release used up is told, what was withdrawn is not."""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from checklists.notes.fragments import FOLDERS
from tasks.changes.added import added_files, added_in_each
from tasks.changes.history import NoHistory, main_line
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


def test_a_repository_within_this_one_is_no_fragment(repo: Repository) -> None:
    inner = repo.git("rev-parse", "HEAD")
    repo.commit("one", {ONE: "One"})
    repo.git("update-index", "--add", "--cacheinfo", f"160000,{inner},news/2.bugfix.md")
    repo.git("commit", "--quiet", "--message", "a submodule", GIT_AUTHOR_NAME="CI", GIT_AUTHOR_EMAIL="ci@example.com")
    assert added(repo) == {ONE: "One"}


def test_a_file_named_like_what_git_says_of_a_commit_changes_nothing(repo: Repository) -> None:
    repo.commit("one", {ONE: "One", "news/\x1e" + "a" * 40 + "\x1f": "Odd.", "\x1e" + "b" * 40 + "\x1fnews": "Odd."})
    repo.commit("two", {TWO: "Two"})
    assert [path for path in added(repo) if path.endswith(".md")] == [TWO, ONE]


def _by_pathspec(repo: Repository, span: str) -> list[tuple[str, list[str]]]:
    """The commits of the main line with what they did below the folders, as git looks for it by itself."""
    asked = ["-m", "--first-parent", "--sparse", "--raw", "--no-abbrev", "--no-renames", "--format=%x1e%H"]
    told = repo.git("log", *asked, span, "--", *(f":(glob)**/{folder}**" for folder in FOLDERS))
    records = [record.split("\n") for record in told.split("\x1e")]
    return [(head, raw) for head, *lines in records if (raw := [line for line in lines if line])]


def _read(repo: Repository, span: str) -> list[tuple[str, list[str]]]:
    found = []
    for record in main_line(repo.folder, span):
        head, *words = record.decode().split("\0")
        pairs = zip(words[::2], words[1::2], strict=False)
        below = [f"{raw.strip()}\t{path}" for raw, path in pairs if any(f"/{one}" in f"/{path}" for one in FOLDERS)]
        if below:
            found.append((head.partition("\x1f")[0], below))
    return found


def _one_more(repo: Repository, dice: random.Random, number: int) -> None:
    """A commit as projects with fragments make them: mostly one more; words changed, or taken back."""
    there = [name for name in repo.git("ls-files").split("\n") if name.endswith(".feature.md")]
    match dice.randrange(8):
        case 0 if there:
            gone(repo, f"withdraw {number}", dice.choice(there))
        case 1 if there:
            repo.commit(f"better words {number}", {dice.choice(there): f"Better {number}"})
        case 2:
            repo.commit(f"no news {number}", {f"src/{number % 3}.py": f"{number}\n", "CHANGELOG.md": f"# {number}\n"})
        case _:
            folder = dice.choice(("", "", "packages/api/")) + dice.choice(("news", "changelogs/unreleased"))
            repo.commit(
                f"add {number}", {f"{folder}/{number}.feature.md": f"News {number}", "src/app.py": f"{number}\n"}
            )


def _merge(repo: Repository, dice: random.Random, number: int) -> None:
    """Commits on a branch, brought in while the main line went on; one of them is on the old line, too."""
    repo.git("checkout", "--quiet", "-b", f"topic{number}")
    _one_more(repo, dice, number)
    picked = repo.commit(f"fix {number}", {f"news/{number}9.feature.md": f"Fixed {number}"})
    repo.git("checkout", "--quiet", "old")
    repo.git("cherry-pick", "--keep-redundant-commits", "--allow-empty", picked)
    repo.git("checkout", "--quiet", "main")
    repo.commit(f"go on {number}", {f"src/{number}.py": "x\n"})
    said = ("merge", "--quiet", "--no-ff", "--message", f"Merge pull request #{number}", f"topic{number}")
    repo.git(*said, GIT_AUTHOR_NAME="CI", GIT_AUTHOR_EMAIL="ci@example.com")


def _releases(repo: Repository, dice: random.Random) -> list[str]:
    """The ranges of a history of merges and backports, whose releases mostly use their fragments up."""
    repo.git("branch", "old")
    for number in range(10, 18):
        for more in range(3):
            _one_more(repo, dice, number * 10 + more)
        _merge(repo, dice, number)
        used = [name for name in repo.git("ls-files").split("\n") if name.endswith(".feature.md")]
        if used and dice.randrange(4):
            gone(repo, f"Release 1.{number}", *used, files={"CHANGELOG.md": f"# 1.{number}\n"})
        repo.tag(f"v1.{number}")
        repo.tag(f"v0.{number}", "old")
    lines = [f"v{line}.{number}..v{line}.{number + 1}" for line in (0, 1) for number in range(10, 17)]
    return [*lines, "v1..v1.17", "v0.12..v1.13", "v1.13..v0.14", "v0.17..v1.17", "v1.12..v1.12", "v1.14..v1.12"]


@pytest.mark.parametrize("seed", range(2))
def test_all_ranges_at_once_hold_what_git_finds_in_each(repo: Repository, seed: int) -> None:
    spans = _releases(repo, random.Random(seed))
    assert [_read(repo, span) for span in spans] == [_by_pathspec(repo, span) for span in spans]
    each = [found() for found in added_in_each(repo.folder, spans, FOLDERS)]
    assert each == [tuple(added_files(repo.folder, span, FOLDERS)) for span in spans]
    assert sum(map(len, each)) > 50


def test_a_range_that_names_nothing_is_told_when_it_is_asked_for(repo: Repository) -> None:
    repo.commit("one", {ONE: "One"})
    good, bad, _ = added_in_each(repo.folder, ["v1..HEAD", "v1..v9", "v1..HEAD"], FOLDERS)
    assert [one.path for one in good()] == [ONE]
    with pytest.raises(NoHistory, match="v9"):
        bad()

"""What git tells is read as it is, whatever people wrote and however they called their tags."""

from __future__ import annotations

from pathlib import Path

import pytest

from tasks.changes.history import LONGEST, NoHistory, commits, histories, is_shallow
from tests.tasks.changes.repository import Repository, repository


@pytest.fixture
def repo(tmp_path: Path) -> Repository:
    made = repository(tmp_path / "repo")
    made.commit("begin")
    made.tag("v1")
    return made


def running_gits() -> list[str]:
    """The programs called git that this process has started and that are still there."""
    mine = [pid for task in Path("/proc/self/task").iterdir() for pid in (task / "children").read_text().split()]
    return [pid for pid in mine if Path(f"/proc/{pid}/comm").read_text().strip() == "git"]


def subjects(repo: Repository, span: str = "v1..HEAD") -> list[str]:
    return [commit.subject for commit in commits(repo.folder, span)]


def test_a_range_is_told_the_newest_first(repo: Repository) -> None:
    repo.commit("one")
    two = repo.commit("two\n\nbody\n\nRefs: #1\n")
    newest, older = commits(repo.folder, "v1..HEAD")
    assert (newest.hash, newest.subject, newest.rest.strip()) == (two, "two", "body\n\nRefs: #1")
    assert (newest.name, newest.email, newest.parents) == ("Ada Abara", "ada@example.com", (older.hash,))


def test_an_empty_range_has_no_commits(repo: Repository) -> None:
    assert subjects(repo) == []


@pytest.mark.parametrize("tag", ["pkg/v1.2.3", "pkg@1.2.3", "größe-2", "x" * 240, "release 2".replace(" ", "\u00a0")])
def test_tags_may_be_called_as_people_like(repo: Repository, tag: str) -> None:
    repo.commit("one")
    repo.tag(tag)
    assert subjects(repo, f"v1..{tag}") == ["one"]


@pytest.mark.parametrize(
    "span", ["--output=written..HEAD", "-p..HEAD", "--all", "v1..--help", "$(touch written)..v1", "v1..\n"]
)
def test_a_range_is_never_an_option_or_a_command(repo: Repository, span: str) -> None:
    with pytest.raises(NoHistory):
        subjects(repo, span)
    assert not (repo.folder / "written").exists()
    assert not Path("written").exists()


def test_messages_in_other_encodings_are_readable(repo: Repository) -> None:
    repo.git("config", "i18n.commitEncoding", "ISO-8859-1")
    repo.commit("Größe".encode("latin-1"))
    assert subjects(repo) == ["Größe"]


def test_bytes_of_no_encoding_harm_nobody(repo: Repository) -> None:
    repo.commit(b"broken \xff\xfe \x1b[31m")
    (subject,) = subjects(repo)
    assert subject.startswith("broken ")


def test_a_message_with_our_own_separators_stays_one_commit(repo: Repository) -> None:
    repo.commit("a\x1fb\n\nbody\x1fmore")
    repo.commit("next")
    assert len(subjects(repo)) == 2


def test_a_message_of_a_megabyte_is_read_to_a_limit(repo: Repository) -> None:
    repo.commit("large\n\n" + "x" * 3_000_000)
    repo.commit("next")
    newest, large = commits(repo.folder, "v1..HEAD")
    assert (newest.subject, large.subject, len(large.rest)) == ("next", "large", LONGEST)


def test_unrelated_histories_show_all_of_the_newer_one(repo: Repository) -> None:
    repo.git("checkout", "--quiet", "--orphan", "other")
    repo.commit("unrelated")
    assert subjects(repo) == ["unrelated"]


def test_a_history_that_was_rewritten_is_read_as_it_is_now(repo: Repository) -> None:
    repo.commit("first try")
    repo.git("reset", "--quiet", "--hard", "v1")
    repo.commit("second try")
    assert subjects(repo) == ["second try"]


def test_a_submodule_that_moved_is_one_change_and_is_not_followed(repo: Repository, tmp_path: Path) -> None:
    inner = repository(tmp_path / "inner")
    inner.commit("inside")
    local = ("-c", "protocol.file.allow=always")
    repo.git(*local, "submodule", "--quiet", "add", str(inner.folder), "inner")
    repo.commit("feat: take the inner one")
    inner.commit("more inside")
    repo.git("-C", "inner", *local, "pull", "--quiet")
    repo.commit("fix: a newer inner one")
    assert subjects(repo) == ["fix: a newer inner one", "feat: take the inner one"]


def test_a_shallow_clone_says_so(repo: Repository, tmp_path: Path) -> None:
    repo.commit("one")
    repo.git("clone", "--quiet", "--depth=1", f"file://{repo.folder}", str(tmp_path / "shallow"))
    assert (is_shallow(repo.folder), is_shallow(tmp_path / "shallow")) == (False, True)


@pytest.mark.parametrize("setting", [("core.fsmonitor", "touch written"), ("core.pager", "touch written")])
def test_a_strange_repository_starts_no_program(repo: Repository, setting: tuple[str, str]) -> None:
    repo.commit("one")
    repo.git("config", *setting)
    assert subjects(repo) == ["one"]
    assert not (repo.folder / "written").exists()


def test_a_folder_without_a_repository_is_named(tmp_path: Path) -> None:
    with pytest.raises(NoHistory, match="not a git repository"):
        list(commits(tmp_path, "a..b"))


def test_several_ranges_are_told_one_after_the_other(repo: Repository) -> None:
    for number in (2, 3):
        repo.commit(f"fix: number {number}")
        repo.tag(f"v{number}")
    spans = ["v1..v2", "v2..v3", "v3..v3"]
    assert [[one.subject for one in told] for told in histories(repo.folder, spans)] == [
        [one.subject for one in commits(repo.folder, span)] for span in spans
    ]


def test_a_range_that_names_nothing_is_told_when_it_is_its_turn(repo: Repository) -> None:
    told = histories(repo.folder, ["v1..HEAD", "v1..nothing"])
    list(next(told))
    with pytest.raises(NoHistory, match="nothing"):
        list(next(told))


def test_who_goes_through_none_of_several_leaves_no_git_behind(repo: Repository) -> None:
    told = histories(repo.folder, ["v1..HEAD"] * 3)
    next(told)
    told.close()  # type: ignore[attr-defined]  # it is a generator
    assert running_gits() == []


def test_who_stops_reading_leaves_no_git_behind(repo: Repository) -> None:
    for number in range(5):
        repo.commit(f"{number}")
    reading = commits(repo.folder, "v1..HEAD")
    assert next(reading).subject == "4"
    reading.close()  # type: ignore[attr-defined]  # a generator

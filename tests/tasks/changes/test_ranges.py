"""The release before is the one with the version before, whenever and wherever it was made."""

from __future__ import annotations

from pathlib import Path

import pytest

from checklists.errors import LaunchError
from tasks.changes.history import NoHistory
from tasks.changes.ranges import span_of, spans_between
from tests.tasks.changes.repository import Repository, repository

TAGS = ["v1.0.0", "v2.0.0-rc.1", "v2.0.0", "v1.0.1", "v1.9.0", "v1.10.0", "pkg@0.1.0", "pkg@0.2.0", "24.1", "nightly"]


@pytest.fixture(scope="module")
def repo(tmp_path_factory: pytest.TempPathFactory) -> Repository:
    made = repository(tmp_path_factory.mktemp("repo"))
    for tag in TAGS:
        made.commit(f"work on {tag}")
        made.tag(tag)
    return made


@pytest.mark.parametrize(
    ("asked", "span"),
    [
        ("v1.0.1", "v1.0.0..v1.0.1"),
        ("v1.10.0", "v1.9.0..v1.10.0"),
        ("v2.0.0", "v1.10.0..v2.0.0"),
        ("v2.0.0-rc.1", "v1.10.0..v2.0.0-rc.1"),
        ("pkg@0.2.0", "pkg@0.1.0..pkg@0.2.0"),
        ("a..b", "a..b"),
        ("", "v2.0.0..HEAD"),
    ],
)
def test_a_release_begins_where_the_version_before_ends(asked: str, span: str, repo: Repository) -> None:
    assert span_of(repo.folder, asked) == span


@pytest.mark.parametrize(
    ("asked", "problem"),
    [("v1.0.0", "no release before v1.0.0"), ("24.1", "no release before"), ("nightly", "carries no version")],
)
def test_what_has_no_release_before_says_so(asked: str, problem: str, repo: Repository) -> None:
    with pytest.raises(LaunchError, match=problem):
        span_of(repo.folder, asked)


@pytest.mark.parametrize(
    ("asked", "spans"),
    [
        ("v1.0.0..v1.9.0", {"v1.9.0": "v1.0.1..v1.9.0", "v1.0.1": "v1.0.0..v1.0.1"}),
        ("v1.10.0..v2.0.0", {"v2.0.0": "v1.10.0..v2.0.0"}),
        ("v1.10.0..v2.0.0-rc.1", {"v2.0.0-rc.1": "v1.10.0..v2.0.0-rc.1"}),
        ("v1.10.0..HEAD", {"Unreleased": "v2.0.0..HEAD", "v2.0.0": "v1.10.0..v2.0.0"}),
        ("v2.0.0..", {"Unreleased": "v2.0.0..HEAD"}),
        ("pkg@0.1.0..pkg@0.2.0", {"pkg@0.2.0": "pkg@0.1.0..pkg@0.2.0"}),
        ("v1.10.0", {"v1.10.0": "v1.9.0..v1.10.0"}),
    ],
)
def test_a_range_has_every_release_in_between_the_newest_first(
    asked: str, spans: dict[str, str], repo: Repository
) -> None:
    found = spans_between(repo.folder, asked)
    assert list(found.items()) == list(spans.items())


def test_without_a_range_it_is_every_release_of_the_usual_line(repo: Repository) -> None:
    found = list(spans_between(repo.folder, ""))
    assert found == ["Unreleased", "v2.0.0", "v1.10.0", "v1.9.0", "v1.0.1"]


@pytest.mark.parametrize(
    ("asked", "problem"),
    [
        ("v2.0.0..v1.0.0", "no release lies between v2.0.0 and v1.0.0"),
        ("v1.0.0..v1.0.0", "no release lies between"),
        ("v1.0.0..pkg@0.2.0", "pkg@0.2.0 is no release; name two whose tags are written alike"),
        ("nightly..v2.0.0", "nightly is no release"),
        ("v7.0.0..", "v7.0.0 is no release"),
        ("--all..--output=x", "--all is no release"),
    ],
)
def test_a_range_without_releases_says_so(asked: str, problem: str, repo: Repository) -> None:
    with pytest.raises(LaunchError, match=problem):
        spans_between(repo.folder, asked)


@pytest.mark.parametrize("sign", ["\x85", "\x9b", "\u2028", "\u2029", "\u202e"])
def test_a_tag_with_a_sign_that_others_take_for_a_line_end_is_one_tag(sign: str, tmp_path: Path) -> None:
    made = repository(tmp_path)
    for version in ("1.0.0", "1.1.0"):
        made.commit(f"work on {version}")
        made.tag(f"odd{sign}v{version}")
    assert span_of(made.folder, f"odd{sign}v1.1.0") == f"odd{sign}v1.0.0..odd{sign}v1.1.0"
    assert list(spans_between(made.folder, "")) == ["Unreleased", f"odd{sign}v1.1.0"]


def test_a_repository_without_tags_says_what_to_name(tmp_path: Path) -> None:
    made = repository(tmp_path)
    made.commit("begin")
    with pytest.raises(LaunchError, match="name two commits"):
        span_of(made.folder, "")


def test_a_folder_without_a_repository_says_so(tmp_path: Path) -> None:
    with pytest.raises(NoHistory, match="not a git repository"):
        span_of(tmp_path, "v1")

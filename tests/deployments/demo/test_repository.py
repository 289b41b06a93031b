"""The example product's repository: real git, and nothing of this machine's in it."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from deployments.demo import repository
from deployments.demo.repository import GitFailed, Repository, find_or_make, following, release, written

CONVENTIONAL = re.compile(r"^(feat|fix|docs|perf|chore)(\([\w-]+\))?: .+$")


@pytest.fixture
def acme(tmp_path: Path) -> Repository:
    return find_or_make(tmp_path / "acme")


def no_launch(version: str) -> None:
    return None


def test_a_new_repository_has_a_past_with_tags_and_conventional_commits(acme: Repository) -> None:
    subjects = acme.git("log", "--format=%s").splitlines()
    assert len(subjects) >= 8
    assert [subject for subject in subjects if not CONVENTIONAL.match(subject)] == []
    assert acme.git("tag").split() == ["v2.2.0", "v2.3.0", "v2.3.1"]


def test_the_users_own_git_settings_are_not_met(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / ".gitconfig").write_text(
        "[user]\n name = Somebody\n[commit]\n gpgsign = true\n[core]\n hooksPath = /x\n"
    )
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("GIT_AUTHOR_NAME", "Somebody Else")
    monkeypatch.setenv("GIT_DIR", str(tmp_path / "elsewhere"))
    acme = find_or_make(tmp_path / "acme")
    assert set(acme.git("log", "--format=%an <%ae> %cn").splitlines()) == {"Hugo Haas <hugo@example.com> Hugo Haas"}
    assert not (tmp_path / "elsewhere").exists()


def test_the_first_release_is_the_next_minor_version(acme: Repository) -> None:
    assert release(acme, no_launch) == "2.4.0"
    assert acme.newest() == "2.4.0"


def test_a_release_whose_launch_is_not_over_is_taken_up_again(acme: Repository) -> None:
    release(acme, no_launch)
    head = acme.git("rev-parse", "HEAD")
    assert release(acme, {"2.4.0": False}.get) == "2.4.0"
    assert release(acme, no_launch) == "2.4.0"
    assert acme.git("rev-parse", "HEAD") == head


def test_after_a_launch_that_is_over_comes_another_release(acme: Repository) -> None:
    release(acme, no_launch)
    assert release(acme, {"2.4.0": True}.get) == "2.5.0"


def test_a_version_that_somebody_else_launched_is_left_out(acme: Repository) -> None:
    assert release(acme, {"2.4.0": False, "2.5.0": True}.get) == "2.6.0"


def test_a_release_that_was_interrupted_before_its_tag_is_completed(acme: Repository) -> None:
    release(acme, no_launch)
    commits = acme.git("rev-list", "--count", "HEAD")
    acme.git("tag", "--delete", "v2.4.0")
    assert release(acme, no_launch) == "2.4.0"
    assert acme.git("rev-list", "--count", "HEAD") == commits


def test_many_releases_in_a_row_each_have_something_new(acme: Repository) -> None:
    over: dict[str, bool] = {}
    for _ in range(9):
        version = release(acme, over.get)
        assert acme.mend(version)
        assert acme.notes(f"v{version}").startswith("### New\n- ")
        over[version] = True
    assert acme.newest() == "2.12.0"


def test_the_docs_lack_a_page_until_they_are_mended_once(acme: Repository) -> None:
    version = release(acme, no_launch)
    links = re.findall(r"href='([^']+)'", (acme.docs / "index.html").read_text())
    assert [link for link in links if not (acme.docs / link).exists()] == ["limits-2.4.0.html"]
    assert acme.mend(version) == "docs: add the page about limits"
    assert [link for link in links if not (acme.docs / link).exists()] == []
    assert acme.mend(version) is None


def test_notes_hold_what_concerns_customers() -> None:
    said = written(["feat(exports): run by night", "chore: tidy", "fix: close the door", "merge it", "feat: hop"])
    assert said == "### New\n- Run by night\n- Hop\n\n### Fixed\n- Close the door"


@pytest.mark.parametrize(("version", "next_"), [("2.3.1", "2.4.0"), ("2.9.0", "2.10.0"), ("10.0.4", "10.1.0")])
def test_versions_follow_each_other(version: str, next_: str) -> None:
    assert following(version) == next_


def test_half_a_repository_is_never_taken_for_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(repository, "PAST", {"v2.2.0": (), "not a tag~": ()})
    with pytest.raises(GitFailed, match="git tag failed"):
        find_or_make(tmp_path / "acme")
    monkeypatch.undo()
    assert find_or_make(tmp_path / "acme").newest() == "2.3.1"


def test_without_git_a_sentence_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(GitFailed, match="git was not found; install it"):
        find_or_make(tmp_path / "acme")


def test_a_folder_that_is_no_repository_is_named(tmp_path: Path) -> None:
    (tmp_path / "acme").mkdir()
    with pytest.raises(GitFailed, match=r"git tag failed in .*acme: .*remove that folder"):
        find_or_make(tmp_path / "acme").newest()

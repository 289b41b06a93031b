"""What is new in a release, from real repositories, and an honest word where nobody can tell."""

from __future__ import annotations

from pathlib import Path

import pytest

from checklists.organisation import Product
from tasks.changes.mirror import Mirror, mirror
from tasks.changes.releases import found, previous_tag, since_the_one_before
from tasks.settings import Settings
from tests.tasks.changes.repository import Repository, released


@pytest.fixture
def acme(tmp_path: Path) -> Repository:
    return released(tmp_path / "acme")


def copy_of(folder: Path, patience: float = 30) -> Mirror:
    return mirror(Settings(_env_file=None, home=folder.parent / "home"), str(folder), patience)


def product(tags: str = "v{version}", pre_release: str = "ignore") -> Product:
    return Product.model_validate({"title": "Acme", "tags": tags, "checklists": {"pre-release": pre_release}})


def test_a_release_is_what_is_new_since_the_one_before(acme: Repository) -> None:
    difference = since_the_one_before(copy_of(acme.folder), product(), "1.1.0", "v1.1.0", None)
    assert difference.authors == ("ben@example.com", "cleo@example.com")
    assert (difference.base, difference.head) == (commit(acme, "v1.0.0"), commit(acme, "v1.1.0"))


def commit(source: Repository, name: str) -> str:
    return source.git("rev-parse", f"{name}^{{commit}}")


def test_a_release_without_a_tag_yet_is_found_by_its_commit(acme: Repository) -> None:
    head = commit(acme, "HEAD")
    difference = since_the_one_before(copy_of(acme.folder), product(), "1.2.0", None, head[:9])
    assert (difference.base, difference.head) == (commit(acme, "v1.1.0"), head)


def test_the_commit_that_was_told_counts_and_not_where_the_tag_is_now(acme: Repository) -> None:
    told = commit(acme, "v1.1.0")
    acme.tag("v1.1.0", "HEAD")
    assert since_the_one_before(copy_of(acme.folder), product(), "1.1.0", "v1.1.0", told).head == told


def test_without_tag_and_commit_the_products_pattern_names_the_tag(acme: Repository) -> None:
    assert since_the_one_before(copy_of(acme.folder), product(), "1.1.0", None, None).head == commit(acme, "v1.1.0")


@pytest.mark.parametrize(
    ("version", "tag", "head", "why"),
    [
        ("9.0.0", "v9.0.0", None, "tag v9.0.0 is not in"),
        ("9.0.0", "v9.0.0", "0" * 40, "commit 000000000000 is not in"),
        ("9.0.0", "--all", None, "tag --all is not in"),
        ("9.0.0", "v9.0.0", "main", "commit main is not in"),
        ("9.0.0", "a\0b", None, "cannot be read: git cannot be asked this"),
    ],
)
def test_an_unknown_release_says_so(acme: Repository, version: str, tag: str, head: str | None, why: str) -> None:
    difference = since_the_one_before(copy_of(acme.folder), product(), version, tag, head)
    assert why in difference.why
    assert difference.authors == ()


def test_a_repository_that_is_away_says_so(tmp_path: Path) -> None:
    difference = since_the_one_before(copy_of(tmp_path / "gone"), product(), "1.1.0", None, None)
    assert f"{tmp_path}/gone cannot be read: fatal:" in difference.why


def test_a_home_that_cannot_be_written_says_so(acme: Repository, tmp_path: Path) -> None:
    (tmp_path / "home").mkdir()
    (tmp_path / "home" / "mirrors").touch()
    assert "cannot be read" in since_the_one_before(copy_of(acme.folder), product(), "1.1.0", None, None).why


@pytest.mark.parametrize(
    ("version", "pre_release", "expected"),
    [
        ("1.0.0", "ignore", None),
        ("1.1.0", "ignore", "v1.0.0"),
        ("2.0.0", "ignore", "v1.10.0"),
        ("1.9.0", "ignore", "v1.1.0"),
        ("1.10.1", "hotfix", "v1.10.0"),
        ("2.0.0-rc.2", "hotfix", "v2.0.0-rc.1"),
        ("2.0.0-rc.2", "ignore", "v1.10.0"),
    ],
)
def test_the_release_before_is_the_one_by_version(
    acme: Repository, version: str, pre_release: str, expected: str | None
) -> None:
    for tag in ("v1.10.0", "v2.0.0-rc.1", "v2.0.0", "nightly", "other-1.9.9", "vv", "v1.2.0/x"):
        acme.tag(tag, "v1.0.0")
    at = copy_of(acme.folder)
    at.fetch()
    assert previous_tag(at, product(pre_release=pre_release), version) == expected


def test_products_of_one_repository_keep_to_their_own_tags(acme: Repository) -> None:
    acme.tag("sdk@1.0.5", "v1.0.0")
    at = copy_of(acme.folder)
    at.fetch()
    assert previous_tag(at, product("sdk@{version}"), "1.1.0") == "sdk@1.0.5"
    assert previous_tag(at, product(), "1.1.0") == "v1.0.0"


def test_a_commit_is_found_by_its_tag_or_its_hash(acme: Repository) -> None:
    at = copy_of(acme.folder)
    at.fetch()
    assert found(at, "v1.0.0", None) == commit(acme, "v1.0.0")
    assert found(at, "v1.0.0", commit(acme, "HEAD")[:8]) == commit(acme, "HEAD")
    assert found(at, "v1.0.0", "0" * 40) is None

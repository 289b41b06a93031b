"""Anything with git can be watched: by its tags alone, whatever they are called and however many there are."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from pydantic import ValidationError

from checklists.launch import Launch
from checklists.organisation import Product
from checklists.request import LaunchRequest
from tasks.changes.git import GitFailed
from tasks.changes.mirror import Mirror, mirror, peeled
from tasks.opening import open_launch
from tasks.settings import Settings
from tasks.watching.hosts import PlainGit
from tasks.watching.rest import Later
from tasks.watching.round import watch
from tasks.watching.tags import AT_ONCE
from tests.tasks.changes.repository import Repository, repository
from tests.tasks.worlds import Place, place

ORGANISATION = """organisation: Example
products:
  acme: {title: Acme, git: source, watch: git}
  sdk: {title: SDK, git: source, watch: git, tags: "sdk@{version}"}
"""


@pytest.fixture
def source(tmp_path: Path) -> Repository:
    made = repository(tmp_path / "source")
    made.commit("begin")
    made.tag("v1.0.0")
    return made


@pytest.fixture
def at(tmp_path: Path) -> Iterator[Place]:
    made = place(tmp_path)
    file = tmp_path / "organisation.yaml"
    file.write_text(ORGANISATION)
    yield replace(made, world=replace(made.world, settings=Settings(_env_file=None, home=tmp_path, organisation=file)))
    made.ledger.dispose()


def copy_of(tmp_path: Path, address: str, allowed: tuple[str, ...] = ()) -> Mirror:
    return mirror(Settings(_env_file=None, home=tmp_path / "home"), address, 30, allowed)


def tags(source: Repository) -> dict[str, str | None]:
    return dict(PlainGit(copy_of(source.folder.parent, str(source.folder))).tags({}).tags)


def test_the_first_tag_of_a_repository_that_had_none_is_found(at: Place, tmp_path: Path) -> None:
    source = repository(tmp_path / "source")
    source.commit("begin")
    assert "seen for the first time; the 0 tags" in watch(at.world)[0]
    source.tag("v1.0.0")
    assert watch(at.world) == ["git:source: v1.0.0 was found"]


def test_a_tag_is_the_commit_it_is_on_annotated_or_not(source: Repository) -> None:
    source.git("tag", "light")
    source.git("tag", "--annotate", "--message=twice", "v2", "v1.0.0")
    commit = source.git("rev-parse", "HEAD")
    assert tags(source) == {"light": commit, "v1.0.0": commit, "v2": commit}


def test_a_repository_without_tags_is_no_trouble(tmp_path: Path) -> None:
    assert tags(repository(tmp_path / "empty")) == {}


@pytest.mark.parametrize("tag", ["a/b/c/v1.0", "größe-2", "日本語", "x" * 240, "@scope/pkg@1.0.0", "+--output=x"])
def test_tags_may_be_called_as_people_like(tag: str, source: Repository) -> None:
    source.tag(tag)
    assert tag in tags(source)


def test_a_hundred_thousand_tags_are_listed(source: Repository) -> None:
    commit = source.git("rev-parse", "HEAD")
    refs = sorted(f"refs/tags/v0.{number}.0" for number in range(100_000))
    packed = ["# pack-refs with: peeled fully-peeled sorted", *(f"{commit} {ref}" for ref in refs)]
    (source.folder / ".git" / "packed-refs").write_text("\n".join([*packed, ""]))
    assert len(tags(source)) == 100_001


def test_what_is_not_a_tag_is_left_out() -> None:
    assert peeled(b"aa\trefs/heads/main\nbb\trefs/tags/v1\nwarning: x\n\ncc\trefs/tags/v1^{}\n") == {"v1": "cc"}


def test_a_repository_that_is_away_is_asked_again_later(tmp_path: Path) -> None:
    with pytest.raises(Later, match="git cannot list its tags: fatal:"):
        PlainGit(copy_of(tmp_path, str(tmp_path / "gone"))).tags({})


def test_an_address_that_is_a_file_is_no_repository(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x")
    with pytest.raises(Later, match="git cannot list its tags: fatal:"):
        PlainGit(copy_of(tmp_path, str(tmp_path / "file"))).tags({})


@pytest.mark.parametrize(
    "address",
    [
        "--upload-pack=touch /tmp/x", "-oProxyCommand=x", "ext::sh -c x", "ssh://-oProxyCommand=x/y", "http://a.b/c",
        "git://a.b/c", "ftp://a.b/c", "-x@host:y", "https://me:secret@a.b/c",
    ],
)  # fmt: skip
def test_an_address_is_never_an_option_a_program_or_a_secret(address: str) -> None:
    with pytest.raises(ValidationError):
        Product(title="Acme", git=address, watch="git")


@pytest.mark.parametrize(
    "address",
    ["https://127.0.0.1:9/a.git", "https://169.254.169.254/a", "ssh://git@10.0.0.1/a", "ssh://[::1]/a", "localhost:a"],
)
def test_a_host_of_the_house_is_not_asked(address: str, tmp_path: Path) -> None:
    at = copy_of(tmp_path, address)
    for ask in (at.remote_tags, at.fetch):
        with pytest.raises(GitFailed, match="is not a public address; allow it in"):
            ask()


def test_a_host_of_the_house_is_asked_where_the_organisation_allows_it(tmp_path: Path) -> None:
    with pytest.raises(GitFailed, match="fatal:"):
        copy_of(tmp_path, "https://127.0.0.1:9/a.git", ("127.0.0.0/8",)).remote_tags()


def test_products_of_one_repository_are_looked_at_once_and_each_gets_its_own_tags(
    at: Place, source: Repository
) -> None:
    (first,) = watch(at.world)
    assert "the 1 tags that are there start nothing" in first
    assert watch(at.world) == []
    source.commit("more")
    for tag in ("v1.1.0", "sdk@0.1.0", "nightly"):
        source.tag(tag)
    assert sorted(line.partition(": ")[2].split()[0] for line in watch(at.world)) == ["sdk@0.1.0", "v1.1.0"]
    receipts = [receipt.payload for receipt in at.ledger.receipts.waiting(at.clock() + timedelta(days=1))]
    assert {one["product"]: one["version"] for one in receipts} == {"acme": "1.1.0", "sdk": "0.1.0"}
    assert {one["commit"] for one in receipts} == {source.git("rev-parse", "HEAD")}
    assert watch(at.world) == []


def launched(at: Place, version: str) -> Launch:
    for receipt in at.ledger.receipts.waiting(at.clock() + timedelta(days=1)):
        open_launch(at.world, LaunchRequest.model_validate(receipt.payload))
    return at.launch(f"acme-{version}")


@pytest.fixture
def on_the_way(at: Place, source: Repository, tmp_path: Path) -> Launch:
    """A launch of a tag that was found by watching."""
    (tmp_path / "go.yaml").write_text("checklist: go\nitems: {go: {gate: Go, sign: [1 of launch-managers]}}\n")
    file = tmp_path / "organisation.yaml"
    text = ORGANISATION.replace("title: Acme", "title: Acme, checklists: {major: go, minor: go, patch: go}")
    file.write_text(text + "people: {ada@example.com: {name: Ada, roles: [launch-managers]}}\n")
    object.__setattr__(at.world.settings, "checklists", (tmp_path,))
    watch(at.world)
    source.commit("more")
    source.tag("v1.1.0")
    watch(at.world)
    return launched(at, "1.1.0")


def test_a_tag_that_was_moved_moves_its_launch(at: Place, source: Repository, on_the_way: Launch) -> None:
    source.commit("once more")
    source.tag("v1.1.0")
    watch(at.world)
    assert at.launch(on_the_way.id).release.commit == source.git("rev-parse", "HEAD")


def test_a_tag_that_was_deleted_raises_one_question_and_changes_nothing(
    at: Place, source: Repository, on_the_way: Launch
) -> None:
    source.git("tag", "--delete", "v1.1.0")
    assert watch(at.world) != []
    assert watch(at.world) == []
    launch = at.launch(on_the_way.id)
    assert [question.cause for question in launch.questions.values()] == ["tag-deleted"]
    assert launch.release == on_the_way.release


def test_a_launch_hears_of_its_deleted_tag_also_where_many_were_deleted(
    at: Place, source: Repository, on_the_way: Launch
) -> None:
    old = [f"v0.{number}.0" for number in range(AT_ONCE + 1)]
    for tag in old:
        source.tag(tag)
        watch(at.world)
    source.git("tag", "--delete", "v1.1.0", *old)
    said = " ".join(watch(at.world))
    assert f"{len(old)} release tags are gone at once, which looks like a mistake" in said
    assert [one.cause for one in at.launch(on_the_way.id).questions.values()] == ["tag-deleted"]
    watch(at.world)
    assert len(at.launch(on_the_way.id).questions) == 1
    assert len([one for one in at.ledger.receipts.unclaimed() if "v0." in one.release_key]) == 0


def test_a_host_that_shows_no_tags_any_more_is_not_believed(at: Place, source: Repository, on_the_way: Launch) -> None:
    commits = {tag: source.git("rev-parse", f"{tag}^{{commit}}") for tag in ("v1.0.0", "v1.1.0")}
    source.git("tag", "--delete", *commits)
    (said,) = watch(at.world)
    assert "2 release tags are gone at once, which looks like a mistake" in said
    for tag, commit in commits.items():
        source.git("tag", tag, commit)
    assert watch(at.world) == []
    assert at.launch(on_the_way.id).questions == {}


def test_a_branch_that_was_forced_back_starts_nothing(at: Place, source: Repository) -> None:
    watch(at.world)
    source.git("commit", "--amend", "--quiet", "--allow-empty", "--message=rewritten")
    assert watch(at.world) == []


def test_a_launch_hears_of_its_moved_tag_also_where_all_tags_were_moved(
    at: Place, source: Repository, on_the_way: Launch
) -> None:
    """As where somebody has rewritten the history."""
    old = [f"v0.{number}.0" for number in range(AT_ONCE)]
    for tag in old:
        source.tag(tag)
        watch(at.world)
    source.commit("once more")
    for tag in ("v1.1.0", "v1.0.0", *old):
        source.tag(tag)
    said = " ".join(watch(at.world))
    assert "11 new tags at once" in said
    assert at.launch(on_the_way.id).release.commit == source.git("rev-parse", "HEAD")

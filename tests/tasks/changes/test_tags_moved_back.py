"""A tag that goes back to where it was is followed, or asked about; an old event that comes late is neither."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from checklists.organisation import Product
from ledger.receipts import Receipt
from ledger.watches import Watch
from tasks.changes.mirror import mirror
from tasks.changes.moved_tags import AWAY, SETTLED, follow
from tasks.intake.receiving import keep
from tasks.intake.told import Host, Tagged
from tasks.patrol import patrol
from tasks.watching.hosts import GitHub, PlainGit
from tasks.watching.keys import watch_key
from tasks.watching.look import look
from tests.peers.code_host import CodeHost
from tests.tasks.bound import edit
from tests.tasks.changes.repository import Repository
from tests.tasks.changes.test_moved_tags import push_on
from tests.tasks.changes.test_retagging import NAME, at, commit, opened, source
from tests.tasks.worlds import Place

__all__ = ["at", "source"]


def tell(at: Place, to: str, before: str | None = None, delivery: str = "1", host: Host = "github") -> Receipt | None:
    """One event of the tag, followed as far as it goes; the receipt that it left to be followed."""
    product = {"repository": "example-org/acme"} if host == "github" else {"product": "acme"}
    told = Tagged(host=host, tag="v1.1.0", commit=to, before=before, **product)
    kept = keep(at.world, told, "push", delivery, delivery)
    if kept.follow is None:
        return None
    follow(at.world, kept.follow)
    return at.ledger.receipts.find(kept.follow)


def later(at: Place, time: timedelta = SETTLED) -> None:
    at.clock.wait(time + timedelta(seconds=11))
    patrol(at.world)


def questions(at: Place) -> list[tuple[str, str | None]]:
    launch = at.launch(NAME)
    return [(launch.questions[key].cause, launch.questions[key].commit) for key in launch.unanswered]


@pytest.fixture
def moved(at: Place, source: Repository) -> tuple[str, str]:
    """A launch that has followed its tag: where the tag was first, and where it is now."""
    edit(at, "{title: Acme,", "{title: Acme, repository: example-org/acme,")
    old = commit(source, "v1.1.0")
    tell(at, old)
    opened(at, old)
    new = push_on(source)
    tell(at, new, old, "2")
    assert at.launch(NAME).release.commit == new
    return old, new


@pytest.fixture
def alone(at: Place, source: Repository, moved: tuple[str, str]) -> tuple[str, str]:
    """The same, of a product that names no git."""
    edit(at, f", git: {source.folder}", "")
    return moved


@pytest.mark.parametrize("says_so", [True, False])
def test_a_tag_that_is_back_is_followed_where_git_says_so(
    at: Place, source: Repository, moved: tuple[str, str], says_so: bool
) -> None:
    old, new = moved
    source.git("tag", "--force", "v1.1.0", old)
    kept = tell(at, old, new if says_so else None, "3")
    assert kept
    assert kept.state == "new"
    later(at)
    assert (at.launch(NAME).release.commit, questions(at)) == (old, [("tag-moved", old)])
    source.git("tag", "--force", "v1.1.0", new)
    tell(at, new, old, "4")
    later(at)
    assert (at.launch(NAME).release.commit, questions(at)) == (new, [("tag-moved", new)])


def test_an_old_event_that_comes_late_asks_nothing_where_git_knows_better(at: Place, moved: tuple[str, str]) -> None:
    old, new = moved
    asked = questions(at)
    for _ in range(2):
        kept = tell(at, old, None, "1")
        later(at)
        assert kept
        receipt = at.ledger.receipts.find(kept.release_key)
        assert receipt
        assert (receipt.state, at.launch(NAME).release.commit, questions(at)) == ("ignored", new, asked)


def test_nor_does_it_hide_that_the_tag_goes_back_later(at: Place, source: Repository, moved: tuple[str, str]) -> None:
    old, new = moved
    tell(at, old, None, "1")
    later(at)
    source.git("tag", "--force", "v1.1.0", old)
    tell(at, old, new, "3")
    later(at)
    assert at.launch(NAME).release.commit == old


@pytest.mark.parametrize(("host", "before"), [("github", True), ("release", False)])
def test_without_git_people_are_asked(at: Place, alone: tuple[str, str], host: Host, before: bool) -> None:
    old, new = alone
    if host == "release":
        tell(at, old, None, "first", host)
    tell(at, old, new if before else None, "another", host)
    assert (at.launch(NAME).release.commit, questions(at)[-1]) == (new, ("tag-moved", old))


@pytest.mark.parametrize("host", ["github", "release"])
def test_without_git_an_old_event_that_comes_late_asks_nothing(at: Place, alone: tuple[str, str], host: Host) -> None:
    old, new = alone
    if host == "release":
        tell(at, old, None, "1", host)
    asked = questions(at)
    assert not tell(at, old, None, "1", host)
    later(at)
    assert (at.launch(NAME).release.commit, questions(at)) == (new, asked)


def test_where_git_is_away_for_long_people_are_asked(at: Place, source: Repository, moved: tuple[str, str]) -> None:
    old, new = moved
    edit(at, str(source.folder), f"{source.folder}-gone")
    kept = tell(at, old, new, "3")
    later(at)
    assert kept
    assert kept.state == "new"
    assert ("tag-moved", old) not in questions(at)
    later(at, AWAY)
    assert ("tag-moved", old) in questions(at)


@pytest.mark.parametrize("way", ["git", "rest"])
def test_watching_sees_it_too(at: Place, source: Repository, moved: tuple[str, str], way: str) -> None:
    old, new = moved
    product = Product(title="Acme", repository="example-org/acme", watch="rest")
    if way == "git":
        product = product.model_copy(update={"git": str(source.folder), "watch": "git"})
    else:
        edit(at, f", git: {source.folder}", "")
    at.ledger.watches.keep(replace(Watch(watch_key(product)), tags={"v1.1.0": new}, looked_at=at.clock()))
    source.git("tag", "--force", "v1.1.0", old)
    with CodeHost() as peer:
        peer.tags["v1.1.0"] = old
        here = (
            PlainGit(mirror(at.world.settings, str(source.folder), 20, ()))
            if way == "git"
            else GitHub("example-org/acme", peer.host)
        )
        look(at.world, [product], here)
    later(at)
    assert at.launch(NAME).release.commit == (old if way == "git" else new)
    assert ("tag-moved", old) in questions(at)

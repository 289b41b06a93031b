"""A tag that was moved: kept at once, followed once, whatever the order, and never lost."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path

import pytest

from checklists.commands import Abandon
from checklists.request import LaunchRequest
from ledger.receipts import Receipt
from tasks.act import act
from tasks.changes.moved_tags import SETTLED, follow, is_same, keep_move
from tasks.patrol import patrol
from tests.checklists.launches import EVE
from tests.tasks.bound import edit
from tests.tasks.changes.repository import Repository
from tests.tasks.changes.test_retagging import NAME, at, commit, opened, source
from tests.tasks.worlds import Place

__all__ = ["at", "source"]
KEY = "github:example-org/acme:v1.1.0"
GONE = "9f2c" * 10


def told(commit: str | None) -> LaunchRequest:
    return LaunchRequest(product="acme", version="1.1.0", tag="v1.1.0", commit=commit, receipt=KEY)


def push(at: Place, to: str | None) -> str | None:
    return keep_move(at.world, told(to), "github", "delivery-1")


def first(at: Place, commit: str | None, state: str = "new") -> None:
    """The receipt of the tag's first event."""
    at.ledger.receipts.keep(
        Receipt(
            release_key=KEY,
            source="github",
            delivery_id="delivery-0",
            event="push",
            payload=told(commit).model_dump(mode="json"),
            received_at=at.clock(),
        )
    )
    at.ledger.receipts.settle(KEY, state, reason="because" if state == "ignored" else "")  # type: ignore[arg-type]


def state_of(at: Place, key: str) -> tuple[str, str]:
    receipt = at.ledger.receipts.find(key)
    assert receipt is not None
    return receipt.state, receipt.reason


def push_on(source: Repository) -> str:
    """A new commit, and the tag on it."""
    new = source.commit("fix: a crash", {"src/app.py": "three\n"})
    source.tag("v1.1.0")
    return new


def test_another_commit_is_kept_before_anything_is_done(at: Place, source: Repository) -> None:
    old = commit(source, "v1.1.0")
    launch, new = opened(at, old), push_on(source)
    key = push(at, new)
    assert key == f"{KEY}@{new}"
    assert state_of(at, key) == ("new", "")
    assert at.launch(NAME).seq == launch.seq


def test_a_move_is_followed_once(at: Place, source: Repository) -> None:
    opened(at, commit(source, "v1.1.0"))
    new = push_on(source)
    key = push(at, new)
    assert key is not None
    assert follow(at.world, key) == f"{NAME}: is {new[:12]} now; its tag was moved"
    assert state_of(at, key) == ("started", "")
    launch = at.launch(NAME)
    assert (launch.release.commit, launch.items["qa"].round, launch.items["docs"].round) == (new, 2, 1)
    assert follow(at.world, key) == ""
    assert push(at, new) is None
    assert at.launch(NAME).seq == launch.seq


def test_the_same_commit_is_no_news(at: Place, source: Repository) -> None:
    old = commit(source, "v1.1.0")
    opened(at, old[:10])
    assert push(at, old) is None
    assert push(at, None) is None


def test_a_late_redelivery_of_a_commit_the_launch_has_left_changes_nothing(at: Place, source: Repository) -> None:
    old = commit(source, "v1.1.0")
    opened(at, old)
    key = push(at, push_on(source))
    follow(at.world, key or "")
    again = push(at, old)
    assert again
    at.clock.wait(SETTLED)
    patrol(at.world)
    assert at.launch(NAME).release.commit == commit(source, "HEAD")
    assert state_of(at, again)[0] == "ignored"


def test_a_move_that_nobody_followed_is_followed_by_the_patrol(at: Place, source: Repository) -> None:
    opened(at, commit(source, "v1.1.0"))
    new = push_on(source)
    key = push(at, new)
    assert key is not None
    at.clock.wait(timedelta(seconds=11))
    patrol(at.world)
    assert at.launch(NAME).release.commit == new
    assert state_of(at, key)[0] == "started"


def test_a_tag_that_moves_before_its_launch_begins_is_followed_when_it_has(at: Place, source: Repository) -> None:
    old = commit(source, "v1.1.0")
    first(at, old)
    new = push_on(source)
    key = push(at, new)
    assert key is not None
    assert follow(at.world, key) == ""
    assert state_of(at, key)[0] == "new"
    opened(at, old)
    follow(at.world, key)
    assert at.launch(NAME).release.commit == new


def test_a_move_of_a_release_that_starts_no_launch_is_put_away(at: Place, source: Repository) -> None:
    first(at, commit(source, "v1.1.0"), "ignored")
    key = push(at, push_on(source))
    assert key is not None
    assert "has no launch" in follow(at.world, key)
    assert state_of(at, key) == ("ignored", "the release it belongs to has no launch")


def test_a_first_event_without_a_commit_is_no_move(at: Place, source: Repository) -> None:
    first(at, None)
    assert push(at, commit(source, "v1.1.0")) is None


def test_a_launch_that_is_over_stays_as_it_is_and_says_so(at: Place, source: Repository) -> None:
    opened(at, commit(source, "v1.1.0"))
    act(at.world, NAME, Abandon(by=EVE, reason="enough"))
    seq = at.launch(NAME).seq
    key = push(at, push_on(source))
    assert key is not None
    follow(at.world, key)
    assert "nothing can be changed any more" in state_of(at, key)[1]
    assert at.launch(NAME).seq == seq


def test_without_git_the_event_is_believed_and_everything_bound_to_code_is_open_again(
    at: Place, source: Repository
) -> None:
    opened(at, commit(source, "v1.1.0"))
    edit(at, str(source.folder), f"{source.folder}-gone")
    key = push(at, GONE)
    follow(at.world, key or "")
    launch = at.launch(NAME)
    assert (launch.release.commit, launch.unread != "") == (GONE, True)
    assert {launch.items[key].round for key in ("qa", "source", "docs")} == {2}


def test_events_in_the_wrong_order_end_where_the_tag_is(at: Place, source: Repository) -> None:
    opened(at, commit(source, "v1.1.0"))
    second = push_on(source)
    third = source.commit("fix: another crash", {"src/app.py": "four\n"})
    source.tag("v1.1.0")
    late, early = push(at, third), push(at, second)
    assert late
    assert early
    follow(at.world, late)
    assert at.launch(NAME).release.commit == third
    assert "is asked once more" in follow(at.world, early)
    at.clock.wait(SETTLED)
    patrol(at.world)
    assert at.launch(NAME).release.commit == third
    assert state_of(at, early)[0] == "started"


def test_a_host_that_shows_the_old_tag_for_a_while_is_no_reason_to_go_back(at: Place, source: Repository) -> None:
    opened(at, commit(source, "v1.1.0"))
    new = source.commit("fix: a crash", {"src/app.py": "three\n"})
    key = push(at, new)
    assert key is not None
    follow(at.world, key)
    assert at.launch(NAME).release.commit == new
    assert state_of(at, key)[0] == "new"
    source.tag("v1.1.0")
    follow(at.world, key)
    assert state_of(at, key)[0] == "started"
    assert len(at.launch(NAME).past_commits) == 1


def test_one_move_that_many_follow_at_once_is_one(at: Place, source: Repository) -> None:
    opened(at, commit(source, "v1.1.0"))
    key = push(at, push_on(source))
    assert key is not None
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda _: follow(at.world, key), range(8)))
    assert at.launch(NAME).items["qa"].round == 2
    assert len(at.launch(NAME).past_commits) == 1


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [("9f2c0d1", GONE, False), ("9f2c9f2", GONE, True), (GONE, GONE, True), ("9f2c", GONE, False), ("", GONE, False)],
)
def test_a_short_hash_is_the_same_commit(one: str, other: str, same: bool) -> None:
    assert is_same(one, other) is same
    assert is_same(other, one) is same


def test_a_key_nobody_knows_is_nothing_to_follow(at: Place, tmp_path: Path) -> None:
    assert follow(at.world, "github:a/b:v1@0") == ""

"""Notes written back to a GitHub that behaves like the real one, down to its refusals. Twice is once."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date

import pytest

from checklists.checklist import Checklist
from checklists.launch import Launch
from checklists.notes.published import NotOurs
from tasks.writing_back.github import GitHub, NotPublished
from tasks.writing_back.places import to_changelog, to_release
from tests.checklists.launches import begun, start
from tests.peers.github import REPOSITORY, TOKEN, GitHubPeer

DAY = date(2026, 11, 25)
WORDS = "## New\n\n- Reports come every night.\n"
BRANCH = "tminus/changelog-2.4.0"
OLD = "# Changelog\n\n## 2.3.1 - 2026-10-01\n\n- Links end at midnight.\n"
CHECKLIST = Checklist.model_validate(
    {"checklist": "x", "items": {"go": {"gate": "Go", "sign": ["1 of launch-managers"]}}}
)


def the_launch(tag: str | None = "v2.4.0") -> Launch:
    made = begun(start(CHECKLIST, version="2.4.0", on=None))
    return replace(made, release=made.release.model_copy(update={"tag": tag}))


LAUNCH = the_launch()


@pytest.fixture
def peer() -> Iterator[GitHubPeer]:
    with GitHubPeer() as made:
        made.branches["main"]["CHANGELOG.md"] = OLD
        made.release("v2.4.0", "What we say by hand.\r\n")
        yield made


def hub(peer: GitHubPeer, token: str = TOKEN, repository: str = REPOSITORY) -> GitHub:
    return GitHub(peer.host, repository, token)


def test_a_release_says_the_notes_below_what_people_wrote_there(peer: GitHubPeer) -> None:
    done = to_release(hub(peer), LAUNCH, WORDS)
    assert done.is_new
    assert done.url.endswith("/releases/tag/v2.4.0")
    body = str(peer.releases["v2.4.0"]["body"])
    assert body.startswith("What we say by hand.")
    assert "- Reports come every night." in body
    assert not to_release(hub(peer), LAUNCH, WORDS).is_new
    assert peer.writes == [f"PATCH /repos/{REPOSITORY}/releases/1"]


def test_a_release_without_a_description_takes_the_notes(peer: GitHubPeer) -> None:
    peer.release("v2.4.0", None)
    to_release(hub(peer), LAUNCH, WORDS)
    assert "Reports come every night." in str(peer.releases["v2.4.0"]["body"])


def test_line_ends_of_the_web_form_are_no_change(peer: GitHubPeer) -> None:
    to_release(hub(peer), LAUNCH, WORDS)
    peer.releases["v2.4.0"]["body"] = str(peer.releases["v2.4.0"]["body"]).replace("\r\n", "\n").replace("\n", "\r\n")
    done = to_release(hub(peer), LAUNCH, "## New\n\n- Other words.\n")
    assert done.is_new
    assert str(peer.releases["v2.4.0"]["body"]).startswith("What we say by hand.\r\n")


def test_a_tag_without_a_release_or_a_launch_without_a_tag_has_no_place(peer: GitHubPeer) -> None:
    peer.releases.clear()
    with pytest.raises(NotPublished, match=r"there is no release v2\.4\.0"):
        to_release(hub(peer), LAUNCH, WORDS)
    with pytest.raises(NotPublished, match="has no tag"):
        to_release(hub(peer), the_launch(None), WORDS)


def test_a_strange_tag_is_no_other_address(peer: GitHubPeer) -> None:
    with pytest.raises(NotPublished, match="there is no release"):
        to_release(hub(peer), the_launch("../../x?y#z"), WORDS)
    assert peer.received[-1].path == f"/repos/{REPOSITORY}/releases/tags/..%2F..%2Fx%3Fy%23z"


def test_the_changelog_is_changed_by_pull_request_once(peer: GitHubPeer) -> None:
    first = to_changelog(hub(peer), LAUNCH, WORDS, DAY)
    assert first.url == f"https://github.com/{REPOSITORY}/pull/1"
    assert peer.branches["main"]["CHANGELOG.md"] == OLD
    assert "## 2.4.0 - 2026-11-25" in peer.branches[BRANCH]["CHANGELOG.md"]
    assert OLD.partition("\n\n")[2] in peer.branches[BRANCH]["CHANGELOG.md"]
    count = len(peer.writes)
    again = to_changelog(hub(peer), LAUNCH, WORDS, DAY)
    assert (again.url, again.is_new, len(peer.writes)) == (first.url, False, count)


def test_other_words_renew_the_same_pull_request(peer: GitHubPeer) -> None:
    first = to_changelog(hub(peer), LAUNCH, WORDS, DAY)
    second = to_changelog(hub(peer), LAUNCH, "## New\n\n- Better.\n", DAY)
    assert (second.url, second.is_new) == (first.url, True)
    assert "- Better." in peer.branches[BRANCH]["CHANGELOG.md"]
    assert len(peer.pulls) == 1


def test_once_it_is_merged_nothing_is_written_any_more(peer: GitHubPeer) -> None:
    to_changelog(hub(peer), LAUNCH, WORDS, DAY)
    peer.branches["main"] = peer.branches.pop(BRANCH)
    peer.pulls[0] |= {"state": "closed", "merged_at": "2026-11-25T12:00:00Z"}
    count = len(peer.writes)
    assert not to_changelog(hub(peer), LAUNCH, WORDS, DAY).is_new
    assert len(peer.writes) == count


def test_a_pull_request_that_somebody_closed_is_theirs_to_open(peer: GitHubPeer) -> None:
    to_changelog(hub(peer), LAUNCH, WORDS, DAY)
    peer.pulls[0]["state"] = "closed"
    with pytest.raises(NotPublished, match="somebody closed"):
        to_changelog(hub(peer), LAUNCH, WORDS, DAY)
    assert len(peer.pulls) == 1


def test_a_repository_without_a_changelog_gets_one(peer: GitHubPeer) -> None:
    peer.branches["main"].clear()
    to_changelog(hub(peer), LAUNCH, WORDS, DAY)
    assert peer.branches[BRANCH]["CHANGELOG.md"].startswith("# Changelog\n")


def test_who_wrote_to_the_file_meanwhile_is_not_written_over(peer: GitHubPeer) -> None:
    peer.behind = [OLD + "\n- And more.\n"]
    to_changelog(hub(peer), LAUNCH, WORDS, DAY)
    assert "- And more." in peer.branches[BRANCH]["CHANGELOG.md"]
    assert "every night" in peer.branches[BRANCH]["CHANGELOG.md"]


def test_a_file_that_never_rests_is_given_up(peer: GitHubPeer) -> None:
    peer.behind = [f"{OLD}\n- {number}\n" for number in range(9)]
    with pytest.raises(NotPublished, match="kept changing under us"):
        to_changelog(hub(peer), LAUNCH, WORDS, DAY)


def test_a_pull_request_that_appears_meanwhile_is_found(peer: GitHubPeer) -> None:
    to_changelog(hub(peer), LAUNCH, WORDS, DAY)
    peer.hidden_once = True  # as where two publish at once: it was not there when we looked
    again = to_changelog(hub(peer), LAUNCH, WORDS, DAY)
    assert (again.url, len(peer.pulls)) == (f"https://github.com/{REPOSITORY}/pull/1", 1)


def test_a_dry_run_shows_and_writes_nothing(peer: GitHubPeer) -> None:
    shown = to_changelog(hub(peer), LAUNCH, WORDS, DAY, is_dry=True)
    said = to_release(hub(peer), LAUNCH, WORDS, is_dry=True)
    assert "## 2.4.0 - 2026-11-25" in shown.text
    assert "every night" in said.text
    assert peer.writes == []


def test_nothing_of_a_rehearsal_is_written_anywhere(peer: GitHubPeer) -> None:
    rehearsal = replace(LAUNCH, rehearsal=True)
    with pytest.raises(NotPublished, match="is a rehearsal, and nothing of it is published"):
        to_release(hub(peer), rehearsal, WORDS)
    with pytest.raises(NotPublished, match="is a rehearsal"):
        to_changelog(hub(peer), rehearsal, WORDS, DAY)
    assert peer.received == []
    assert "every night" in to_changelog(hub(peer), rehearsal, WORDS, DAY, is_dry=True).text
    assert peer.writes == []


def test_a_section_that_people_wrote_stays_theirs(peer: GitHubPeer) -> None:
    peer.branches["main"]["CHANGELOG.md"] = "# Changelog\n\n## [2.4.0] - 2026-11-25\n\n- By hand.\n"
    with pytest.raises(NotOurs):
        to_changelog(hub(peer), LAUNCH, WORDS, DAY)
    assert peer.writes == []


@pytest.mark.parametrize(
    ("mode", "said"),
    [
        ("limited", "has had enough of us"),
        ("broken", r"is in trouble \(502\)"),
        ("html", "something else than JSON"),
        ("drop", "does not answer"),
        ("moved", r"has moved \(301\)"),
        ("list", "in a way that is not understood"),
    ],
)
def test_every_mood_of_github_is_one_sentence_and_loses_nothing(peer: GitHubPeer, mode: str, said: str) -> None:
    peer.answer(mode)
    with pytest.raises(NotPublished, match=said):
        to_release(hub(peer), LAUNCH, WORDS)
    with pytest.raises(NotPublished, match=said):
        to_changelog(hub(peer), LAUNCH, WORDS, DAY)
    assert peer.writes == []
    assert peer.releases["v2.4.0"]["body"] == "What we say by hand.\r\n"


def test_a_bad_token_and_a_hidden_repository_are_told_apart_and_the_token_is_never_said(peer: GitHubPeer) -> None:
    with pytest.raises(NotPublished, match="does not let us write") as refused:
        to_release(hub(peer, "ghp_wrong"), LAUNCH, WORDS)
    assert "ghp_wrong" not in f"{refused.value} {hub(peer, 'ghp_wrong')!r}"
    with pytest.raises(NotPublished, match="there is no release"):
        to_release(hub(peer, repository="example-org/other"), LAUNCH, WORDS)


@pytest.mark.parametrize("moment", range(1, 8))
def test_trouble_at_any_moment_is_made_good_by_the_next_try(peer: GitHubPeer, moment: int) -> None:
    peer.answer(*["accept"] * moment, "broken", "accept")
    try:
        to_changelog(hub(peer), LAUNCH, WORDS, DAY)
    except NotPublished:
        peer.answer("accept")
        to_changelog(hub(peer), LAUNCH, WORDS, DAY)
    assert len(peer.pulls) == 1
    assert peer.branches[BRANCH]["CHANGELOG.md"].count("every night") == 1

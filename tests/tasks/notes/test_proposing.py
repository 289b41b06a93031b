"""Notes put under review: one pull request whatever happens, and nothing in it that a person wrote is lost."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from pydantic import SecretStr

from checklists import commands as c
from checklists.checklist import Checklist
from checklists.launch import ItemState
from checklists.review_entries import UnderReview
from tasks.act import act
from tasks.boards.table_text import table
from tasks.notes import taking_over
from tasks.notes.editing import base_of, saving
from tasks.notes.proposing import OFTEN, propose
from tasks.notes.taking_over import take_over
from tasks.patrol import patrol
from tasks.view import show
from tasks.writing_back import github
from tests.checklists.launches import DAN, EVE
from tests.peers.github import REPOSITORY, TOKEN, GitHubPeer
from tests.tasks.changes.repository import BEN, Repository
from tests.tasks.notes.test_drafting import NAME, begun, draft, repo
from tests.tasks.worlds import Place, place

__all__ = ["repo"]
BRANCH, FILE = "tminus/notes-acme-2.0.0", "docs/releases/2.0.0.customer.md"
PULL = f"https://github.com/{REPOSITORY}/pull/1"
DRAFT = "## New\n\n- Reports come by themselves, every night.\n"
BETTER = "## New\n\n- Your reports come every night. Ben wrote this.\n"
BOTH = Checklist.model_validate(
    {"checklist": "x", "items": {"notes": {"notes": {"audiences": ["customer", "developer"]}, "owner": "docs"}}}
)


@pytest.fixture
def peer() -> Iterator[GitHubPeer]:
    with GitHubPeer() as made:
        yield made


@pytest.fixture
def at(tmp_path: Path, repo: Repository, peer: GitHubPeer) -> Iterator[Place]:
    made = place(tmp_path, github_token=SecretStr(TOKEN), github_api=peer.host)
    file = tmp_path / "organisation.yaml"
    of = f"{{title: Acme, git: {repo.folder}, repository: {REPOSITORY}, review-notes: [customer, developer]}}"
    file.write_text(file.read_text().replace("{title: Acme}", of))
    yield made
    made.ledger.dispose()


def state_of(at: Place) -> ItemState:
    return at.launch(NAME).items["notes"]


def proposed(at: Place) -> list[str]:
    """What a round of the patrol says, some time after the last one."""
    at.clock.wait(OFTEN + timedelta(seconds=1))
    return propose(at.world, at.launch(NAME))


def under_review(at: Place, repo: Repository) -> None:
    begun(at, repo)
    draft(at)
    assert proposed(at) == [f"{NAME}: notes: under review in {PULL}"]


def retagged(at: Place, repo: Repository, subject: str) -> None:
    repo.commit(subject, body=f"Release-Note: {subject.partition(': ')[2]}.")
    repo.git("tag", "--force", "v2.0.0")
    head = repo.git("rev-parse", "v2.0.0^{}")
    difference = at.launch(NAME).difference
    assert difference is not None
    act(at.world, NAME, c.Retag(by=EVE, commit=head, difference=difference.model_copy(update={"head": head})))
    draft(at)


def saved(at: Place, words: str) -> None:
    state = state_of(at)
    base = base_of(state, "customer")
    act(at.world, NAME, saving(at.world, at.launch(NAME), state, "customer", words, by=DAN, base=base))


def test_the_files_are_put_on_a_branch_with_one_pull_request(at: Place, repo: Repository, peer: GitHubPeer) -> None:
    under_review(at, repo)
    assert peer.branches[BRANCH] == {FILE: DRAFT}  # what the house reads stays in the house
    assert peer.branches["main"] == {}
    (asked,) = [one.body for one in peer.received if one.path.endswith("/pulls") and one.method == "POST"]
    assert asked["title"] == "Notes of Acme 2.0.0"
    assert "for customer." in asked["body"]
    assert (asked["head"], asked["base"]) == (BRANCH, "main")
    count = len(peer.writes)
    assert proposed(at) == []
    assert (len(peer.writes), len(peer.pulls)) == (count, 1)


def test_the_item_tells_where_it_is(at: Place, repo: Repository) -> None:
    under_review(at, repo)
    (row,) = table(at.launch(NAME))
    assert row["said"].endswith(f"under review in {PULL}")
    assert show(at.launch(NAME))["items"]["notes"]["review"] == {"url": PULL, "standing": "open"}


def test_the_patrol_sees_to_it(at: Place, repo: Repository, peer: GitHubPeer) -> None:
    begun(at, repo)
    draft(at)
    assert f"{NAME}: notes: under review in {PULL}" in patrol(at.world).said
    peer.pulls[0]["state"] = "closed"
    at.clock.wait(OFTEN + timedelta(seconds=1))
    assert f"{NAME}: notes: somebody closed {PULL}; the words are edited here" in patrol(at.world).said


def test_the_host_is_asked_now_and_then(at: Place, repo: Repository, peer: GitHubPeer) -> None:
    under_review(at, repo)
    count = len(peer.received)
    assert propose(at.world, at.launch(NAME)) == []
    assert len(peer.received) == count


def test_a_new_draft_renews_what_nobody_edited(at: Place, repo: Repository, peer: GitHubPeer) -> None:
    under_review(at, repo)
    retagged(at, repo, "feat: sort by name")
    assert proposed(at) == []
    assert peer.branches[BRANCH][FILE] == state_of(at).wordings["customer"].words
    assert "Sort by name" in peer.branches[BRANCH][FILE]
    assert len(peer.pulls) == 1


def test_what_a_person_wrote_in_the_branch_stays_and_new_changes_are_added(
    at: Place, repo: Repository, peer: GitHubPeer
) -> None:
    under_review(at, repo)
    peer.branches[BRANCH][FILE] = BETTER.replace("\n", "\r\n")
    assert proposed(at) == []
    assert peer.branches[BRANCH][FILE] == BETTER.replace("\n", "\r\n")
    retagged(at, repo, "feat: sort by name")
    proposed(at)
    assert peer.branches[BRANCH][FILE] == f"{BETTER}- Sort by name.\n"
    count = len(peer.writes)
    proposed(at)
    assert len(peer.writes) == count


def test_what_has_vanished_is_marked_in_a_text_of_theirs(at: Place, repo: Repository, peer: GitHubPeer) -> None:
    under_review(at, repo)
    peer.branches[BRANCH][FILE] = f"{DRAFT}\nBen says hello.\n"
    gone = repo.git("rev-parse", "HEAD~1")
    repo.commit('Revert "feat: write reports every night"', body=f"This reverts commit {gone}.")
    retagged(at, repo, "feat: sort by name")
    proposed(at)
    said = peer.branches[BRANCH][FILE]
    assert "every night. *(no longer part of this release)*" in said
    assert "Ben says hello." in said
    assert "Sort by name." in said


def test_who_writes_to_the_branch_in_that_moment_is_not_written_over(
    at: Place, repo: Repository, peer: GitHubPeer
) -> None:
    under_review(at, repo)
    retagged(at, repo, "feat: sort by name")
    peer.behind = [BETTER]
    proposed(at)
    assert peer.branches[BRANCH][FILE] == f"{BETTER}- Sort by name.\n"


def test_words_that_are_saved_here_go_into_the_branch(at: Place, repo: Repository, peer: GitHubPeer) -> None:
    under_review(at, repo)
    saved(at, "Dan's own words.\n")
    proposed(at)
    assert peer.branches[BRANCH][FILE] == "Dan's own words.\n"


def test_a_file_that_somebody_took_out_stays_out(at: Place, repo: Repository, peer: GitHubPeer) -> None:
    under_review(at, repo)
    del peer.branches[BRANCH][FILE]
    retagged(at, repo, "feat: sort by name")
    proposed(at)
    assert peer.branches[BRANCH] == {}


def test_one_that_somebody_closed_is_not_opened_again(at: Place, repo: Repository, peer: GitHubPeer) -> None:
    under_review(at, repo)
    peer.pulls[0]["state"] = "closed"
    assert proposed(at) == [f"{NAME}: notes: somebody closed {PULL}; the words are edited here"]
    assert "somebody closed" in table(at.launch(NAME))[0]["said"]
    retagged(at, repo, "feat: sort by name")
    count = len(peer.received)
    assert proposed(at) == []
    assert (len(peer.received), len(peer.pulls)) == (count, 1)


def test_one_that_was_closed_before_we_heard_of_it_is_an_answer_as_well(
    at: Place, repo: Repository, peer: GitHubPeer
) -> None:
    begun(at, repo)
    draft(at)
    peer.answer(*["accept"] * 8, "lost", "accept")
    assert "does not answer" in proposed(at)[0]
    peer.pulls[0]["state"] = "closed"
    assert "somebody closed" in proposed(at)[0]
    assert len(peer.pulls) == 1


def test_a_merged_one_is_over_and_its_words_are_of_who_wrote_them(
    at: Place, repo: Repository, peer: GitHubPeer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(taking_over, "OFTEN", 0)
    under_review(at, repo)
    repo.commit("Notes of Acme 2.0.0 (#1)", {FILE: peer.branches[BRANCH][FILE]}, by=BEN)
    peer.branches["main"] = peer.branches.pop(BRANCH)
    peer.pulls[0] |= {"state": "closed", "merged_at": "2026-11-25T12:00:00Z"}
    take_over(at.world, at.launch(NAME))
    assert proposed(at) == [f"{NAME}: notes: reviewed in {PULL}"]
    assert state_of(at).wordings["customer"].where.startswith(FILE)
    assert "ben@example.com" not in state_of(at).writers  # whose token it is wrote none of it
    retagged(at, repo, "feat: sort by name")
    count = len(peer.received)
    assert proposed(at) == []
    assert (len(peer.received), len(peer.pulls)) == (count, 1)


def test_what_a_person_put_there_before_is_not_put_there_again(at: Place, repo: Repository, peer: GitHubPeer) -> None:
    peer.branches["main"][FILE] = BETTER
    begun(at, repo)
    draft(at)
    assert proposed(at) == []
    assert peer.writes == []


def test_a_secret_goes_nowhere(at: Place, repo: Repository, peer: GitHubPeer) -> None:
    begun(at, repo)
    draft(at)
    saved(at, "- The key is AKIAIOSFODNN7EXAMPLE now.\n")
    assert proposed(at) == []
    assert peer.writes == []


def test_nothing_of_a_rehearsal_is_put_under_review(at: Place, repo: Repository, peer: GitHubPeer) -> None:
    begun(at, repo, rehearsal=True)
    draft(at)
    assert proposed(at) == []
    assert peer.writes == []


def test_without_a_word_of_the_product_nothing_is_put_under_review(
    at: Place, repo: Repository, peer: GitHubPeer
) -> None:
    file = at.world.organisation_file.file
    file.write_text(file.read_text().replace(", review-notes: [customer, developer]", ""))
    begun(at, repo)
    draft(at)
    assert proposed(at) == []
    assert peer.writes == []


def test_a_pull_request_that_the_host_hides_is_not_made_twice(at: Place, repo: Repository, peer: GitHubPeer) -> None:
    begun(at, repo)
    draft(at)
    peer.answer(*["accept"] * 8, "lost", "accept")
    proposed(at)
    peer.hidden_once = True
    assert proposed(at) == [f"{NAME}: notes: under review in {PULL}"]
    peer.pulls.clear()
    assert "does not show" in proposed(at)[0]
    assert peer.pulls == []


@pytest.mark.parametrize(
    ("mode", "said"),
    [
        ("forbidden", "does not let us write"),
        ("missing", "shows us no"),
        ("limited", "has had enough of us"),
        ("broken", r"is in trouble (502)"),
        ("html", "something else than JSON"),
        ("drop", "does not answer"),
        ("lost", "does not answer"),
        ("hang", "does not answer"),
        ("moved", "has moved (301)"),
    ],
)
@pytest.mark.parametrize("moment", range(9))
def test_trouble_at_any_moment_is_said_and_made_good_later(
    at: Place, repo: Repository, peer: GitHubPeer, mode: str, said: str, moment: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(github, "PATIENCE", 0.3)
    begun(at, repo)
    draft(at)
    peer.answer(*["accept"] * moment, mode, "accept")
    (first,) = proposed(at)
    assert TOKEN not in first
    assert (said in first) or (mode == "missing" and first == f"{NAME}: notes: under review in {PULL}")
    peer.let_go()
    proposed(at)
    assert peer.branches[BRANCH] == {FILE: DRAFT}
    assert (len(peer.pulls), peer.pulls[0]["state"]) == (1, "open")
    review = state_of(at).review
    assert review is not None
    assert (review.url, review.standing) == (PULL, "open")
    assert [one.kind for one in at.ledger.read(NAME)].count("under-review") == 1


def test_a_refusal_of_the_host_is_one_sentence_and_asked_again_later(
    at: Place, repo: Repository, peer: GitHubPeer
) -> None:
    begun(at, repo)
    draft(at)
    peer.answer("forbidden")
    (said,) = proposed(at)
    assert said.startswith(f"{NAME}: notes are not put under review: ")
    assert state_of(at).review is None
    assert propose(at.world, at.launch(NAME)) == []


def test_the_record_says_it_once(at: Place, repo: Repository) -> None:
    under_review(at, repo)
    told = [one.data for one in at.ledger.read(NAME) if isinstance(one.data, UnderReview)]
    assert [(one.url, set(one.files)) for one in told] == [(PULL, {"customer"})]


def test_a_repository_that_is_away_marks_nothing_in_what_a_person_wrote(
    at: Place, repo: Repository, peer: GitHubPeer, tmp_path: Path
) -> None:
    under_review(at, repo)
    theirs = f"{DRAFT}\nBen says hello.\n"
    peer.branches[BRANCH][FILE] = theirs
    saved(at, "Dan's own words.\n")
    shutil.rmtree(tmp_path / "mirrors")
    away = repo.folder.rename(repo.folder.with_name("away"))
    (said,) = proposed(at)
    assert "the changes cannot be read" in said
    assert peer.branches[BRANCH][FILE] == theirs
    away.rename(repo.folder)
    assert proposed(at) == []
    assert peer.branches[BRANCH][FILE] == theirs


def test_a_secret_of_a_new_draft_is_not_added_to_what_a_person_wrote(
    at: Place, repo: Repository, peer: GitHubPeer
) -> None:
    under_review(at, repo)
    peer.branches[BRANCH][FILE] = BETTER
    retagged(at, repo, "feat: use AKIAIOSFODNN7EXAMPLE")
    saved(at, "Dan's own words.\n")
    proposed(at)
    assert peer.branches[BRANCH][FILE] == BETTER


def test_what_a_person_put_there_before_stays_beside_what_is_put_there(
    at: Place, repo: Repository, peer: GitHubPeer
) -> None:
    peer.branches["main"]["docs/releases/2.0.0.developer.md"] = BETTER
    begun(at, repo, checklist=BOTH)
    draft(at)
    for subject in ("feat: sort by name", "feat: sort by size", "feat: sort by age"):
        proposed(at)
        retagged(at, repo, subject)
    assert peer.branches[BRANCH]["docs/releases/2.0.0.developer.md"] == BETTER
    assert FILE in peer.branches[BRANCH]


def test_a_file_that_somebody_took_out_stays_out_also_after_a_secret(
    at: Place, repo: Repository, peer: GitHubPeer
) -> None:
    begun(at, repo, checklist=BOTH)
    draft(at)
    proposed(at)
    del peer.branches[BRANCH][FILE]
    for words in ("- The key is AKIAIOSFODNN7EXAMPLE now.\n", "- The key is gone.\n"):
        saved(at, words)
        proposed(at)
    assert FILE not in peer.branches[BRANCH]

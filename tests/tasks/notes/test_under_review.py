"""Notes as a file under review: what a pull request brings in becomes the notes, and nobody's words are lost."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from pathlib import Path

import pytest

from checklists import commands as c
from checklists import entries as e
from checklists.checklist import Checklist
from checklists.launch import ItemState
from tasks.act import act
from tasks.advance import advance
from tasks.notes import taking_over
from tasks.notes.editing import base_of, saving
from tasks.notes.taking_over import take_over
from tasks.observing import observe
from tests.checklists.launches import CAT, DAN
from tests.tasks.changes.repository import BEN, Repository
from tests.tasks.checks import tls
from tests.tasks.checks.site import Site, Visit
from tests.tasks.notes.test_drafting import NAME, begun, draft, repo
from tests.tasks.notes.test_drafting import at as at
from tests.tasks.worlds import Place

__all__ = ["repo"]
FILE = "docs/releases/2.0.0.customer.md"
REVIEWED = "## New\n\n- Your reports come every night. Reviewed by three people.\n"
SIGNED = Checklist.model_validate(
    {
        "checklist": "x",
        "items": {
            "notes": {"notes": {"audiences": ["customer"]}, "owner": "docs"},
            "review": {"gate": "Right", "needs": ["notes"], "sign": ["1 of qa"], "bound-to": "notes"},
        },
    }
)
LATER = "## New\n\n- Your reports come every night, by mail.\n"


@pytest.fixture(autouse=True)
def _impatient(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Every look is one at the repository as it is now."""
    monkeypatch.setattr(taking_over, "OFTEN", 0)
    yield


def merged(repo: Repository, words: str) -> str:
    return repo.commit("docs: notes of 2.0.0 (#77)", {FILE: words}, by=BEN)


def state_of(at: Place) -> ItemState:
    return at.launch(NAME).items["notes"]


def saved(at: Place, words: str) -> ItemState:
    state = state_of(at)
    base = base_of(state, "customer")
    act(at.world, NAME, saving(at.world, at.launch(NAME), state, "customer", words, by=DAN, base=base))
    return state_of(at)


def test_the_file_at_the_release_is_the_draft_and_names_its_author(at: Place, repo: Repository) -> None:
    commit = merged(repo, REVIEWED)
    repo.git("tag", "--force", "v2.0.0")
    begun(at, repo)
    wording = draft(at).wordings["customer"]
    assert wording.words == REVIEWED
    assert (wording.by, wording.where) == ("ben@example.com", f"{FILE} at {commit[:10]}")
    assert "ben@example.com" in state_of(at).writers
    assert "Tidy up" in state_of(at).wordings["internal"].words


def test_what_a_pull_request_changes_later_is_taken_over_once(at: Place, repo: Repository) -> None:
    begun(at, repo)
    draft(at)
    assert take_over(at.world, at.launch(NAME)) == []
    merged(repo, REVIEWED)
    (said,) = take_over(at.world, at.launch(NAME))
    assert FILE in said
    assert state_of(at).wordings["customer"].words == REVIEWED
    assert take_over(at.world, at.launch(NAME)) == []
    merged(repo, LATER)
    assert take_over(at.world, at.launch(NAME))
    assert state_of(at).wordings["customer"].words == LATER


def test_words_that_were_written_here_are_not_written_over_and_the_two_have_to_be_put_together(
    at: Place, repo: Repository
) -> None:
    begun(at, repo)
    draft(at)
    saved(at, "Dan's own words.\n")
    merged(repo, REVIEWED)
    (said,) = take_over(at.world, at.launch(NAME))
    assert "put together what is right" in said
    state = state_of(at)
    assert (state.status, state.wordings["customer"].words) == ("failed", "Dan's own words.\n")
    assert take_over(at.world, at.launch(NAME)) == []  # said once
    settled = saved(at, "Dan's own words, and those of the file.\n")
    assert settled.status == "passed"
    assert take_over(at.world, at.launch(NAME)) == []
    assert draft(at).wordings["customer"].words == "Dan's own words, and those of the file.\n"


def test_a_file_of_another_version_or_nothing_is_no_news(at: Place, repo: Repository) -> None:
    begun(at, repo)
    draft(at)
    repo.commit("docs", {"docs/releases/2.0.1.customer.md": REVIEWED, FILE: "  \n"}, by=BEN)
    assert take_over(at.world, at.launch(NAME)) == []


def test_a_repository_that_is_away_changes_nothing(at: Place, repo: Repository, tmp_path: Path) -> None:
    begun(at, repo)
    before = draft(at).wordings["customer"]
    repo.folder.rename(tmp_path / "elsewhere")
    (said,) = take_over(at.world, at.launch(NAME))
    assert said.startswith(f"{NAME}: notes in the repository are not taken over: {repo.folder} cannot be read: fatal: ")
    assert state_of(at).wordings["customer"] == before


@pytest.fixture
def served(at: Place, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Site]:
    """The product's git on a host of the house, over https."""
    certificate = tls.certificate(tmp_path, "localhost")
    monkeypatch.setenv("GIT_SSL_CAINFO", str(certificate))
    with Site(tls=tls.server(certificate)) as site:
        file = tmp_path / "organisation.yaml"
        text = file.read_text().replace(f"git: {tmp_path}/repo", f"git: '{site.at('/repo', 'localhost')}'")
        file.write_text(f"{text}\nallow-private-addresses: [127.0.0.0/8, '::1/128']\n")
        yield site


def publish(site: Site, repo: Repository) -> None:
    """Serve the repository as files, which git can read as well."""
    repo.git("repack", "-adq")  # few requests
    repo.git("update-server-info")
    folder = repo.folder / ".git"
    for file in (one for one in folder.rglob("*") if one.is_file()):
        site.pages[f"/repo/{file.relative_to(folder)}"] = partial(Visit.say, status=200, body=file.read_bytes())


def test_a_host_of_the_house_that_is_allowed_is_looked_at_over_https(at: Place, repo: Repository, served: Site) -> None:
    publish(served, repo)
    begun(at, repo)
    assert draft(at).findings == ()
    merged(repo, REVIEWED)
    publish(served, repo)
    (said,) = take_over(at.world, at.launch(NAME))
    assert FILE in said
    assert state_of(at).wordings["customer"].words == REVIEWED


def test_what_is_taken_over_stands_in_the_record_with_its_place(at: Place, repo: Repository) -> None:
    begun(at, repo)
    draft(at)
    merged(repo, REVIEWED)
    take_over(at.world, at.launch(NAME))
    worded = [one.data for one in at.ledger.read(NAME) if isinstance(one.data, e.Worded)][-1]
    assert worded.where.startswith(FILE)
    assert worded.author == "ben@example.com"
    assert worded.words == REVIEWED


def test_what_is_merged_to_a_default_branch_of_any_name_is_taken_over(at: Place, repo: Repository) -> None:
    """Though there is still a branch that was the default one once."""
    repo.git("checkout", "--quiet", "-b", "develop")
    begun(at, repo)
    draft(at)
    merged(repo, REVIEWED)
    (said,) = take_over(at.world, at.launch(NAME))
    assert FILE in said
    assert state_of(at).wordings["customer"].words == REVIEWED


def test_nobody_who_wrote_in_the_file_signs_it_also_after_a_squashed_merge(at: Place, repo: Repository) -> None:
    begun(at, repo, checklist=SIGNED)
    draft(at)
    body = f"Co-authored-by: Dan <Dan@Example.com>\nCo-authored-by: Cat <{CAT.email.upper()}>\n"
    repo.commit("docs: notes of 2.0.0 (#77)", {FILE: REVIEWED}, by="Robot <robot@example.com>", body=body)
    assert take_over(at.world, at.launch(NAME))
    assert state_of(at).writers >= {"robot@example.com", "dan@example.com", CAT.email}
    observe(at.world, NAME)
    advance(at.world, NAME)
    act(at.world, NAME, c.Sign(by=CAT, item="review", decision="approve"))
    refused = [one.data.reason for one in at.ledger.read(NAME) if isinstance(one.data, e.Refused)]
    assert "wrote notes" in refused[-1]
    assert at.launch(NAME).items["review"].status == "open"


def test_who_wrote_before_somebody_else_went_over_it_is_still_a_writer(at: Place, repo: Repository) -> None:
    begun(at, repo)
    draft(at)
    merged(repo, REVIEWED)
    hidden = "Cat <12345+cat-c@users.noreply.github.com>"
    repo.commit("docs: notes of 2.0.0 (#78)", {FILE: LATER}, by=hidden)
    assert take_over(at.world, at.launch(NAME))
    worded = [one.data for one in at.ledger.read(NAME) if isinstance(one.data, e.Worded)][-1]
    assert (worded.author, worded.others) == ("12345+cat-c@users.noreply.github.com", ("ben@example.com",))


def test_a_gate_on_the_words_is_open_again_with_the_difference_after_a_change_in_the_repository(
    at: Place, repo: Repository
) -> None:
    merged(repo, REVIEWED)
    begun(at, repo, checklist=SIGNED)
    draft(at)
    observe(at.world, NAME)
    advance(at.world, NAME)
    act(at.world, NAME, c.Sign(by=CAT, item="review", decision="approve"))
    assert at.launch(NAME).items["review"].status == "passed"
    merged(repo, LATER)
    take_over(at.world, at.launch(NAME))
    observe(at.world, NAME)
    review = at.launch(NAME).items["review"]
    assert (review.status, review.round, review.because) == ("open", 2, "content")
    assert [one.by for one in review.earlier] == [CAT.email]
    told = "\n".join(review.changes)
    assert f"-{REVIEWED.splitlines()[2]}" in told
    assert f"+{LATER.splitlines()[2]}" in told


def test_a_branch_that_notes_were_put_on_leaves_the_default_branch_what_it_is(at: Place, repo: Repository) -> None:
    """Also one of another name, which shows as the only one there is."""
    repo.git("branch", "--move", "trunk")
    begun(at, repo)
    draft(at)
    merged(repo, REVIEWED)
    repo.git("branch", "tminus/notes-acme-2.0.0")
    assert take_over(at.world, at.launch(NAME))
    assert state_of(at).wordings["customer"].words == REVIEWED


def test_a_file_lets_nothing_pass_where_older_commits_are_missing(at: Place, repo: Repository) -> None:
    folder = repo.folder.with_name("shallow")
    repo.git("clone", "--quiet", "--depth=3", f"file://{repo.folder}", str(folder))
    file = at.world.organisation_file.file
    file.write_text(file.read_text().replace(f"git: {repo.folder}", f"git: {folder}"))
    begun(at, repo)
    draft(at)
    Repository(folder).commit("docs: notes of 2.0.0 (#77)", {FILE: REVIEWED}, by=BEN)
    assert take_over(at.world, at.launch(NAME))
    assert state_of(at).status == "failed"
    assert "is a shallow copy" in state_of(at).findings[0]

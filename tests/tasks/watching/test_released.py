"""What a release says later reaches its launch by watching as it does by a webhook, and once."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from pydantic import SecretStr

from checklists.entries import Edited
from ledger.receipts import Receipt
from tasks.intake.receiving import keep
from tasks.intake.told import ReleaseEdited
from tasks.patrol import patrol
from tasks.watching.hosts import GitHub, GitLab, Host
from tasks.watching.look import look
from tasks.watching.tags import AT_ONCE
from tests.peers.code_host import CodeHost
from tests.tasks.worlds import Place, place

NAME = "acme-2.4.0"
ORGANISATION = """organisation: Example
people: {{eva@example.com: {{name: Eva, roles: [launch-managers]}}}}
products:
  acme: {{title: Acme, repository: example-org/acme, host: {host}, watch: rest,
    checklists: {{major: small, minor: small, patch: small}}}}
"""
CHECKLIST = "checklist: small\nitems: {go: {gate: Go, sign: [1 of launch-managers]}}\n"
HOSTS: dict[str, type[GitHub | GitLab]] = {"github": GitHub, "gitlab": GitLab}


@pytest.fixture
def peer() -> Iterator[CodeHost]:
    with CodeHost(per_page=100) as peer:
        yield peer


@pytest.fixture(params=HOSTS)
def at(tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[Place]:
    made = place(tmp_path, checklists=(tmp_path,))
    (tmp_path / "organisation.yaml").write_text(ORGANISATION.format(host=request.param))
    (tmp_path / "small.yaml").write_text(CHECKLIST)
    yield made
    made.ledger.dispose()


def watch(at: Place, peer: CodeHost) -> list[str]:
    """A look, a minute after the one before, and a round of the patrol."""
    product = at.world.organisation.products["acme"]
    host = HOSTS[product.host]("example-org/acme", peer.host, SecretStr("token"))
    at.clock.wait(timedelta(minutes=1))
    said = look(at.world, [product], host)
    at.clock.wait(timedelta(seconds=30))
    patrol(at.world)
    return said


def launched(at: Place, peer: CodeHost, notes: str | None = "Faster exports") -> None:
    """A launch of v2.4.0, whose release said this when its tag was seen."""
    peer.add("v1.0.0")
    peer.notes["v1.0.0"] = "The first one"
    watch(at, peer)
    peer.add("v2.4.0")
    if notes is not None:
        peer.notes["v2.4.0"] = notes
    watch(at, peer)
    assert at.launch(NAME).release.notes == (notes or "")


def questions(at: Place) -> list[str]:
    launch = at.launch(NAME)
    return sorted(launch.questions[key].cause for key in launch.unanswered)


def edits(at: Place) -> int:
    return sum(isinstance(entry.data, Edited) for entry in at.ledger.read(NAME))


def test_edited_notes_reach_the_launch_once(at: Place, peer: CodeHost) -> None:
    launched(at, peer)
    peer.notes["v2.4.0"] = "Much faster exports"
    (said,) = watch(at, peer)
    assert said.endswith(f"{NAME}: the notes of the release were edited")
    assert at.launch(NAME).release.notes == "Much faster exports"
    assert watch(at, peer) == []
    assert edits(at) == 1


def test_what_is_edited_there_and_back_ends_as_it_was(at: Place, peer: CodeHost) -> None:
    launched(at, peer)
    for notes in ("Slower", "Faster exports", "Slower"):
        peer.notes["v2.4.0"] = notes
        watch(at, peer)
        assert at.launch(NAME).release.notes == notes


def test_a_webhook_that_tells_the_same_changes_nothing_more(at: Place, peer: CodeHost) -> None:
    launched(at, peer)
    product = at.world.organisation.products["acme"]
    told = ReleaseEdited(host=product.host, repository=product.origin, tag="v2.4.0", notes="Much faster exports")
    keep(at.world, told, "release", "1", "body")
    peer.notes["v2.4.0"] = told.notes
    watch(at, peer)
    assert edits(at) == 1


def test_a_list_that_has_not_changed_is_not_sent_again(at: Place, peer: CodeHost) -> None:
    launched(at, peer)
    watch(at, peer)
    asked = len(peer.received)
    assert watch(at, peer) == []
    (_, releases) = peer.received[asked:]
    assert releases.path.endswith("/releases?per_page=30")
    assert "If-None-Match" in releases.headers


def test_the_first_look_only_remembers_what_releases_say(at: Place, peer: CodeHost) -> None:
    """Also where tags were watched before their releases were."""
    launched(at, peer)
    product = at.world.organisation.products["acme"]
    known = at.ledger.watches.find(f"{product.host}:example-org/acme")
    assert known is not None
    tags_only = {address: page for address, page in known.pages.items() if "/releases?" not in address}
    at.ledger.watches.keep(replace(known, pages=tags_only))
    peer.notes["v2.4.0"] = "Other words"
    assert watch(at, peer) == []
    assert edits(at) == 0


def test_a_release_that_is_published_after_its_tag_brings_its_notes(at: Place, peer: CodeHost) -> None:
    launched(at, peer, notes=None)
    peer.notes["v2.4.0"] = "Faster exports"
    watch(at, peer)
    assert at.launch(NAME).release.notes == "Faster exports"
    assert len(at.ledger.heads()) == 1


def test_a_release_nobody_launches_leaves_no_trace(at: Place, peer: CodeHost) -> None:
    launched(at, peer)
    before = at.ledger.receipts.unclaimed()
    peer.notes["v1.0.0"] = "The very first one"
    assert watch(at, peer) == []
    del peer.notes["v1.0.0"]
    assert watch(at, peer) == []
    assert at.ledger.receipts.unclaimed() == before
    assert len(at.ledger.heads()) == 1


def test_a_deleted_release_is_a_question_once(at: Place, peer: CodeHost) -> None:
    launched(at, peer)
    del peer.notes["v2.4.0"]
    (said,) = watch(at, peer)
    assert "says that somebody deleted the release v2.4.0" in said
    assert watch(at, peer) == []
    assert questions(at) == ["release-deleted"]


def test_a_release_that_newer_ones_push_off_the_page_is_not_deleted(at: Place, peer: CodeHost) -> None:
    launched(at, peer)
    peer.newest = 2
    peer.add("nightly-1", "nightly-2")
    peer.notes |= {"nightly-1": "One", "nightly-2": "Two"}
    assert watch(at, peer) == []
    assert questions(at) == []


def test_a_release_whose_tag_is_gone_too_is_one_question(at: Place, peer: CodeHost) -> None:
    launched(at, peer)
    del peer.notes["v2.4.0"], peer.tags["v2.4.0"]
    watch(at, peer)
    assert questions(at) == ["tag-deleted"]


def test_of_releases_that_are_gone_in_bulk_those_are_asked_about_that_a_launch_is_under_way_of(
    at: Place, peer: CodeHost
) -> None:
    launched(at, peer)
    for number in range(AT_ONCE):
        peer.add(f"v1.{number + 1}.0")
        peer.notes[f"v1.{number + 1}.0"] = "Words"
    watch(at, peer)
    peer.notes.clear()
    before = len(at.ledger.receipts.unclaimed())
    said = " ".join(watch(at, peer))
    assert "12 releases are not among the newest any more" in said
    assert "says that somebody deleted the release v2.4.0" in said
    assert questions(at) == ["release-deleted"]
    assert len(at.ledger.receipts.unclaimed()) == before
    assert watch(at, peer) == []
    assert questions(at) == ["release-deleted"]


def test_where_releases_cannot_be_read_tags_are_found_all_the_same(at: Place, peer: CodeHost) -> None:
    launched(at, peer)
    peer.notes["v2.4.0"] = "Much faster exports"
    peer.answer("accept", "broken")
    (said,) = watch(at, peer)
    assert "answers 502" in said
    peer.answer("accept", "broken")
    assert watch(at, peer) == [], "it is said once"
    peer.add("v2.5.0")
    peer.answer("accept", "accept", "broken", "accept")
    assert any("v2.5.0 was found" in line for line in watch(at, peer))
    assert edits(at) == 0
    watch(at, peer)
    assert at.launch(NAME).release.notes == "Much faster exports"


def test_a_limit_that_is_met_at_releases_holds_for_all(at: Place, peer: CodeHost) -> None:
    at.clock.at = at.clock.at.__class__.now(at.clock.at.tzinfo)  # the host's clock is the real one
    launched(at, peer)
    peer.answer("accept", "later", "accept")
    peer.retry_after = "900"
    (said,) = watch(at, peer)
    assert "has had enough of us (429)" in said
    asked = len(peer.received)
    assert watch(at, peer) == []
    assert len(peer.received) == asked


@pytest.mark.parametrize(
    ("mode", "says"),
    [
        ("rows", "rows that are no releases"),
        ("nameless", "rows that are no releases"),
        ("object", "answers no list"),
    ],
)
def test_what_is_no_list_of_releases_changes_nothing(at: Place, peer: CodeHost, mode: str, says: str) -> None:
    launched(at, peer)
    peer.answer("accept", mode, "accept")
    (said,) = watch(at, peer)
    assert says in said
    assert watch(at, peer) == []
    assert questions(at) == []


@pytest.mark.parametrize("notes", ["half a letter: \ud800", "\0 and {{ 7 * 7 }}", "<script>" * 10_000])
def test_words_nobody_expects_reach_the_launch_as_words(at: Place, peer: CodeHost, notes: str) -> None:
    launched(at, peer)
    peer.notes["v2.4.0"] = notes
    assert len(watch(at, peer)) == 1
    assert edits(at) == 1
    assert watch(at, peer) == []


def test_github_without_a_token_is_not_asked_for_releases(peer: CodeHost) -> None:
    assert GitHub("example-org/acme", peer.host).releases_at == ""


def test_a_draft_is_no_release(peer: CodeHost) -> None:
    peer.notes = {"v2.4.0": "Nobody sees this", "v2.3.0": "Everybody does"}
    peer.drafts = {"v2.4.0"}
    peer.edited = {"v2.3.0": "2026-11-20T10:00:00Z"}
    host: Host = GitHub("example-org/acme", peer.host, SecretStr("token"))
    (found,) = host.releases(None).releases.values()
    assert (found.tag, found.at and found.at.year) == ("v2.3.0", 2026)


@pytest.fixture
def legal(at: Place) -> None:
    """A role that the checklist asks for and nobody holds."""
    (at.world.settings.home / "small.yaml").write_text(CHECKLIST.replace("launch-managers", "legal"))


def settled(at: Place, key: str = "v2.4.0") -> Receipt:
    found = at.ledger.receipts.find(f"{at.world.organisation.products['acme'].host}:example-org/acme:{key}")
    assert found is not None
    return found


def refused(at: Place, peer: CodeHost) -> None:
    peer.add("v1.0.0")
    watch(at, peer)
    peer.add("v2.4.0")
    peer.notes["v2.4.0"] = "Faster exports"
    watch(at, peer)
    assert settled(at).state == "ignored"


def test_an_old_release_that_was_refused_is_no_news_when_it_is_among_the_newest_again(
    at: Place, peer: CodeHost, legal: None
) -> None:
    refused(at, peer)
    peer.newest = 1
    peer.add("nightly-1")
    peer.notes["nightly-1"] = "One"
    watch(at, peer)
    at.clock.wait(timedelta(days=60))
    (at.world.settings.home / "small.yaml").write_text(CHECKLIST)
    del peer.notes["nightly-1"]
    watch(at, peer)
    assert settled(at).state == "ignored"
    assert at.world.launch(NAME) is None


def test_what_a_refused_release_says_later_is_known_when_its_launch_begins(
    at: Place, peer: CodeHost, legal: None
) -> None:
    refused(at, peer)
    peer.notes["v2.4.0"] = "Much faster exports"
    watch(at, peer)
    (at.world.settings.home / "small.yaml").write_text(CHECKLIST)
    watch(at, peer)
    watch(at, peer)
    assert at.launch(NAME).release.notes == "Much faster exports"


def test_edits_of_a_release_that_the_product_ignores_leave_no_trace(at: Place, peer: CodeHost) -> None:
    file = at.world.organisation_file.file
    file.write_text(file.read_text().replace("watch: rest", "watch: rest, pre-releases: ignore"))
    peer.add("v1.0.0")
    watch(at, peer)
    peer.add("v2.5.0-rc.1")
    peer.notes["v2.5.0-rc.1"] = "Tonight"
    watch(at, peer)
    before = len(at.ledger.receipts.unclaimed())
    peer.notes["v2.5.0-rc.1"] = "Tomorrow night"
    watch(at, peer)
    assert len(at.ledger.receipts.unclaimed()) == before

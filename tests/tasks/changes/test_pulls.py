"""Pull requests are asked of their host where a token is set; where they cannot be read, that is said."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from pydantic import SecretStr

from checklists.notes.change import Author, Change
from checklists.organisation import Product
from tasks.changes.mirror import Mirror, mirror
from tasks.changes.pulls import MOST, Told, pulls_host
from tasks.settings import Settings
from tasks.watching.hosts import GitHub, GitLab
from tests.peers.code_host import CodeHost

ACME = Product(title="Acme", repository="example-org/acme")
CHANGES = (Change("#41", "wip"), Change("#42", "also wip"), Change("abcdef1234", "a commit"))


@pytest.fixture
def peer() -> Iterator[CodeHost]:
    with CodeHost() as peer:
        peer.pulls["41"] = {"title": "Export reports", "body": "Closes #7", "labels": [{"name": "enhancement"}]}
        yield peer


@pytest.fixture
def at(tmp_path: Path) -> Mirror:
    (tmp_path / "mirrors").mkdir()
    return mirror(Settings(_env_file=None, home=tmp_path), "/nowhere", 10)


def test_changes_are_told_in_the_words_of_their_pull_requests(peer: CodeHost, at: Mirror) -> None:
    told = Told(GitHub("example-org/acme", peer.host), at, is_fresh=True)
    first, second, commit = told(CHANGES)
    assert (first.title, first.type, first.references) == ("Export reports", "feat", ("#41", "#7"))
    assert (second, commit) == CHANGES[1:]
    assert told.why == ""
    assert [request.path.rpartition("/")[2] for request in peer.received] == ["41", "42"]


def test_merge_requests_of_gitlab_are_asked_by_their_own_path(peer: CodeHost, at: Mirror) -> None:
    peer.pulls["41"] = {"title": "fix: exports", "description": "Closes #7", "labels": ["bug"]}
    (told,) = Told(GitLab("group/acme", peer.host), at, is_fresh=True)((Change("!41", "wip"),))
    assert (told.title, told.type) == ("exports", "fix")
    assert peer.received[0].path == "/projects/group%2Facme/merge_requests/41"


@pytest.mark.parametrize("of", [{"user": {"login": "ada"}}, {"author": {"username": "ada"}}])
def test_who_opened_it_is_told(peer: CodeHost, at: Mirror, of: dict[str, object]) -> None:
    host = GitHub("example-org/acme", peer.host) if "user" in of else GitLab("group/acme", peer.host)
    change = Change(f"{host.mark}41", "wip", authors=(Author("Ada", "ada@example.com"),))
    peer.pulls["41"] = {"title": "x", **of}
    assert Told(host, at, is_fresh=True)((change,))[0].authors[0].login == "ada"
    peer.pulls["41"] = {"title": "x", **dict.fromkeys(of)}  # who has left
    assert Told(host, at, is_fresh=True)((change,))[0].authors[0].login == ""


def test_a_page_shows_what_was_read_and_asks_nobody(peer: CodeHost, at: Mirror) -> None:
    host = GitHub("example-org/acme", peer.host)
    Told(host, at, is_fresh=True)(CHANGES)
    asked = len(peer.received)
    assert Told(host, at, is_fresh=False)(CHANGES)[0].title == "Export reports"
    assert len(peer.received) == asked


@pytest.mark.parametrize("mode", ["limited", "later", "broken", "html", "object", "shut", "drop"])
def test_a_host_in_a_bad_mood_leaves_it_to_git_and_that_is_said(mode: str, peer: CodeHost, at: Mirror) -> None:
    host = GitHub("example-org/acme", peer.host)
    peer.answer(mode)
    told = Told(host, at, is_fresh=True)
    assert told(CHANGES) == CHANGES
    assert told.why.startswith("pull requests could not be read, so git alone tells of some changes: ")


def test_what_was_read_before_stands_when_the_host_is_away(peer: CodeHost, at: Mirror) -> None:
    host = GitHub("example-org/acme", peer.host)
    Told(host, at, is_fresh=True)(CHANGES)
    peer.answer("broken")
    told = Told(host, at, is_fresh=True)
    assert told(CHANGES)[0].title == "Export reports"
    assert told.why


def test_more_than_anybody_reads_are_not_asked_for(peer: CodeHost, at: Mirror) -> None:
    told = Told(GitHub("example-org/acme", peer.host), at, is_fresh=True)
    told(tuple(Change(f"#{number}", "x") for number in range(1000, 1002 + MOST)))
    assert len(peer.received) == MOST
    assert told.why == f"git alone tells of 2 changes: more than {MOST} pull requests are not asked for"


@pytest.mark.parametrize(
    ("product", "given", "kind"),
    [
        (ACME, {"github_token": SecretStr("x")}, GitHub),
        (ACME, {"gitlab_token": SecretStr("x")}, type(None)),
        (ACME, {}, type(None)),
        (ACME.model_copy(update={"host": "gitlab"}), {"gitlab_token": SecretStr("x")}, GitLab),
        (Product(title="Acme", git="https://example.com/a.git"), {"github_token": SecretStr("x")}, type(None)),
    ],
)
def test_nobody_is_asked_without_a_token(
    product: Product, given: dict[str, SecretStr], kind: type, tmp_path: Path
) -> None:
    settings = Settings(_env_file=None, home=tmp_path).model_copy(update=given)
    assert isinstance(pulls_host(product, settings), kind)

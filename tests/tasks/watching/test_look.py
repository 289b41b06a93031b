"""What was there starts nothing, what is new starts once, and a host in a bad mood is let alone."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from checklists.organisation import Product
from tasks.watching.hosts import GitHub, GitLab, Host
from tasks.watching.look import look
from tasks.watching.tags import AT_ONCE
from tests.peers.code_host import COMMIT, CodeHost
from tests.tasks.worlds import Place, place

PRODUCT = Product(title="Acme", repository="example-org/acme")
KEY = "github:example-org/acme"
ORGANISATION = """organisation: Example
products: {acme: {title: Acme, repository: example-org/acme}}
"""


@pytest.fixture
def peer() -> Iterator[CodeHost]:
    with CodeHost() as peer:
        yield peer


@pytest.fixture
def at(tmp_path: Path) -> Iterator[Place]:
    made = place(tmp_path)
    (tmp_path / "organisation.yaml").write_text(ORGANISATION)
    yield made
    made.ledger.dispose()


def host(peer: CodeHost) -> Host:
    return GitHub("example-org/acme", peer.host)


def receipts(at: Place) -> list[str]:
    return [receipt.release_key for receipt in at.ledger.receipts.waiting(at.clock() + timedelta(days=1))]


def test_the_first_look_starts_nothing_and_remembers_what_is_there(at: Place, peer: CodeHost) -> None:
    peer.add("v1.0.0", "v1.1.0", "v1.2.0")
    assert look(at.world, [PRODUCT], host(peer)) == [
        f"{KEY}: seen for the first time; the 3 tags that are there start nothing"
    ]
    assert receipts(at) == []
    assert look(at.world, [PRODUCT], host(peer)) == []


def test_a_new_tag_becomes_a_receipt_with_what_its_release_says(at: Place, peer: CodeHost) -> None:
    look(at.world, [PRODUCT], host(peer))
    peer.add("v2.4.0", "not-a-release")
    peer.notes["v2.4.0"] = "Faster exports"
    assert look(at.world, [PRODUCT], host(peer)) == [f"{KEY}: v2.4.0 was found"]
    receipt = at.ledger.receipts.find("github:example-org/acme:v2.4.0")
    assert receipt is not None
    assert (receipt.payload["commit"], receipt.payload["notes"]) == (COMMIT.format(1), "Faster exports")
    assert look(at.world, [PRODUCT], host(peer)) == []


def test_several_new_tags_are_taken_by_version(at: Place, peer: CodeHost) -> None:
    look(at.world, [PRODUCT], host(peer))
    peer.add("v2.10.0", "v2.9.0", "v2.9.1")
    assert [line.split()[1] for line in look(at.world, [PRODUCT], host(peer))] == ["v2.9.0", "v2.9.1", "v2.10.0"]


def test_an_import_of_a_whole_history_starts_nothing(at: Place, peer: CodeHost) -> None:
    look(at.world, [PRODUCT], host(peer))
    peer.add(*(f"v1.{number}.0" for number in range(AT_ONCE + 1)))
    (said,) = look(at.world, [PRODUCT], host(peer))
    assert "11 new tags at once, v1.0.0 to v1.10.0, look like an import and start nothing" in said
    assert receipts(at) == []
    assert look(at.world, [PRODUCT], host(peer)) == []


def test_an_import_for_one_product_hides_nothing_of_another(at: Place, peer: CodeHost) -> None:
    sdk = Product(title="SDK", repository="example-org/acme", tags="sdk@{version}")
    at.world.organisation_file.file.write_text(
        ORGANISATION.replace("}}", '}, sdk: {title: SDK, repository: example-org/acme, tags: "sdk@{version}"}}')
    )
    peer.add("v0.9.0")
    look(at.world, [PRODUCT, sdk], host(peer))
    del peer.tags["v0.9.0"]
    peer.add("v2.4.0", *(f"sdk@1.{number}.0" for number in range(AT_ONCE + 1)))
    said = " ".join(look(at.world, [PRODUCT, sdk], host(peer)))
    assert "SDK: 11 new tags at once, sdk@1.0.0 to sdk@1.10.0, look like an import" in said
    assert "v2.4.0 was found" in said
    assert "v0.9.0" in said


def test_what_has_not_changed_is_not_sent_again(at: Place, peer: CodeHost) -> None:
    peer.add(*(f"v1.{number}.0" for number in range(5)))
    look(at.world, [PRODUCT], host(peer))
    asked = len(peer.received)
    look(at.world, [PRODUCT], host(peer))
    assert len(peer.received) == 2 * asked == 6
    assert all("If-None-Match" in request.headers for request in peer.received[asked:])


@pytest.mark.parametrize(
    ("mode", "said", "wait"),
    [
        ("limited", "has had enough of us (403); it is asked again at", timedelta(seconds=600)),
        ("later", "has had enough of us (429)", timedelta(seconds=120)),
        ("broken", "answers 502", timedelta(seconds=30)),
        ("html", "answers something else than JSON", timedelta(seconds=30)),
        ("object", "answers no list", timedelta(seconds=30)),
        ("rows", "answers rows that are no tags", timedelta(seconds=30)),
        ("gone", "shows us no such repository", timedelta(seconds=30)),
        ("shut", "does not let us look (401)", timedelta(seconds=30)),
        ("drop", "does not answer (ConnectionError)", timedelta(seconds=30)),
    ],
)
def test_a_host_in_a_bad_mood_is_asked_again_later(
    mode: str, said: str, wait: timedelta, at: Place, peer: CodeHost
) -> None:
    at.clock.at = at.clock.at.__class__.now(at.clock.at.tzinfo)  # the host's clock is the real one
    look(at.world, [PRODUCT], host(peer))
    peer.add("v2.4.0")
    peer.answer(mode, "accept")
    (line,) = look(at.world, [PRODUCT], host(peer))
    assert said in line
    asked = len(peer.received)
    at.clock.wait(wait - timedelta(seconds=5))
    assert look(at.world, [PRODUCT], host(peer)) == []
    assert len(peer.received) == asked
    at.clock.wait(timedelta(seconds=10))
    assert look(at.world, [PRODUCT], host(peer)) == [f"{KEY}: v2.4.0 was found"]


def test_a_host_that_stays_broken_is_asked_less_and_less(at: Place, peer: CodeHost) -> None:
    peer.answer("broken")
    waits = []
    for _ in range(10):
        look(at.world, [PRODUCT], host(peer))
        watch = at.ledger.watches.find(KEY)
        assert watch is not None
        assert watch.not_before is not None
        waits.append(int((watch.not_before - at.clock()).total_seconds()))
        at.clock.at = watch.not_before
    assert waits == [30, 60, 120, 240, 480, 960, 1920, 3600, 3600, 3600]


def test_the_token_goes_to_no_other_host(at: Place, peer: CodeHost) -> None:
    with CodeHost() as stranger:
        peer.next_host = stranger.host
        peer.add("v1.0.0", "v1.1.0", "v1.2.0")
        look(at.world, [PRODUCT], host(peer))
        assert stranger.received == []


def test_gitlab_is_asked_by_its_own_paths(at: Place, peer: CodeHost) -> None:
    peer.add("v1.0.0", "v1.1.0", "v1.2.0")
    peer.notes["v1.2.0"] = "Faster"
    gitlab = GitLab("group/sub/acme", peer.host)
    assert set(gitlab.tags({}).tags) == {"v1.0.0", "v1.1.0", "v1.2.0"}
    assert gitlab.about("v1.2.0") == ("", "Faster")
    assert urlsplit(peer.received[0].path).path == "/projects/group%2Fsub%2Facme/repository/tags"


@pytest.mark.parametrize("tag", ["v1/../../x", "größe", "a?b#c", "x" * 250])
def test_a_tag_with_an_odd_name_stays_in_its_place_of_the_address(tag: str, peer: CodeHost) -> None:
    GitHub("example-org/acme", peer.host).about(tag)
    assert peer.received[0].path.startswith("/repos/example-org/acme/releases/tags/")
    assert peer.received[0].path.count("/") == 6

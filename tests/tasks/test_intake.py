from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
from pydantic import ValidationError

from checklists.organisation import Organisation
from checklists.request import LaunchRequest
from tasks.intake import Ignored, Tagged, asked_for, receipt_of, tagged
from tests.web.room import COMMIT, Hook, fixture

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)


def organisation(**products: dict[str, Any]) -> Organisation:
    given = {key: {"title": key, **product} for key, product in products.items()}
    return Organisation.model_validate({"organisation": "Example", "products": given})


def told(tag: str = "v2.4.0", repository: str = "Example-Org/acme", **more: Any) -> Tagged:
    return Tagged(repository=repository, tag=tag, **more)


ACME = organisation(acme={"repository": "example-org/Acme"})
MONO = organisation(
    app={"repository": "example-org/mono"},
    sdk={"repository": "example-org/mono", "tags": "sdk@{version}"},
    beta={"repository": "example-org/mono", "tags": "beta/{version}", "checklists": {"pre-release": "hotfix"}},
    quiet={"repository": "example-org/mono", "tags": "quiet-{version}", "checklists": {"patch": "ignore"}},
)


@pytest.mark.parametrize(
    ("event", "name", "expected"),
    [
        ("release", "release.published", ("0.0.1", None, "github:codertocat/hello-world:0.0.1")),
        ("create", "create.tag", ("simple-tag", None, "github:codertocat/hello-world:simple-tag")),
        ("push", "push.tag", ("simple-tag", COMMIT, "github:codertocat/hello-world:simple-tag")),
    ],
)
def test_what_github_really_sends(event: str, name: str, expected: tuple[str, str | None, str]) -> None:
    tag = tagged(event, fixture(name))
    assert tag is not None
    assert (tag.tag, tag.commit, tag.release_key) == expected
    assert tag.requested_by == "github:Codertocat"


def test_the_events_of_one_tag_have_one_key() -> None:
    hook, loud = Hook("v2.4.0", "Example-Org/acme"), Hook("v2.4.0", "EXAMPLE-ORG/ACME")
    found = [tagged("create", hook.create), tagged("push", loud.push), tagged("release", hook.release)]
    assert {tag.release_key for tag in found if tag} == {"github:example-org/acme:v2.4.0"}


def test_an_annotated_tag_leads_to_its_commit_and_not_to_the_tag_object() -> None:
    tag = tagged("push", Hook("v2.4.0").push)
    assert tag is not None
    assert tag.commit == COMMIT


def test_the_launch_gets_everything_the_release_said() -> None:
    tag = told(commit=COMMIT, notes="# Faster", url="https://github.com/x", requested_by="github:ada")
    asked = asked_for(tag, ACME)
    assert asked == LaunchRequest(
        product="acme",
        version="2.4.0",
        tag="v2.4.0",
        commit=COMMIT,
        repository="Example-Org/acme",
        url="https://github.com/x",
        notes="# Faster",
        requested_by="github:ada",
        receipt="github:example-org/acme:v2.4.0",
    )


@pytest.mark.parametrize(
    ("tag", "product", "version"),
    [
        ("v2.4.0", "app", "2.4.0"),
        ("sdk@1.0.0", "sdk", "1.0.0"),
        ("beta/1.0.0-rc.1", "beta", "1.0.0-rc.1"),
        ("quiet-2.0", "quiet", "2.0"),
    ],
)
def test_a_tag_of_a_shared_repository_finds_its_product(tag: str, product: str, version: str) -> None:
    asked = asked_for(told(tag, "Example-Org/mono"), MONO)
    assert isinstance(asked, LaunchRequest)
    assert (asked.product, asked.version) == (product, version)


@pytest.mark.parametrize(
    ("tag", "repository", "reason"),
    [
        ("v1.0.0", "example-org/acme", "no product in the organisation file has the repository example-org/acme"),
        ("nightly", "example-org/mono", "read like `beta/{version}` and `quiet-{version}` and `sdk@{version}`"),
        ("v1.0.0-rc.1", "example-org/mono", "app starts nothing for a pre-release version such as 1.0.0-rc.1"),
        ("quiet-2.0.1", "example-org/mono", "quiet starts nothing for a patch version"),
        ("v1..0", "example-org/mono", "'v1..0' has signs that no release tag has"),
        ("v1\n0", "example-org/mono", "'v1\\n0' has signs that no release tag has"),
        ("v1\u202e0", "example-org/mono", "'v1\\u202e0' has signs that no release tag has"),
    ],
)
def test_a_tag_that_starts_nothing_says_why(tag: str, repository: str, reason: str) -> None:
    answer = asked_for(told(tag, repository), MONO)
    assert isinstance(answer, Ignored)
    assert reason in answer.reason


@pytest.mark.parametrize("tag", ["../x", "a/../b", "v1\x00", "v1\x1b[2J", "\ud800", "-rf", "v 1", "é", "x" * 201, ""])
def test_no_tag_however_odd_reaches_a_key_or_a_payload_as_it_was(tag: str) -> None:
    kept = receipt_of(told(tag), Ignored("odd"), "create", "1", NOW)
    assert kept.payload["tag"] != tag
    assert kept.release_key.isascii()
    assert kept.release_key.isprintable()


def test_notes_and_addresses_fit_a_launch() -> None:
    tag = told(notes="x\x00\r\n" + "y" * 20_000, url="https://github.com/" + "z" * 1_000)
    assert (len(tag.notes), tag.notes[:3], tag.notes[-1], tag.url) == (8_000, "x\ny", "…", None)
    assert told(url="javascript:alert(1)").url is None


def test_a_receipt_carries_the_request_or_the_reason() -> None:
    asked = asked_for(told(), ACME)
    new = receipt_of(told(), asked, "push", "5c8f", NOW)
    ignored = receipt_of(told(), Ignored("no such product"), "push", "5c8f", NOW)
    assert LaunchRequest.model_validate(new.payload) == asked
    assert (new.state, new.reason) == ("new", "")
    assert (ignored.state, ignored.reason) == ("ignored", "no such product")
    assert Tagged.model_validate(ignored.payload) == told()


@pytest.mark.parametrize(
    ("event", "body"),
    [
        ("push", b""),
        ("push", b"null"),
        ("push", b'{"ref": "refs/tags/v1"}'),
        ("create", b'{"ref": "v1", "ref_type": "tag", "repository": {"full_name": "../.."}, "sender": {"login": ""}}'),
        ("release", b'{"action": "published", "release": {"tag_name": ""}, "repository": {"full_name": "a/b"}}'),
        ("release", b'{"action": "published", "repository": {"full_name": "a/b"}}'),
    ],
)
def test_a_body_that_is_not_githubs_is_refused(event: str, body: bytes) -> None:
    with pytest.raises(ValidationError):
        tagged(event, body)

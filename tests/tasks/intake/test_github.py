"""What GitHub sends, and what is made of it."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

import pytest
from pydantic import ValidationError

from tasks.intake.github import told
from tasks.intake.told import OfTag, ReleaseDeleted, ReleaseEdited, TagDeleted, Tagged
from tests.web.room import COMMIT, Hook, fixture


def body(**said: Any) -> bytes:
    return json.dumps({"repository": {"full_name": "Example-Org/acme"}, "sender": {"login": "ada"}, **said}).encode()


def release(action: str, **more: Any) -> bytes:
    return body(action=action, release={"tag_name": "v2.4.0", "body": "Faster", **more})


ABOUT = {"repository": "Example-Org/acme", "tag": "v2.4.0", "requested_by": "github:ada"}


@pytest.mark.parametrize(
    ("event", "sent", "expected"),
    [
        ("release", release("published"), Tagged(**ABOUT, notes="Faster")),
        ("release", release("released"), Tagged(**ABOUT, notes="Faster")),
        ("release", release("prereleased"), Tagged(**ABOUT, notes="Faster")),
        ("release", release("edited"), ReleaseEdited(**ABOUT, notes="Faster")),
        (
            "release",
            release("edited", body=None, updated_at="2026-11-23T12:00:00Z"),
            ReleaseEdited(**ABOUT, at=datetime(2026, 11, 23, 12, tzinfo=UTC)),
        ),
        ("release", release("deleted"), ReleaseDeleted(**ABOUT)),
        ("release", release("unpublished"), ReleaseDeleted(**ABOUT)),
        ("release", release("created"), None),
        ("release", release("edited", draft=True), None),
        ("release", release("deleted", draft=True), None),
        ("create", body(ref="v2.4.0", ref_type="tag"), Tagged(**ABOUT)),
        ("create", body(ref="v2.4.0", ref_type="branch"), None),
        ("delete", body(ref="v2.4.0", ref_type="tag"), TagDeleted(**ABOUT)),
        ("delete", body(ref="v2.4.0", ref_type="branch"), None),
        ("push", body(ref="refs/tags/v2.4.0", before="0" * 40, after=COMMIT), Tagged(**ABOUT, commit=COMMIT)),
        ("push", body(ref="refs/tags/v2.4.0", before="a" * 40, after="0" * 40, deleted=True), TagDeleted(**ABOUT)),
        ("push", body(ref="refs/heads/v2.4.0", after=COMMIT), None),
        (
            "repository_dispatch",
            body(action="tminus-release", client_payload={"tag": "v2.4.0", "commit": COMMIT, "notes": "Faster"}),
            Tagged(**ABOUT, commit=COMMIT, notes="Faster"),
        ),
        ("repository_dispatch", body(action="deploy", client_payload=None), None),
        ("star", b"not even JSON", None),
    ],
)
def test_every_event_has_its_meaning(event: str, sent: bytes, expected: OfTag | None) -> None:
    assert told(event, sent) == expected


def test_a_dispatch_speaks_for_the_repository_that_signed_it_only() -> None:
    said = {"tag": "v2.4.0", "repository": "somebody/else", "requested_by": "eve"}
    found = told("repository_dispatch", body(action="tminus-release", client_payload=said))
    assert found is not None
    assert (found.repository, found.requested_by) == ("Example-Org/acme", "github:ada")


@pytest.mark.parametrize(
    ("event", "name", "expected"),
    [
        ("release", "release.published", ("0.0.1", None, "github:codertocat/hello-world:0.0.1")),
        ("create", "create.tag", ("simple-tag", None, "github:codertocat/hello-world:simple-tag")),
        ("push", "push.tag", ("simple-tag", COMMIT, "github:codertocat/hello-world:simple-tag")),
    ],
)
def test_what_github_really_sends(event: str, name: str, expected: tuple[str, str | None, str]) -> None:
    tag = told(event, fixture(name))
    assert isinstance(tag, Tagged)
    assert (tag.tag, tag.commit, tag.release_key) == expected
    assert tag.requested_by == "github:Codertocat"


def test_the_events_of_one_tag_have_one_key() -> None:
    hook, loud = Hook("v2.4.0", "Example-Org/acme"), Hook("v2.4.0", "EXAMPLE-ORG/ACME")
    found = [told("create", hook.create), told("push", loud.push), told("release", hook.release)]
    assert {tag.release_key for tag in found if tag} == {"github:example-org/acme:v2.4.0"}


def test_an_annotated_tag_leads_to_its_commit_and_not_to_the_tag_object() -> None:
    tag = told("push", Hook("v2.4.0").push)
    assert isinstance(tag, Tagged)
    assert tag.commit == COMMIT


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
        told(event, body)

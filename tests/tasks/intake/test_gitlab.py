"""What GitLab sends, as its documentation shows it, and what is made of it."""

from __future__ import annotations

import json
from typing import Any

import pytest
from pydantic import ValidationError

from tasks.intake.gitlab import told
from tasks.intake.told import OfTag, ReleaseDeleted, ReleaseEdited, TagDeleted, Tagged

COMMIT, TAG_OBJECT, NOTHING = "82b3d5ae55f7080f1e6022629cdb57bfae7cccc7", "4d1c" * 10, "0" * 40
PROJECT = {
    "id": 1,
    "name": "Example",
    "path_with_namespace": "Acme/platform/app",
    "web_url": "https://gitlab.example.com/acme/platform/app",
}
ABOUT: dict[str, Any] = {"host": "gitlab", "repository": "Acme/platform/app", "tag": "v1.1.0"}
PUSHED = {**ABOUT, "requested_by": "gitlab:jsmith"}
RELEASED = {**ABOUT, "requested_by": "gitlab"}
ADDRESS = "https://gitlab.example.com/acme/platform/app/-/releases/v1.1.0"


def tag_push(after: str = COMMIT, checkout: str | None = COMMIT, ref: str = "refs/tags/v1.1.0") -> bytes:
    said: dict[str, Any] = {
        "object_kind": "tag_push",
        "event_name": "tag_push",
        "before": NOTHING,
        "after": after,
        "ref": ref,
        "checkout_sha": checkout,
        "message": "Tag message",
        "user_id": 1,
        "user_name": "John Smith",
        "user_username": "jsmith",
        "project_id": 1,
        "project": PROJECT,
        "commits": [],
        "total_commits_count": 0,
    }
    return json.dumps(said).encode()


def release(action: str, description: str | None = "Faster") -> bytes:
    said = {
        "id": 1,
        "created_at": "2026-11-02 12:55:12 UTC",
        "description": description,
        "name": "v1.1.0",
        "released_at": "2026-11-02 12:55:12 UTC",
        "tag": "v1.1.0",
        "object_kind": "release",
        "project": PROJECT,
        "url": ADDRESS,
        "action": action,
        "assets": {"count": 5, "links": [], "sources": []},
        "commit": {"id": COMMIT, "message": "Release v1.1.0", "timestamp": "2026-10-31T11:58:32+11:00"},
    }
    return json.dumps(said).encode()


@pytest.mark.parametrize(
    ("event", "sent", "expected"),
    [
        ("Tag Push Hook", tag_push(), Tagged(**PUSHED, commit=COMMIT)),
        ("Tag Push Hook", tag_push(TAG_OBJECT), Tagged(**PUSHED, commit=COMMIT)),
        ("Tag Push Hook", tag_push(NOTHING, None), TagDeleted(**PUSHED)),
        ("Tag Push Hook", tag_push(ref="refs/heads/v1.1.0"), None),
        ("Release Hook", release("create"), Tagged(**RELEASED, commit=COMMIT, url=ADDRESS, notes="Faster")),
        ("Release Hook", release("create", None), Tagged(**RELEASED, commit=COMMIT, url=ADDRESS)),
        ("Release Hook", release("update"), ReleaseEdited(**RELEASED, notes="Faster")),
        ("Release Hook", release("delete"), ReleaseDeleted(**RELEASED)),
        ("Release Hook", release("something"), None),
        ("Push Hook", b"not even JSON", None),
        ("", b"{}", None),
    ],
)
def test_every_event_has_its_meaning(event: str, sent: bytes, expected: OfTag | None) -> None:
    assert told(event, sent) == expected


@pytest.mark.parametrize(
    "sent",
    [
        b"",
        b"[]",
        b"\xff",
        tag_push().replace(b'"project"', b'"projects"'),
        tag_push(after="main"),
        tag_push().replace(b"Acme/platform/app", b"../../etc"),
    ],
)
def test_a_body_that_is_not_gitlabs_is_refused(sent: bytes) -> None:
    with pytest.raises(ValidationError):
        told("Tag Push Hook", sent)

"""What Gitea and Forgejo send, and what is made of it."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tasks.intake.gitea import told
from tasks.intake.told import OfTag, ReleaseDeleted, ReleaseEdited, TagDeleted, Tagged

COMMIT, TAG_OBJECT = "bffeb74224043ba2feb48d137756c8a9331c449a", "4d1c" * 10
ABOUT: dict[str, Any] = {
    "host": "gitea",
    "repository": "gitea/webhooks",
    "tag": "v1.0.0",
    "requested_by": "gitea:gitea",
}


def body(**said: Any) -> bytes:
    account = {"id": 1, "login": "gitea", "full_name": "Gitea", "username": "gitea"}
    repository = {"id": 140, "owner": account, "name": "webhooks", "full_name": "gitea/webhooks", "private": False}
    return json.dumps({**said, "repository": repository, "sender": account}).encode()


def release(action: str) -> bytes:
    said = {"id": 7, "tag_name": "v1.0.0", "target_commitish": "main", "name": "One", "body": "Faster", "draft": False}
    return body(action=action, release={**said, "html_url": "https://git.example.com/gitea/webhooks/releases/v1.0.0"})


@pytest.mark.parametrize(
    ("event", "sent", "expected"),
    [
        ("create", body(sha=TAG_OBJECT, ref="v1.0.0", ref_type="tag"), Tagged(**ABOUT)),
        (
            "push",
            body(ref="refs/tags/v1.0.0", before="0" * 40, after=TAG_OBJECT, head_commit={"id": COMMIT}),
            Tagged(**ABOUT, commit=COMMIT),
        ),
        ("push", body(ref="refs/tags/v1.0.0", before="0" * 40, after=COMMIT), Tagged(**ABOUT, commit=COMMIT)),
        ("delete", body(ref="v1.0.0", ref_type="tag", pusher_type="user"), TagDeleted(**ABOUT)),
        (
            "release",
            release("published"),
            Tagged(**ABOUT, url="https://git.example.com/gitea/webhooks/releases/v1.0.0", notes="Faster"),
        ),
        ("release", release("updated"), ReleaseEdited(**ABOUT, notes="Faster")),
        ("release", release("deleted"), ReleaseDeleted(**ABOUT)),
        ("issues", b"not even JSON", None),
        ("repository_dispatch", body(action="tminus-release", client_payload={"tag": "v1.0.0"}), None),
    ],
)
def test_every_event_has_its_meaning(event: str, sent: bytes, expected: OfTag | None) -> None:
    assert told(event, sent) == expected

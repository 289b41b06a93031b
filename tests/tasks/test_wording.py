"""What the board calls things."""

from __future__ import annotations

import re

from tasks.wording import slug

LAUNCHES = (
    "acme-2.4.0",
    "acme-2-4.0",
    "acme-2.4.0+build.7",
    "acme-2.4.0-build.7",
    "acme-2.4.0-RC.1",
    "acme-2.4.0-rc.1",
)


def test_two_launches_never_share_an_artifact_key() -> None:
    keys = [slug(name) for name in LAUNCHES]
    assert keys[0] == "acme-2-4-0"
    assert len(set(keys)) == len(LAUNCHES)
    assert all(re.fullmatch(r"[a-z0-9-]+", key) for key in keys)

"""Gitea's and Forgejo's webhooks: of the shape of GitHub's, but that they say `updated` for an edited release.

Source of the fields: docs.gitea.com and forgejo.org/docs, Webhooks.
"""

from __future__ import annotations

from tasks.intake import github
from tasks.intake.told import Told

EVENTS = frozenset({"release", "create", "delete", "push"})


def told(event: str, body: bytes) -> Told | None:
    """What the host tells of a release, or None where it is about something else.

    Raises pydantic's ValidationError for a body that is not what such a host sends.
    """
    return github.told(event, body, "gitea") if event in EVENTS else None

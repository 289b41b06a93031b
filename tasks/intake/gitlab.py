"""GitLab's webhooks: tag pushes and releases.

Source of the fields: docs.gitlab.com, Webhook events.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any

from pydantic import BaseModel, StringConstraints

from tasks.intake.told import Commit, Login, ReleaseDeleted, ReleaseEdited, Repository, TagDeleted, Tagged, Told

HOST = "gitlab"
TAGS = "refs/tags/"


class _Project(BaseModel):
    path_with_namespace: Repository


class _Body(BaseModel):
    """What every event has; GitLab may add what it likes."""

    project: _Project

    @property
    def login(self) -> str | None:
        """Who did it, where the event says so."""
        return None

    def told(self, about: dict[str, Any]) -> Told | None:
        """What it says of a release, None where it is about something else. `about` is what every event says."""
        raise NotImplementedError


class _TagPush(_Body):
    ref: str
    after: Commit
    before: Commit = None
    checkout_sha: Commit = None
    user_username: Login | None = None

    @property
    def login(self) -> str | None:
        return self.user_username

    def told(self, about: dict[str, Any]) -> Told | None:
        if not self.ref.startswith(TAGS):
            return None
        about = {**about, "tag": self.ref.removeprefix(TAGS)}
        if self.after is None:
            return TagDeleted(**about)
        # Of an annotated tag, `after` is the tag object.
        return Tagged(**about, commit=self.checkout_sha or self.after, before=self.before)


class _Released(BaseModel):
    id: Commit = None


class _Release(_Body):
    action: str
    tag: Annotated[str, StringConstraints(min_length=1)]
    url: str | None = None
    description: str | None = None
    commit: _Released | None = None

    def told(self, about: dict[str, Any]) -> Told | None:
        about, notes = {**about, "tag": self.tag}, self.description or ""
        match self.action:
            case "create":
                return Tagged(**about, commit=self.commit and self.commit.id, url=self.url, notes=notes)
            case "update":
                return ReleaseEdited(**about, notes=notes)
            case "delete":
                return ReleaseDeleted(**about)
        return None


EVENTS: Mapping[str, type[_Body]] = {"Tag Push Hook": _TagPush, "Release Hook": _Release}


def told(event: str, body: bytes) -> Told | None:
    """What GitLab tells of a release, or None where it is about something else.

    Raises pydantic's ValidationError for a body that is not what GitLab sends.
    """
    kind = EVENTS.get(event)
    if kind is None:
        return None
    said = kind.model_validate_json(body)
    by = f"{HOST}:{said.login}" if said.login else HOST
    return said.told({"host": HOST, "repository": said.project.path_with_namespace, "requested_by": by})

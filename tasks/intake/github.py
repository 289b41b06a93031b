"""GitHub's webhooks: releases, tags that are created, pushed, moved or deleted, and `repository_dispatch`.

Source of the fields: docs.github.com, Webhook events and payloads.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any

from pydantic import AwareDatetime, BaseModel, StringConstraints

from tasks.intake.release import ReleaseBody
from tasks.intake.told import Commit, Host, Login, ReleaseDeleted, ReleaseEdited, Repository, TagDeleted, Tagged, Told

HOST: Host = "github"
TAGS = "refs/tags/"
DISPATCHED = "tminus-release"
"""The `event_type` of a `repository_dispatch` that is meant for us."""


class _Owned(BaseModel):
    full_name: Repository


class _Account(BaseModel):
    login: Login


class Body(BaseModel):
    """What every event has; the host may add what it likes."""

    repository: _Owned
    sender: _Account | None = None

    def told(self, about: dict[str, Any]) -> Told | None:
        """What it says of a release, None where it is about something else. `about` is what every event says."""
        raise NotImplementedError


class _Text(BaseModel):
    tag_name: Annotated[str, StringConstraints(min_length=1)]
    html_url: str | None = None
    body: str | None = None
    draft: bool = False
    updated_at: AwareDatetime | None = None


class ReleaseEvent(Body):
    action: str
    release: _Text

    def told(self, about: dict[str, Any]) -> Told | None:
        if self.release.draft:
            return None  # nobody sees it, and its tag may not be there
        about = {**about, "tag": self.release.tag_name}
        match self.action:
            case "published" | "released" | "prereleased":
                return Tagged(**about, url=self.release.html_url, notes=self.release.body or "")
            case "edited" | "updated":
                return ReleaseEdited(**about, notes=self.release.body or "", at=self.release.updated_at)
            case "deleted" | "unpublished":
                return ReleaseDeleted(**about)
        return None


class CreateEvent(Body):
    ref: str
    ref_type: str

    def told(self, about: dict[str, Any]) -> Told | None:
        return Tagged(**about, tag=self.ref) if self.ref_type == "tag" else None


class DeleteEvent(Body):
    ref: str
    ref_type: str

    def told(self, about: dict[str, Any]) -> Told | None:
        return TagDeleted(**about, tag=self.ref) if self.ref_type == "tag" else None


class _Head(BaseModel):
    id: Commit = None


class PushEvent(Body):
    ref: str
    after: Commit
    before: Commit = None
    deleted: bool = False
    head_commit: _Head | None = None

    def told(self, about: dict[str, Any]) -> Told | None:
        if not self.ref.startswith(TAGS):
            return None
        about = {**about, "tag": self.ref.removeprefix(TAGS)}
        if self.deleted or self.after is None:
            return TagDeleted(**about)  # of an annotated tag, `before` is no commit
        # Of an annotated tag, `after` is the tag object.
        return Tagged(**about, commit=(self.head_commit and self.head_commit.id) or self.after, before=self.before)


class DispatchEvent(Body):
    """Somebody called `POST /repos/{owner}/{repo}/dispatches`; the payload is ours, the repository is the signer's."""

    action: str
    client_payload: ReleaseBody | None = None

    def told(self, about: dict[str, Any]) -> Told | None:
        if self.action != DISPATCHED or self.client_payload is None:
            return None
        return self.client_payload.told(about["host"], repository=about["repository"], by=about["requested_by"])


EVENTS: Mapping[str, type[Body]] = {
    "release": ReleaseEvent,
    "create": CreateEvent,
    "delete": DeleteEvent,
    "push": PushEvent,
    "repository_dispatch": DispatchEvent,
}


def told(event: str, body: bytes, host: Host = HOST) -> Told | None:
    """What GitHub tells of a release, or None where it is about something else.

    Raises pydantic's ValidationError for a body that is not what GitHub sends.
    """
    kind = EVENTS.get(event)
    if kind is None:
        return None
    said = kind.model_validate_json(body)
    by = f"{host}:{said.sender.login}" if said.sender else host
    return said.told({"host": host, "repository": said.repository.full_name, "requested_by": by})

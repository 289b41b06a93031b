"""From the signed body of a release webhook to the launch it asks for: pure, and sceptical of every text in it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Any

from pydantic import AfterValidator, BaseModel, StringConstraints

from checklists.organisation import REPOSITORY, Organisation, Product
from checklists.request import LaunchRequest
from checklists.value import Value
from checklists.versions import SAFE_TAG, step, version_of
from ledger.receipts import Receipt
from tasks.opening import chosen
from templates.words import clean, cut, web

SOURCE = "github"
NOTES, ADDRESS = 8_000, 500  # what a LaunchRequest holds
TAGS = "refs/tags/"


def _is_safe(tag: str) -> bool:
    return SAFE_TAG.fullmatch(tag) is not None and ".." not in tag


def _spelled(tag: str) -> str:
    """A tag no release has, in plain ASCII with its control characters visible; it can be kept and shown anywhere."""
    return tag if _is_safe(tag) else f"'{ascii(tag)[1:-1][:196]}'"


Repository = Annotated[str, StringConstraints(pattern=REPOSITORY, max_length=200)]
Commit = Annotated[str, StringConstraints(pattern=r"^([0-9a-f]{40}|[0-9a-f]{64})$")]
Login = Annotated[str, StringConstraints(min_length=1, max_length=200), AfterValidator(clean)]


class Tagged(Value):
    """A release tag as a webhook tells of it."""

    repository: Repository
    tag: Annotated[str, AfterValidator(_spelled)]
    commit: Commit | None = None
    url: Annotated[str | None, AfterValidator(lambda url: _address(url))] = None
    notes: Annotated[str, AfterValidator(lambda notes: cut(clean(notes), NOTES))] = ""
    requested_by: str = SOURCE

    @property
    def release_key(self) -> str:
        """One for everything that is told of a tag, made of what was signed: a delivery's id is not."""
        return f"{SOURCE}:{self.repository.lower()}:{self.tag}"


@dataclass(frozen=True, slots=True)
class Ignored:
    """No launch follows from this tag; why, and what to do about it."""

    reason: str


def _address(url: str | None) -> str | None:
    """A web address a launch can show, whole or not at all."""
    return web(url) or None if url and len(url) <= ADDRESS else None


class _Owned(BaseModel):
    full_name: Repository


class _Account(BaseModel):
    login: Login


class _Body(BaseModel):
    """What every event has; GitHub may add what it likes."""

    repository: _Owned
    sender: _Account | None = None

    @property
    def facts(self) -> dict[str, Any] | None:
        """What the event says of a release tag, None where it is about something else."""
        raise NotImplementedError


class _Text(BaseModel):
    tag_name: Annotated[str, StringConstraints(min_length=1)]
    html_url: str | None = None
    body: str | None = None


class _ReleaseEvent(_Body):
    action: str
    release: _Text

    @property
    def facts(self) -> dict[str, Any] | None:
        if self.action != "published":
            return None
        return {"tag": self.release.tag_name, "url": self.release.html_url, "notes": self.release.body or ""}


class _CreateEvent(_Body):
    ref: str
    ref_type: str

    @property
    def facts(self) -> dict[str, Any] | None:
        return {"tag": self.ref} if self.ref_type == "tag" else None


class _Head(BaseModel):
    id: Commit


class _PushEvent(_Body):
    ref: str
    after: Commit
    deleted: bool = False
    head_commit: _Head | None = None

    @property
    def facts(self) -> dict[str, Any] | None:
        if self.deleted or not self.ref.startswith(TAGS):
            return None
        # Of an annotated tag, `after` is the tag object.
        return {"tag": self.ref.removeprefix(TAGS), "commit": self.head_commit.id if self.head_commit else self.after}


EVENTS: dict[str, type[_Body]] = {"release": _ReleaseEvent, "create": _CreateEvent, "push": _PushEvent}


def tagged(event: str, body: bytes) -> Tagged | None:
    """The release tag GitHub tells of, or None where it is about something else.

    Raises pydantic's ValidationError for a body that is not what GitHub sends.
    """
    said = EVENTS[event].model_validate_json(body)
    if said.facts is None:
        return None
    by = f"{SOURCE}:{said.sender.login}" if said.sender else SOURCE
    return Tagged(repository=said.repository.full_name, requested_by=by, **said.facts)


def asked_for(tag: Tagged, organisation: Organisation) -> LaunchRequest | Ignored:
    """The launch this tag asks for, as the organisation is now."""
    if not _is_safe(tag.tag):
        return Ignored(f"{tag.tag} has signs that no release tag has; nothing is done with it")
    products = _of_repository(tag.repository, organisation)
    if not products:
        return Ignored(f"no product in the organisation file has the repository {tag.repository}; add it there")
    versions = {key: version for key, one in products.items() if (version := version_of(tag.tag, one.tags))}
    if not versions:
        patterns = _listed(one.tags for one in products.values())
        return Ignored(f"{tag.tag} is no release tag of {tag.repository}, where they read like {patterns}")
    if len(versions) > 1:
        return Ignored(f"{tag.tag} fits {_listed(versions)}; give them different `tags` in the organisation file")
    (key, version), *_ = versions.items()
    return _requested(tag, key, products[key], version)


def _requested(tag: Tagged, key: str, product: Product, version: str) -> LaunchRequest | Ignored:
    if chosen(product, version) == "ignore":
        return Ignored(f"{key} starts nothing for a {step(version)} version such as {version}")
    told = tag.model_dump(by_alias=False)
    return LaunchRequest(product=key, version=version, receipt=tag.release_key, **told)


def _of_repository(repository: str, organisation: Organisation) -> dict[str, Product]:
    name = repository.lower()
    return {key: one for key, one in organisation.products.items() if (one.repository or "").lower() == name}


def _listed(names: Iterable[str]) -> str:
    return " and ".join(sorted({f"`{name}`" for name in names}))


def receipt_of(tag: Tagged, answer: LaunchRequest | Ignored, event: str, delivery_id: str, at: datetime) -> Receipt:
    """The receipt to keep: with the request that starts the launch, or with what was told and why it starts none."""
    reason = answer.reason if isinstance(answer, Ignored) else ""
    return Receipt(
        release_key=tag.release_key,
        source=SOURCE,
        delivery_id=delivery_id,
        event=event,
        payload=(tag if isinstance(answer, Ignored) else answer).model_dump(mode="json"),
        received_at=at,
        state="ignored" if reason else "new",
        reason=reason,
    )

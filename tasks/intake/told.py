"""What doors are told of a release: the same values whoever tells it, and no text in them is trusted."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, AwareDatetime, BeforeValidator, Field, StringConstraints, model_validator

from checklists.common import Key
from checklists.organisation import REPOSITORY
from checklists.value import Value
from checklists.versions import SAFE_TAG
from templates.words import clean, cut, web

Host = Literal["github", "gitlab", "gitea", "release"]
"""Who tells: a host, by the kind of its software, or any program through the door for releases."""
NOTES, ADDRESS, LOGIN = 8_000, 500, 200  # what a LaunchRequest holds
NOTHING = "0"
"""Hosts write a commit that is none as zeros."""


def is_safe(tag: str) -> bool:
    """Whether a release can have this tag: it reaches keys, addresses and git as it is."""
    return SAFE_TAG.fullmatch(tag) is not None and ".." not in tag


def _spelled(tag: str) -> str:
    """A tag no release has, in plain ASCII with its control characters visible; it can be kept and shown anywhere."""
    return tag if is_safe(tag) else f"'{ascii(tag)[1:-1][:196]}'"


def _address(url: str | None) -> str | None:
    """A web address a launch can show, whole or not at all."""
    return web(url) or None if url and len(url) <= ADDRESS else None


def _somewhere(commit: Any) -> Any:
    return None if isinstance(commit, str) and not commit.strip(NOTHING) else commit


Repository = Annotated[str, StringConstraints(pattern=REPOSITORY, max_length=200)]
Hash = Annotated[str, StringConstraints(pattern=r"^([0-9a-f]{40}|[0-9a-f]{64})$")]
Commit = Annotated[Hash | None, BeforeValidator(_somewhere)]
"""A whole hash; None for the zeros that stand for no commit."""
Login = Annotated[str, StringConstraints(min_length=1, max_length=LOGIN), AfterValidator(clean)]
Notes = Annotated[str, AfterValidator(lambda notes: cut(clean(notes), NOTES))]
Url = Annotated[str | None, AfterValidator(_address)]


class OfTag(Value):
    """Something about a release: by repository and tag, as hosts name it, or by product and version."""

    host: Host = "github"
    repository: Repository | None = None
    product: Key | None = None
    tag: Annotated[str | None, AfterValidator(lambda tag: tag if tag is None else _spelled(tag))] = None
    version: Annotated[str | None, Field(max_length=80)] = None
    requested_by: str = Field("", max_length=254)

    @model_validator(mode="after")
    def named(self) -> OfTag:
        if not (self.repository or self.product):
            raise ValueError("name the `product`, or its `repository`")
        if not (self.tag or self.version):
            raise ValueError("name the `tag` or the `version`")
        return self

    @property
    def release_key(self) -> str:
        """One for everything that is told of a tag, made of what was signed: a delivery's id is not."""
        return f"{self.host}:{self.product or (self.repository or '').lower()}:{self.tag or self.version}"

    @property
    def name(self) -> str:
        """The tag, or the version where nobody named the tag."""
        return self.tag or self.version or ""


class Tagged(OfTag):
    """There is a release with this tag; `before` is where the tag was, of one that was moved."""

    commit: Commit = None
    before: Commit = None
    url: Url = None
    notes: Notes = ""


class ReleaseEdited(OfTag):
    """What the release says is something else now; `at` is when, where the host says that."""

    notes: Notes = ""
    at: AwareDatetime | None = None


class ReleaseDeleted(OfTag):
    """The release is not there any more; its tag may be."""


class TagDeleted(OfTag):
    """The tag is not there any more; `commit` is where it was."""

    commit: Commit = None


Told = Tagged | ReleaseEdited | ReleaseDeleted | TagDeleted
LATER: Mapping[str, type[Told]] = {
    "release-edited": ReleaseEdited,
    "release-deleted": ReleaseDeleted,
    "tag-deleted": TagDeleted,
    "tag-back": Tagged,
}
"""What is told of a release that a launch is about already, by the event its receipt names."""

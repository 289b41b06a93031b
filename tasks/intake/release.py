"""What any program may tell of a release: the payload of `POST /webhooks/release` and of GitHub's dispatches."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, model_validator

from checklists.common import Key
from tasks.intake.told import Hash, Host, ReleaseDeleted, ReleaseEdited, Repository, TagDeleted, Tagged, Told

Action = Literal["published", "edited", "deleted", "tag-deleted"]
LONGEST_NOTES = 200_000
PLAIN = r"^[^\x00-\x1f\x7f]+$"
ONE_WORD = r"^[\x21-\x7e]+$"


class ReleaseBody(BaseModel):
    """A release, by `product` or `repository`, and by `tag` or `version`. No other field is taken."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True, hide_input_in_errors=True)

    action: Action = Field("published", description="What became of the release, or of its tag.")
    product: Key | None = Field(None, description="A product of the organisation file.")
    repository: Repository | None = Field(None, description="`owner/name`, as the organisation file has it.")
    tag: Annotated[str, StringConstraints(min_length=1, max_length=1_000)] | None = Field(
        None, description="The release tag, such as `v2.4.0`."
    )
    version: Annotated[str, StringConstraints(min_length=1, max_length=80, pattern=ONE_WORD)] | None = Field(
        None, description="The version, where there is no tag, or where it is known."
    )
    commit: Hash | None = Field(None, description="The whole hash of the commit that was built.")
    url: Annotated[str, StringConstraints(max_length=500)] | None = Field(
        None, description="Where people see the release."
    )
    notes: Annotated[str, StringConstraints(max_length=LONGEST_NOTES)] = Field(
        "", description="What the release says, in markdown; the first 8,000 characters are kept."
    )
    requested_by: Annotated[str, StringConstraints(min_length=1, max_length=200, pattern=PLAIN)] | None = Field(
        None, description="Who released it."
    )

    @model_validator(mode="after")
    def named(self) -> ReleaseBody:
        if not (self.tag or self.version):
            raise ValueError("name the `tag` or the `version`")
        return self

    def told(self, host: Host, *, repository: str | None = None, by: str = "") -> Told:
        """What it says. Raises ValidationError where it names neither product nor repository."""
        about: dict[str, Any] = {
            "host": host,
            "repository": repository or self.repository,
            "product": self.product,
            "tag": self.tag,
            "version": self.version,
            "requested_by": by or ":".join(filter(None, (host, self.requested_by))),
        }
        match self.action:
            case "edited":
                return ReleaseEdited(**about, notes=self.notes)
            case "deleted":
                return ReleaseDeleted(**about)
            case "tag-deleted":
                return TagDeleted(**about, commit=self.commit)
        return Tagged(**about, commit=self.commit, url=self.url, notes=self.notes)


def told(body: bytes) -> Told:
    """What the program tells. Raises pydantic's ValidationError for anything but the documented payload."""
    return ReleaseBody.model_validate_json(body).told("release")

"""The kinds of items a checklist is made of: gate, training, todo, check, announce."""

from __future__ import annotations

from datetime import timedelta
from typing import Annotated, Any, ClassVar, Literal

from pydantic import Discriminator, Field, Tag, model_validator

from checklists.binding import Binding
from checklists.checks import CHECKS, CommandCheck, GithubStatusCheck, HttpCheck, LinksCheck
from checklists.common import Common, Key, Text
from checklists.dates import RelativeDate
from checklists.hours import Hours
from checklists.notes.change import Audience
from checklists.quorum import QuorumLine
from checklists.value import Value

ChangeType = Literal["action", "security", "new", "improved", "fixed", "removed"]
PERCENT = r"^(100|[1-9]?\d)%$"
GAP = r"^[1-9][0-9]{0,2}[mh]$"
UNITS = {"m": "minutes", "h": "hours"}


class Gate(Common):
    """People sign it: every quorum line must be met by distinct people."""

    kind: ClassVar[str] = "gate"
    gate: Text = Field(description="What is signed, in a few words.")
    sign: tuple[QuorumLine, ...] = Field(
        min_length=1, max_length=20, description="Who signs: one line a role, all met."
    )
    evidence: tuple[Key, ...] = Field((), description="Names of what a signer must have in front of them.")
    bound_to: Binding | None = Field(None, description="What is signed: when it changes, the gate is open again.")
    self_sign: Literal["barred", "allowed"] = Field(
        "barred", description="Whether authors of what the gate is bound to may sign it; shown wherever it is used."
    )

    @property
    def roles(self) -> tuple[str, ...]:
        return tuple(role for line in self.sign for role in line.roles)


class TrainingPlan(Value):
    """Who has to know what before customers ask them."""

    audience: Key = Field(description="The role that has to be ready.")
    pass_: str = Field("100%", pattern=PERCENT, description="How many of them at least.")
    materials: tuple[Text, ...] = Field(min_length=1, description="Files beside the checklist, or addresses of pages.")


class Training(Common):
    """A gate with materials: the audience's lead signs that its people are ready."""

    kind: ClassVar[str] = "training"
    training: TrainingPlan
    sign: tuple[QuorumLine, ...] = Field((), max_length=20, description="Who signs; `1 of` the audience when unsaid.")

    @property
    def label(self) -> str:
        return self.title or f"Training for {self.training.audience}"

    @property
    def quorum(self) -> tuple[QuorumLine, ...]:
        return self.sign or (QuorumLine(count=1, of=(self.training.audience,)),)

    @property
    def roles(self) -> tuple[str, ...]:
        return tuple(role for line in self.quorum for role in line.roles)


class Todo(Common):
    """A person marks it done; its owner, where it has one."""

    kind: ClassVar[str] = "todo"
    todo: Text = Field(description="What is to be done, in a few words.")

    @property
    def roles(self) -> tuple[str, ...]:
        return (self.owner,) if self.owner else ()


class After(Value):
    """What has to have ended before, and for how long at least: colleagues know it before customers ask them."""

    item: Key = Field(description="It waits for this item as if it stood among its needs.")
    gap: str = Field(pattern=GAP, description="How long at least between the end of that item and this: `30m`, `2h`.")

    @property
    def least(self) -> timedelta:
        return timedelta(**{UNITS[self.gap[-1]]: int(self.gap[:-1])})


class Announcement(Value):
    """To whom, over which channels, not before when, in which words (a folder of `templates/`)."""

    audience: Key = Field(description="An audience of this file or of the organisation file.")
    channels: tuple[Key, ...] = Field(min_length=1, description="Channels of the organisation file.")
    at: RelativeDate | None = Field(None, description="Not before this moment, such as `T+0 09:00`.")
    until: RelativeDate | None = Field(
        None, description="Not after this moment, such as `T+0 18:00`: what has not left by then never does."
    )
    window: Hours | None = Field(
        None, description="Mailed only between these hours of each reader's own day, such as `09:00-17:00`."
    )
    after: After | None = Field(None, description="In which order, such as colleagues before customers.")
    message: Key = Field("announcement", description="The folder of `templates/` that holds the words.")
    topics: tuple[Key, ...] = Field((), max_length=20, description="What it is about, for those who follow a topic.")
    types: tuple[ChangeType, ...] = Field(
        (), description="The change types readers filter by; told from the headings of the notes when unsaid."
    )
    urgent: bool = Field(False, description="Mailed at once also to those who read a digest.")

    @model_validator(mode="after")
    def has_time(self) -> Announcement:
        if self.at and self.until and self.until.place <= self.at.place:
            raise ValueError(
                f'"until: {self.until}" is not after "at: {self.at}", so it could never leave; make it later'
            )
        return self


class Announce(Common):
    """A message that leaves once, to everybody in its audience."""

    kind: ClassVar[str] = "announce"
    announce: Announcement

    @property
    def label(self) -> str:
        return self.title or f"Announce to {self.announce.audience}"

    @property
    def waits_for(self) -> tuple[str, ...]:
        after = self.announce.after
        return (*self.needs, after.item) if after and after.item not in self.needs else self.needs


class NotesPlan(Value):
    """For whom there are notes."""

    audiences: tuple[Audience, ...] = Field(
        min_length=1, max_length=4, description="Who reads them, each in its words."
    )


class Notes(Common):
    """Release notes: drafted from what changed, edited by people, held back until nothing is missing in them."""

    kind: ClassVar[str] = "notes"
    notes: NotesPlan

    @property
    def label(self) -> str:
        return self.title or "Release notes"


KINDS = ("gate", "training", "todo", "check", "announce", "notes")


def _tag(value: Any) -> str | None:
    """Which model an item is read with: the kind key it carries, and for a check what it checks."""
    given = value if isinstance(value, dict) else {kind: getattr(value, kind, None) for kind in KINDS}
    kind = next((kind for kind in KINDS if given.get(kind) is not None), None)
    return f"check {given['check']}" if kind == "check" else kind


Item = Annotated[
    Annotated[Gate, Tag("gate")]
    | Annotated[Training, Tag("training")]
    | Annotated[Todo, Tag("todo")]
    | Annotated[LinksCheck, Tag("check links")]
    | Annotated[HttpCheck, Tag("check http")]
    | Annotated[GithubStatusCheck, Tag("check github-status")]
    | Annotated[CommandCheck, Tag("check command")]
    | Annotated[Announce, Tag("announce")]
    | Annotated[Notes, Tag("notes")],
    Discriminator(
        _tag,
        custom_error_type="item_kind",
        custom_error_message=f"an item needs exactly one of {', '.join(KINDS)}; a check is one of {', '.join(CHECKS)}",
    ),
]


def quorum(item: Item) -> tuple[QuorumLine, ...]:
    """The lines people have to meet; empty for items nobody signs."""
    if isinstance(item, Gate):
        return item.sign
    return item.quorum if isinstance(item, Training) else ()


def binding(item: Item) -> Binding:
    """What the item's result is bound to. Checks of the commit look at another one anew, and its notes tell of it."""
    if isinstance(item, Gate) and item.bound_to:
        return item.bound_to
    return Binding(to="code" if isinstance(item, GithubStatusCheck | CommandCheck | Notes) else "nothing")

"""The kinds of items a checklist is made of: gate, training, todo, check, announce."""

from __future__ import annotations

import re
from typing import Annotated, Any, ClassVar, Literal

from pydantic import BeforeValidator, Discriminator, Field, StringConstraints, Tag

from checklists.binding import KEY, Binding
from checklists.dates import RelativeDate
from checklists.quorum import QuorumLine
from checklists.reminding import BusinessDays, Ladder
from checklists.value import Value

ONE_LINE = r"^[^\x00-\x1f\x7f]*$"
PERCENT = r"^(100|[1-9]?\d)%$"

Key = Annotated[str, StringConstraints(pattern=KEY, max_length=60)]
Text = Annotated[str, StringConstraints(min_length=1, max_length=200, strip_whitespace=True, pattern=ONE_LINE)]


def _seconds(value: Any) -> Any:
    found = re.fullmatch(r"(\d{1,5})([smh])", value, re.ASCII) if isinstance(value, str) else None
    if isinstance(value, str) and not found:
        raise ValueError(f"a time reads like 90 (seconds), '30s', '5m' or '1h', not {value!r}")
    return int(found[1]) * {"s": 1, "m": 60, "h": 3600}[found[2]] if found else value


_Seconds = int | Annotated[str, StringConstraints(pattern=r"^\d{1,5}[smh]$")]
Seconds = Annotated[
    int, BeforeValidator(_seconds, json_schema_input_type=_Seconds), Field(strict=True, ge=0, le=86_400)
]
"""Whole seconds, written `90`, `30s`, `5m` or `1h`."""


class Common(Value):
    """What every item has: what it waits for, when it is due, whose it is."""

    kind: ClassVar[str]
    title: Text | None = Field(None, description="What people call the item, where its kind says too little.")
    needs: tuple[Key, ...] = Field((), description="The items that must have ended before this one opens.")
    due: RelativeDate | None = Field(None, description="In business days from the launch day, such as `T-3d`.")
    owner: Key | None = Field(None, description="The role that looks after this item.")
    about: str | None = Field(None, max_length=2000, description="What to look at, in markdown; shown with the item.")
    remind: BusinessDays | None = Field(None, description="How long before it is due people are reminded; `0d` never.")
    escalate: Ladder | None = Field(None, description="Who is told when it is late: `[1d: team-lead]`.")

    @property
    def label(self) -> str:
        """What people call the item."""
        return self.title or str(getattr(self, self.kind))

    @property
    def roles(self) -> tuple[str, ...]:
        """The roles somebody of which has to act before this item can end; empty for automated items."""
        return ()


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


class Automated(Common):
    """Something a machine finds out, as often as `retries` allows, before a person is asked."""

    kind: ClassVar[str] = "check"
    retries: int = Field(2, strict=True, ge=0, le=20)
    retry_delay: Seconds = 5
    timeout: Seconds = 60


class LinkTargets(Value):
    """What to look for links in. `{product}`, `{version}`, `{tag}` and `{commit}` are filled in."""

    files: tuple[Text, ...] = Field((), description="Files beside the checklist.")
    pages: tuple[Text, ...] = Field((), description="Addresses of pages; every link on them must answer.")


class LinksCheck(Automated):
    """Every link in the named files or pages answers."""

    check: Literal["links"]
    with_: LinkTargets = LinkTargets()


class HttpTarget(Value):
    """One address and the status it must answer with."""

    url: Text
    status: int = Field(200, strict=True, ge=100, le=599)


class HttpCheck(Automated):
    """An address answers with a status."""

    check: Literal["http"]
    with_: HttpTarget


class GithubStatusCheck(Automated):
    """All checks of the launch's commit are green on GitHub."""

    check: Literal["github-status"]


class CommandLine(Value):
    """A program in the checklist's folder and its arguments; never a shell."""

    run: tuple[Text, ...] = Field(min_length=1)


class CommandCheck(Automated):
    """A program beside the checklist ends with status 0."""

    check: Literal["command"]
    with_: CommandLine


class Announcement(Value):
    """To whom, over which channels, not before when, in which words (a folder of `templates/`)."""

    audience: Key = Field(description="An audience of the organisation file.")
    channels: tuple[Key, ...] = Field(min_length=1, description="Channels of the organisation file.")
    at: RelativeDate | None = Field(None, description="Not before this moment, such as `T+0 09:00`.")
    message: Key = Field("announcement", description="The folder of `templates/` that holds the words.")


class Announce(Common):
    """A message that leaves once, to everybody in its audience."""

    kind: ClassVar[str] = "announce"
    announce: Announcement

    @property
    def label(self) -> str:
        return self.title or f"Announce to {self.announce.audience}"


KINDS = ("gate", "training", "todo", "check", "announce")
CHECKS = ("links", "http", "github-status", "command")


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
    | Annotated[Announce, Tag("announce")],
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
    """What the item's result is bound to. A check of the commit looks at another one anew; other items are free."""
    if isinstance(item, Gate) and item.bound_to:
        return item.bound_to
    return Binding(to="code" if isinstance(item, GithubStatusCheck | CommandCheck) else "nothing")

"""The organisation: its people and their roles, its products, its audiences and channels."""

from __future__ import annotations

import re
from datetime import date, time
from ipaddress import ip_network
from typing import Annotated, Any, Literal

from pydantic import (
    AfterValidator,
    ConfigDict,
    Field,
    GetJsonSchemaHandler,
    StringConstraints,
    model_serializer,
    model_validator,
)
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import CoreSchema

from checklists.common import Key, Text
from checklists.dates import Calendar, Timezone
from checklists.git_address import GitAddress
from checklists.notes.change import Audience as NotesFor
from checklists.notes.findings import Style
from checklists.people import MANAGERS, Delegation, Directory, Member
from checklists.value import Value
from checklists.versions import TagPattern

ADDRESS = r'^[^@\s<>,;:"()\[\]\\\x00-\x1f\x7f]{1,64}@[A-Za-z0-9]([A-Za-z0-9.-]{0,251}[A-Za-z0-9])?$'
REPOSITORY = r"^[\w.-]*\w[\w.-]*(/[\w.-]*\w[\w.-]*)+$"
VARIABLE = r"^[A-Z][A-Z0-9_]*$"
HOURS = r"^([01]\d|2[0-3]):([0-5]\d)-([01]\d|2[0-3]):([0-5]\d)$"
ALIAS = r"^[^\s\x00-\x1f\x7f]+$"
Address = Annotated[str, StringConstraints(pattern=ADDRESS, max_length=254), AfterValidator(str.lower)]
"""A mail address, folded to lower case: one person is one key."""
Alias = Annotated[str, StringConstraints(pattern=ALIAS, max_length=254), AfterValidator(str.lower)]
"""Another name of a person, folded to lower case: an address they commit with, or a login such as `github:ada`."""
Supersede = Literal["parallel", "queue", "replace"]


def _network(text: str) -> str:
    try:
        ip_network(text)
    except ValueError as error:
        raise ValueError(f"{error}; a network reads like '127.0.0.0/8'") from error
    return text


Network = Annotated[str, AfterValidator(_network)]


class Absence(Value):
    """Days on which somebody does not sign, both included, and who signs for them."""

    from_: date
    to: date
    delegate: Address | None = Field(None, description="Who signs for them in these days.")

    @model_validator(mode="after")
    def forwards(self) -> Absence:
        if self.to < self.from_:
            raise ValueError(f"an absence ends after it begins; {self.to} is before {self.from_}")
        return self


class WorkingHours(Value):
    """Local times between which people are reminded; written `09:00-17:00`."""

    model_config = ConfigDict(frozen=True)

    starts: time
    ends: time

    @model_validator(mode="before")
    @classmethod
    def parse(cls, value: Any) -> Any:
        if not isinstance(value, str):
            return value
        starts, _, ends = value.partition("-")
        if not re.fullmatch(HOURS, value, re.ASCII) or starts >= ends:
            raise ValueError(f"working hours read like '09:00-17:00', not {value!r}")
        return {"starts": starts, "ends": ends}

    @model_serializer
    def written(self) -> str:
        return f"{self.starts:%H:%M}-{self.ends:%H:%M}"

    @classmethod
    def __get_pydantic_json_schema__(cls, core: CoreSchema, handler: GetJsonSchemaHandler) -> JsonSchemaValue:
        return {"type": "string", "pattern": HOURS, "examples": ["09:00-17:00"]}


class Person(Value):
    """Somebody who may act: the roles decide what they may sign."""

    name: Text
    roles: tuple[Key, ...] = ()
    timezone: Timezone | None = None
    also: tuple[Alias, ...] = Field((), description="Their other names: git addresses, logins such as `github:ada`.")
    absences: tuple[Absence, ...] = ()
    hours: WorkingHours = Field(
        WorkingHours(starts=time(9), ends=time(17)), description="When they may be reminded, in their time zone."
    )
    slack_env: Annotated[str, StringConstraints(pattern=VARIABLE)] | None = Field(
        None, description="The environment variable with an incoming webhook that only they read."
    )


class ChecklistChoice(Value):
    """Which checklist a version step starts; `ignore` starts none."""

    major: Key = "saas-feature"
    minor: Key = "saas-feature"
    patch: Key = "hotfix"
    pre_release: Key = "ignore"


class Product(Value):
    """Something that is launched."""

    title: Text
    repository: Annotated[str, StringConstraints(pattern=REPOSITORY, max_length=200)] | None = Field(
        None, description="`owner/name`; a release tag there starts a launch."
    )
    host: Literal["github", "gitlab", "gitea"] = Field("github", description="Whose the repository is.")
    watch: Literal["no", "rest"] = Field(
        "no", description="Look for new tags where no webhook can tell of them: `rest` asks the host's API."
    )
    tags: TagPattern = Field("v{version}", description="How its release tags read; other tags start nothing.")
    checklists: ChecklistChoice = ChecklistChoice()
    timezone: Timezone = "UTC"
    holidays: tuple[date, ...] = Field((), description="Days nobody works, such as `2026-12-25`.")
    pages: tuple[Text, ...] = Field((), description="Its public pages; a `links` check without targets reads them.")
    git: GitAddress | None = Field(
        None,
        description="The address or folder git reads it from; it tells who wrote a release, and what a retag changes.",
    )
    style: Style = Field(Style(), description="What its release notes must not say, and what they must.")
    supersede: Supersede = Field(
        "parallel", description="What a newer version does to an older launch that is still open."
    )

    @property
    def calendar(self) -> Calendar:
        return Calendar(timezone=self.timezone, holidays=self.holidays)


class Audience(Value):
    """Who hears: everybody with one of these roles, and these addresses."""

    title: Text | None = None
    roles: tuple[Key, ...] = ()
    addresses: tuple[Address, ...] = ()
    external: bool = Field(False, description="Customers: mails carry a postal address.")
    reads: NotesFor | None = Field(None, description="Whose notes they get; if unsaid, customers' or internal ones.")

    @property
    def notes(self) -> NotesFor:
        return self.reads or ("customer" if self.external else "internal")


class Channel(Value):
    """A way out. `email` goes to each address; `slack` posts once to the address kept in `webhook-env`."""

    kind: Literal["email", "slack"]
    webhook_env: Annotated[str, StringConstraints(pattern=VARIABLE)] | None = None


class Organisation(Value):
    """The whole file."""

    organisation: Text
    people: dict[Address, Person] = Field(default_factory=dict, description="By mail address.")
    products: dict[Key, Product] = Field(default_factory=dict, description="By the name commands use.")
    audiences: dict[Key, Audience] = Field(default_factory=dict, description="By the name announcements use.")
    channels: dict[Key, Channel] = Field(default_factory=lambda: {"email": Channel(kind="email")})
    waivers: Key = Field(MANAGERS, description="The role that may waive an item; never its owner, never its author.")
    allow_private_addresses: tuple[Network, ...] = Field(
        (), description="Networks a check may reach although they are private, such as `127.0.0.0/8`."
    )

    def calendar_of(self, product: str) -> Calendar:
        """The product's; one without holidays, in UTC, where the organisation has dropped it."""
        known = self.products.get(product)
        return known.calendar if known else Calendar()

    def directory(self, granted: tuple[Delegation, ...] = ()) -> Directory:
        """Everybody, with the absences of this file and the delegations that were granted by command.

        Whoever lets somebody sign for them in these days is away in these days.
        """
        absences = [
            Delegation(who, one.delegate, one.from_, one.to)
            for who, person in self.people.items()
            for one in person.absences
            if one.delegate
        ]
        members = (_member(who, person, granted) for who, person in self.people.items())
        return Directory(tuple(members), (*absences, *granted))


def _member(who: str, person: Person, granted: tuple[Delegation, ...]) -> Member:
    away = [(one.from_, one.to) for one in person.absences]
    away += [(one.starts, one.ends) for one in granted if one.who == who]
    return Member(who, person.name, person.roles, person.also, tuple(away), person.timezone)

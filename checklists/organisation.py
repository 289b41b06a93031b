"""The organisation: its people and their roles, its products, its audiences and channels."""

from __future__ import annotations

from datetime import date
from ipaddress import ip_network
from typing import Annotated, Literal

from pydantic import AfterValidator, Field, StringConstraints

from checklists.dates import Calendar, Timezone
from checklists.items import Key, Text
from checklists.value import Value
from checklists.versions import TagPattern

ADDRESS = r'^[^@\s<>,;:"()\[\]\\\x00-\x1f\x7f]{1,64}@[A-Za-z0-9]([A-Za-z0-9.-]{0,251}[A-Za-z0-9])?$'
REPOSITORY = r"^[\w.-]+/[\w.-]+$"
VARIABLE = r"^[A-Z][A-Z0-9_]*$"
Address = Annotated[str, StringConstraints(pattern=ADDRESS, max_length=254), AfterValidator(str.lower)]
"""A mail address, folded to lower case: one person is one key."""


def _network(text: str) -> str:
    try:
        ip_network(text)
    except ValueError as error:
        raise ValueError(f"{error}; a network reads like '127.0.0.0/8'") from error
    return text


Network = Annotated[str, AfterValidator(_network)]


class Person(Value):
    """Somebody who may act: the roles decide what they may sign."""

    name: Text
    roles: tuple[Key, ...] = ()
    timezone: Timezone | None = None


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
    tags: TagPattern = Field("v{version}", description="How its release tags read; other tags start nothing.")
    checklists: ChecklistChoice = ChecklistChoice()
    timezone: Timezone = "UTC"
    holidays: tuple[date, ...] = Field((), description="Days nobody works, such as `2026-12-25`.")
    pages: tuple[Text, ...] = Field((), description="Its public pages; a `links` check without targets reads them.")

    @property
    def calendar(self) -> Calendar:
        return Calendar(timezone=self.timezone, holidays=self.holidays)


class Audience(Value):
    """Who hears: everybody with one of these roles, and these addresses."""

    title: Text | None = None
    roles: tuple[Key, ...] = ()
    addresses: tuple[Address, ...] = ()
    external: bool = Field(False, description="Customers: mails carry a postal address.")


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
    allow_private_addresses: tuple[Network, ...] = Field(
        (), description="Networks a check may reach although they are private, such as `127.0.0.0/8`."
    )

"""The organisation: its people and their roles, its products, its audiences and channels."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Literal

from pydantic import AfterValidator, Field, StringConstraints

from checklists.dates import Calendar
from checklists.items import Key, Text
from checklists.value import Value
from checklists.versions import TagPattern

ADDRESS = r"^[^@\s<>,;:\"()\[\]\\\x00-\x1f\x7f]{1,64}@[A-Za-z0-9]([A-Za-z0-9.-]{0,251}[A-Za-z0-9])?$"
Address = Annotated[str, StringConstraints(pattern=ADDRESS, max_length=254), AfterValidator(str.lower)]
"""A mail address, folded to lower case: one person is one key."""


class Person(Value):
    """Somebody who may act: the roles decide what they may sign."""

    name: Text
    roles: tuple[Key, ...] = ()
    timezone: str | None = None


class ChecklistChoice(Value):
    """Which checklist a version step starts; `ignore` starts none."""

    major: Key = "saas-feature"
    minor: Key = "saas-feature"
    patch: Key = "hotfix"
    pre_release: Key | Literal["ignore"] = "ignore"


class Product(Value):
    """Something that is launched."""

    title: Text
    repository: Annotated[str, StringConstraints(pattern=r"^[\w.-]+/[\w.-]+$", max_length=200)] | None = None
    tags: TagPattern = "v{version}"
    checklists: ChecklistChoice = ChecklistChoice()
    timezone: str = "UTC"
    holidays: tuple[date, ...] = ()

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
    webhook_env: Annotated[str, StringConstraints(pattern=r"^[A-Z][A-Z0-9_]*$")] | None = None


class Organisation(Value):
    """The whole file."""

    organisation: Text
    people: dict[Address, Person] = Field(default_factory=dict)
    products: dict[Key, Product] = Field(default_factory=dict)
    audiences: dict[Key, Audience] = Field(default_factory=dict)
    channels: dict[Key, Channel] = Field(default_factory=lambda: {"email": Channel(kind="email")})
    allow_private_addresses: tuple[str, ...] = Field(
        (), description="Networks a check may reach although they are private, such as `127.0.0.0/8`."
    )

"""What somebody, or a release, asks for when a launch is to begin."""

from __future__ import annotations

from datetime import date

from pydantic import ConfigDict, Field

from checklists.common import Key
from checklists.entries import Form
from checklists.value import Value

MANY = 1_000_000
PLAIN_NAMES = ConfigDict(alias_generator=None)
"""Flow parameters are typed into forms and templates: their names have no dashes."""


class LaunchRequest(Value):
    """The parameters of the `launch` flow, of the event `tminus.release.tagged`, and of `tminus start`."""

    model_config = PLAIN_NAMES

    product: Key
    version: str = Field(min_length=1, max_length=80)
    checklist: Key | None = Field(None, description="The product's own choice for this kind of version when empty.")
    tag: str | None = Field(None, max_length=200)
    commit: str | None = Field(None, max_length=64)
    repository: str | None = Field(None, max_length=200)
    url: str | None = Field(None, max_length=500)
    notes: str = Field("", max_length=8_000)
    launch_on: date | None = None
    requested_by: str = Field("tminus", max_length=254)
    receipt: str | None = Field(None, max_length=500, description="The key of the webhook receipt behind this.")


class ItemRun(Value):
    """The parameters of the flow runs that stand for an item: which item, in which round, the how-manieth run."""

    model_config = PLAIN_NAMES

    launch_id: str = Field(max_length=160)
    item: Key
    round: int = Field(ge=1, le=MANY)
    number: int = Field(ge=1, le=MANY)
    form: Form

"""The base of every value: frozen, and impossible to build wrong."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict


class Value(BaseModel):
    """An immutable model that refuses unknown keys; written and read by its YAML names (`bound-to`)."""

    model_config = ConfigDict(
        frozen=True,
        extra="forbid",
        alias_generator=lambda name: name.rstrip("_").replace("_", "-"),
        populate_by_name=True,
        serialize_by_alias=True,
    )

"""What a product's notes must not say, and what they must."""

from __future__ import annotations

from pydantic import Field

from checklists.value import Value


class Style(Value):
    """A product's own rules for its notes."""

    banned: dict[str, str] = Field(default_factory=dict, description="A word, and what to write instead of it.")
    required: tuple[str, ...] = Field((), description="Terms that the notes for customers have to contain.")
    internal_hosts: tuple[str, ...] = Field((), description="Ends of host names that no customer may read.")

"""Who hears: an audience of the organisation file or of a checklist, and what one can subscribe to."""

from __future__ import annotations

from collections.abc import Iterable

from pydantic import Field, model_validator

from checklists.audience_rule import Rule
from checklists.common import Key, Text
from checklists.mail_address import Address
from checklists.notes.change import Audience as NotesFor
from checklists.value import Value

LAUNCHED = "launched-product"
"""As a topic of an audience: the product of the launch, whichever it is."""


class Topic(Value):
    """Something people subscribe to: a product, an area, a single item of the roadmap."""

    title: Text
    about: Text | None = Field(None, description="One line beside its box on the sign-up and preferences pages.")
    offered: bool = Field(True, description="Whether everybody may choose it; if not, it is given by import.")


class Audience(Value):
    """Who hears: everybody with one of these roles, these addresses, and the subscribers whom the rule means."""

    title: Text | None = None
    roles: tuple[Key, ...] = ()
    addresses: tuple[Address, ...] = ()
    rule: Rule | None = Field(None, description="Whom it means of all subscribers, by what is known of them.")
    topics: tuple[Key, ...] = Field(
        (),
        max_length=50,
        description="What it is about: of the subscribers, those of one of these topics. `launched-product` is the "
        "product of the launch.",
    )
    external: bool = Field(False, description="Customers: mails carry a postal address.")
    public: bool = Field(
        False, description="What they are told stands on the change channel for everybody, else for them alone."
    )
    reads: NotesFor | None = Field(None, description="Whose notes they get; if unsaid, customers' or internal ones.")

    @model_validator(mode="after")
    def outside_only(self) -> Audience:
        if self.public and not self.external:
            raise ValueError("only what customers are told is for everybody to read; add `external: true`")
        return self

    @property
    def subscribers(self) -> str:
        """Which of the subscribers are meant, in words that change when that does; empty where none are."""
        if self.rule is None and not self.topics:
            return ""
        about = " or ".join("the launched product" if one == LAUNCHED else one for one in self.topics)
        return " ".join(
            ("subscribers", *([f"of {about}"] if about else []), *([f"of whom {self.rule}"] if self.rule else []))
        )

    def topics_of(self, product: str) -> tuple[str, ...]:
        """What it is about where this product is launched."""
        return tuple(dict.fromkeys(product if one == LAUNCHED else one for one in self.topics))

    def topics_of_any(self, products: Iterable[str]) -> tuple[str, ...]:
        """What it is about where any of these products is launched."""
        return tuple(dict.fromkeys(topic for product in (*products, "") for topic in self.topics_of(product)))

    @property
    def notes(self) -> NotesFor:
        return self.reads or ("customer" if self.external else "internal")

"""What every way out has in common: a message and its receivers go in, outcomes come back, nothing is raised."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Annotated, Literal, NamedTuple, Protocol

from pydantic import AfterValidator, Field, StringConstraints

from checklists.common import Key
from checklists.mail_address import Address
from checklists.value import Value
from templates.personal import filled, in_html
from templates.render import Rendered
from templates.words import one_line

DeliveryId = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$")]
OneLine = Annotated[str, AfterValidator(lambda text: one_line(text, 200))]
HeaderLine = Annotated[str, AfterValidator(lambda text: one_line(text, 1_000))]
State = Literal["accepted", "rejected", "unknown", "not_sent"]

PATIENCE = 3600  # seconds; nobody waits longer on the word of a vendor's header


class Parcel(Value):
    """One delivery: a rendered message, the one who gets it, and the id that says which delivery this is."""

    delivery_id: DeliveryId
    recipient: Annotated[str, StringConstraints(pattern=r"^[^\s\x00-\x1f\x7f]+$", max_length=254)]
    sender: Address = Field(description="The mail address it comes from; Slack shows the webhook's own name.")
    sender_name: OneLine = ""
    reply_to: Address | None = Field(None, description="Where answers to a mail go, if not to the sender.")
    content: Rendered
    categories: Annotated[tuple[Key, ...], Field(max_length=10)] = ()
    headers: dict[str, HeaderLine] = Field(default_factory=dict, description="Of a mail, such as List-Unsubscribe.")


class Letter(NamedTuple):
    """One receiver of a message: the delivery's id, the address, and what stands in theirs alone."""

    delivery_id: str
    recipient: str
    facts: Mapping[str, str] = {}
    headers: Mapping[str, str] = {}


@dataclass(frozen=True, slots=True)
class Bulk:
    """One rendered message and everybody who gets it."""

    content: Rendered
    sender: str
    sender_name: str
    letters: Sequence[Letter]
    categories: tuple[str, ...] = field(default=())
    reply_to: str | None = None
    """Where answers go, if not to the sender."""


class Outcome(Value):
    """What became of a parcel. Only `not_sent` may be tried again; `unknown` may have arrived: look it up."""

    state: State
    provider_id: str = ""
    reason: str = ""
    retry_after: float | None = Field(None, ge=0, description="Seconds the vendor asks to wait before the next call.")
    is_divisible: bool = Field(False, description="All were refused for what may be wrong with some: halve it.")
    is_theirs: bool = Field(False, description="Not sent for now, for the receiver's sake: others may get theirs.")
    is_ours: bool = Field(False, description="Refused whoever it is for, until a person changes our settings.")


class Sender(Protocol):
    """A way out. It hands over, once, and translates whatever the vendor or the network does."""

    @property
    def repeatable(self) -> bool:
        """Whether sending the same delivery id twice is harmless."""

    @property
    def most(self) -> int:
        """How many receivers it hands over at once; the fate of so many is unknown where that breaks."""

    def send(self, parcel: Parcel) -> Outcome: ...

    def send_bulk(self, bulk: Bulk) -> Outcome | list[Outcome]:
        """One outcome for all, or one for each letter in their order."""


class OneByOne:
    """For ways out that know one receiver at a time."""

    most = 1

    def send(self, parcel: Parcel) -> Outcome:
        raise NotImplementedError

    def send_bulk(self, bulk: Bulk) -> Outcome | list[Outcome]:
        return [self.send(parcel) for parcel in parcels(bulk)]


def parcels(bulk: Bulk) -> list[Parcel]:
    """Each receiver's own message."""
    return [
        Parcel(
            delivery_id=one.delivery_id,
            recipient=one.recipient,
            sender=bulk.sender,
            sender_name=bulk.sender_name,
            reply_to=bulk.reply_to,
            content=addressed(bulk.content, one.facts),
            categories=bulk.categories,
            headers=dict(one.headers),
        )
        for one in bulk.letters
    ]


def addressed(content: Rendered, facts: Mapping[str, str]) -> Rendered:
    """The message with this receiver's own words in it."""
    return content.model_copy(
        update={
            "subject": filled(content.subject, facts),
            "text": filled(content.text, facts),
            "html": filled(content.html, facts, in_html),
        }
    )


def accepted(provider_id: str = "", retry_after: float | None = None) -> Outcome:
    return Outcome(state="accepted", provider_id=provider_id, retry_after=retry_after)


def rejected(reason: str, *, is_divisible: bool = False, is_ours: bool = False) -> Outcome:
    return Outcome(state="rejected", reason=reason, is_divisible=is_divisible, is_ours=is_ours)


def unknown(reason: str) -> Outcome:
    return Outcome(state="unknown", reason=reason)


def not_sent(
    reason: str, retry_after: float | None = None, *, is_theirs: bool = False, is_ours: bool = False
) -> Outcome:
    return Outcome(state="not_sent", reason=reason, retry_after=retry_after, is_theirs=is_theirs, is_ours=is_ours)


def seconds(wait: float) -> float:
    """A wait a vendor asked for, within reason."""
    return min(wait, PATIENCE) if wait > 1 else 1.0


def words(said: str, *secrets: str) -> str:
    """What a vendor said, fit for a log: one short line without our secrets."""
    for secret in filter(None, secrets):
        said = said.replace(secret, "[secret]")
    return one_line(re.sub(r"<[^>]*>", " ", said[:5000]), 300)

"""What every way out has in common: a parcel goes in, an outcome comes back, nothing is raised."""

from __future__ import annotations

import re
from typing import Annotated, Literal, Protocol

from pydantic import AfterValidator, Field, StringConstraints

from checklists.common import Key
from checklists.organisation import Address
from checklists.value import Value
from templates.render import Rendered
from templates.words import one_line

DeliveryId = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$")]
OneLine = Annotated[str, AfterValidator(lambda text: one_line(text, 200))]
State = Literal["accepted", "rejected", "unknown", "not_sent"]

PATIENCE = 3600  # seconds; nobody waits longer on the word of a vendor's header


class Parcel(Value):
    """One delivery: a rendered message, the one who gets it, and the id that says which delivery this is."""

    delivery_id: DeliveryId
    recipient: Annotated[str, StringConstraints(pattern=r"^[^\s\x00-\x1f\x7f]+$", max_length=254)]
    sender: Address = Field(description="The mail address it comes from; Slack shows the webhook's own name.")
    sender_name: OneLine = ""
    content: Rendered
    categories: Annotated[tuple[Key, ...], Field(max_length=10)] = ()


class Outcome(Value):
    """What became of a parcel. Only `not_sent` may be tried again; `unknown` may have arrived: look it up."""

    state: State
    provider_id: str = ""
    reason: str = ""
    retry_after: float | None = Field(None, ge=0, description="Seconds the vendor asks to wait.")


class Sender(Protocol):
    """A way out. `send` hands one parcel over, once, and translates whatever the vendor or the network does."""

    @property
    def repeatable(self) -> bool:
        """Whether sending the same delivery id twice is harmless."""

    def send(self, parcel: Parcel) -> Outcome: ...


def accepted(provider_id: str = "") -> Outcome:
    return Outcome(state="accepted", provider_id=provider_id)


def rejected(reason: str) -> Outcome:
    return Outcome(state="rejected", reason=reason)


def unknown(reason: str) -> Outcome:
    return Outcome(state="unknown", reason=reason)


def not_sent(reason: str, retry_after: float | None = None) -> Outcome:
    return Outcome(state="not_sent", reason=reason, retry_after=retry_after)


def seconds(wait: float) -> float:
    """A wait a vendor asked for, within reason."""
    return min(wait, PATIENCE) if wait > 1 else 1.0


def words(said: str, *secrets: str) -> str:
    """What a vendor said, fit for a log: one short line without our secrets."""
    for secret in filter(None, secrets):
        said = said.replace(secret, "[secret]")
    return one_line(re.sub(r"<[^>]*>", " ", said[:5000]), 300)

"""What a message looks like and who it comes from: by product, or for the whole organisation."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import AfterValidator, Field, StringConstraints

from checklists.common import ONE_LINE, Text
from checklists.mail_address import Address
from checklists.value import Value

Colour = Annotated[str, StringConstraints(pattern=r"^#[0-9A-Fa-f]{6}$"), AfterValidator(str.lower)]
Picture = Annotated[str, StringConstraints(pattern=r"^https://[^\s\"'<>\\\x00-\x1f\x7f]+$", max_length=500)]
Postal = Annotated[str, StringConstraints(min_length=1, max_length=300, strip_whitespace=True, pattern=ONE_LINE)]

ACCENT = "#1f5fd6"


class Brand(Value):
    """Whatever a product leaves unsaid, the organisation says; what nobody says has a default."""

    name: Text | None = Field(None, description="Whose news this is; the product's title, if unsaid.")
    colour: Colour | None = Field(
        None, description="`#rrggbb`, of buttons and links; where it could not be read, a shade of it is taken."
    )
    logo: Picture | None = Field(None, description="The https address of a picture, shown 32 pixels high.")
    sender: Address | None = Field(None, description="The address mails come from; TMINUS_MAIL_FROM, if unsaid.")
    sender_name: Text | None = Field(None, description="The name mails come from; the organisation, if unsaid.")
    reply_to: Address | None = Field(None, description="Where answers go, if not to the sender.")
    postal_address: Postal | None = Field(None, description="In mails to customers; TMINUS_POSTAL_ADDRESS, if unsaid.")

    def over(self, other: Brand) -> Brand:
        """This brand, with the other's word wherever it says nothing itself."""
        said: dict[str, Any] = {name: value for name, value in dict(self).items() if value is not None}
        return other.model_copy(update=said)

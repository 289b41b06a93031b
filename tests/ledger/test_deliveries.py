from __future__ import annotations

import uuid

import pytest
import rfc8785
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from ledger.deliveries import NAMESPACE, Address, Namer
from ledger.planning import Recipient
from ledger.store import Ledger
from tests.ledger.test_batches import NOON, OF

LAUNCH, ITEM = OF.launch_id, OF.item


def to(recipient: str, **changes: str) -> Address:
    return Address.model_validate(
        {"launch_id": LAUNCH, "item": ITEM, "channel": "email", "recipient": recipient, **changes}
    )


@pytest.mark.parametrize(
    "other", [{"channel": "slack"}, {"purpose": "correction"}, {"item": "announce-team"}, {"launch_id": "acme-2.5.0"}]
)
def test_another_channel_purpose_item_or_launch_is_a_delivery_of_its_own(other: dict[str, str]) -> None:
    assert to("ada@example.com", **other).id != to("ada@example.com").id


def test_the_id_of_a_delivery_never_changes() -> None:
    """An outbox file and a provider's record carry it."""
    assert to("Ada@example.com").id == "3c06e416-c4d5-5e3b-9c3a-8a6f7ad5acb8"


@given(st.lists(st.text(alphabet=st.characters(exclude_categories=["Cs"])), min_size=5, max_size=5))
def test_ids_that_are_made_by_the_thousand_are_those_of_one_at_a_time(parts: list[str]) -> None:
    launch, item, channel, recipient, purpose = parts
    whole = rfc8785.dumps([launch, item, channel, recipient.casefold(), purpose]).decode()
    assert Namer(launch, item, channel, purpose)(recipient) == str(uuid.uuid5(NAMESPACE, whole))


@pytest.mark.parametrize("recipient", ["", "a\0b", "a\r\nBcc: eve@example.com"])
def test_a_recipient_with_control_characters_cannot_be_made(recipient: str) -> None:
    with pytest.raises(ValidationError):
        to(recipient)


def test_the_deliveries_of_a_launch_come_by_item_and_recipient(ledger: Ledger) -> None:
    both = [Recipient("bob@example.com"), Recipient("ada@example.com")]
    ledger.planning.plan(OF, 3, both, NOON)
    ledger.planning.plan(OF._replace(item="announce-team"), 3, [Recipient("eve@example.com")], NOON)
    ledger.planning.plan(OF._replace(launch_id="acme-2.5.0"), 3, [Recipient("zoe@example.com")], NOON)
    found = ledger.deliveries.of(LAUNCH)
    assert [one.recipient for one in found] == ["ada@example.com", "bob@example.com", "eve@example.com"]
    assert {one.round for one in found} == {3}
    assert ledger.deliveries.find(found[0].id) == found[0]

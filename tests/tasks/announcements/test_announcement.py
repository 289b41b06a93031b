"""An announcement before it leaves."""

from __future__ import annotations

from pathlib import Path

import pytest

from checklists.items import Announce
from tasks.announcements.announcement import NothingToSend, Ready, ready
from tests.tasks.bound import edit, house, opened
from tests.tasks.worlds import Place


@pytest.fixture
def at(tmp_path: Path) -> Place:
    return house(tmp_path)


def made(at: Place) -> Ready:
    launch = opened(at)
    item = launch.items["tell"].item
    assert isinstance(item, Announce)
    return ready(at.world, launch, item)


def test_every_channel_has_its_message_and_its_recipients(at: Place) -> None:
    found = made(at)
    assert found.recipients == {"email": ("fay@example.com", "cem@example.net"), "chat": ("chat",)}
    assert found.kinds == {"email": "email", "chat": "slack"}
    assert found.reach == 3


def test_two_channels_of_one_kind_carry_one_message(at: Place) -> None:
    edit(at, "chat: {kind: slack}", "chat: {kind: email}")
    found = made(at)
    assert found.body(found.kinds["email"]) is found.body(found.kinds["chat"])


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [("customers: {", "customer: {", 'did you mean "customer"'), ("chat: {", "chats: {", 'did you mean "chats"')],
)
def test_what_the_organisation_has_lost_is_named(at: Place, old: str, new: str, said: str) -> None:
    edit(at, old, new)
    with pytest.raises(NothingToSend, match=said):
        made(at)

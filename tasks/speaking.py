"""With whose templates, and in which language, people are spoken to."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from tasks.world import World
from templates.bodies import Frame
from templates.filling import FOLDER
from templates.locales import spoken
from templates.look import look
from templates.messages import Messages


def messages_of(world: World) -> Messages:
    """Where they are looked for: in folders of yours, in `messages` beside the organisation file, in the library."""
    return _messages((*world.settings.messages, world.organisation_file.file.parent / "messages", FOLDER))


@cache
def _messages(folders: tuple[Path, ...]) -> Messages:
    return Messages(folders)


def offered(world: World, message: str) -> tuple[str, ...]:
    """The organisation's languages in which this message or page has words; its first one is for everybody else."""
    return messages_of(world).offered(message, world.organisation.languages)


def frame_for(world: World, message: str, locale: str) -> Frame:
    """Around a mail that is about no product, for who reads this language."""
    messages = messages_of(world)
    heard = messages.heard(message, spoken(locale, offered(world, message)))
    return Frame(look(world.organisation.brand), heard, messages=messages)

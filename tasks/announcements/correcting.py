"""What a correction or a recall says, on each channel and in each language."""

from __future__ import annotations

from dataclasses import replace

from checklists.entries import FollowedUp
from checklists.errors import LaunchError
from checklists.items import Announce
from checklists.launch import Launch
from tasks.announcements.announcement import Ready, ready
from tasks.world import World
from templates.words import md


def corrected(world: World, launch: Launch, said: FollowedUp, channel: str) -> Ready:
    """What is said now on this channel. The change channel corrects its entry in its place, so that keeps the title of
    the first."""
    first = ready(world, launch, _on(launch, said.item, channel))
    in_place = said.what == "correction" and first.kinds[channel] == "feed"
    message, languages = first.message if in_place else said.what, world.organisation.languages
    return replace(
        first,
        message=message,
        languages=first.templates.offered(message, languages),
        values={**first.values, "notes": said.text, "note": str(md(said.note))},
        translations={locale: text for locale, text in said.translations.items() if locale in languages[1:]},
        also={locale: {"note": str(md(note))} for locale, note in said.notes.items() if locale in languages[1:]},
        _made={},
    )


def _on(launch: Launch, key: str, channel: str) -> Announce:
    """The announcement on this channel alone: another may be gone by now."""
    item = launch.items[key].item
    if not isinstance(item, Announce):
        raise LaunchError(f"{key} is no announcement")
    return item.model_copy(update={"announce": item.announce.model_copy(update={"channels": (channel,)})})

"""What a correction or a recall says, on each channel and in each language."""

from __future__ import annotations

from dataclasses import replace

from checklists.entries import FollowedUp
from tasks.announcements.announcement import Ready
from tasks.world import World
from templates.words import md


def corrected(world: World, first: Ready, said: FollowedUp, channel: str) -> Ready:
    """What is said now. The change channel corrects its entry in its place, so that keeps the title of the first."""
    in_place = said.what == "correction" and first.kinds[channel] == "feed"
    message, languages = first.message if in_place else said.what, world.organisation.languages
    return replace(
        first,
        message=message,
        languages=first.templates.offered(message, languages),
        values={**first.values, "notes": said.text, "note": str(md(said.note))},
        translations={locale: text for locale, text in said.translations.items() if locale in languages[1:]},
        _made={},
    )

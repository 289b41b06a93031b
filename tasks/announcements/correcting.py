"""What a correction or a recall says, on each channel and in each language."""

from __future__ import annotations

from dataclasses import replace

from checklists.entries import FollowedUp
from checklists.errors import LaunchError
from checklists.items import Announce
from checklists.launch import Launch
from tasks.announcements.announcement import Ready, ready
from tasks.announcements.publishing import page_of, stands
from tasks.world import World
from templates.words import md


def corrected(world: World, launch: Launch, said: FollowedUp, channel: str) -> Ready:
    """What is said now on this channel. The change channel corrects its entry in its place, so that keeps the title of
    the first."""
    first = ready(world, launch, _on(launch, said.item, channel))
    in_place = said.what == "correction" and first.kinds[channel] == "feed"
    message, languages = first.message if in_place else said.what, world.organisation.languages
    leads = said.what == "correction" and stands(world, launch.id, said.item)
    return replace(
        first,
        message=message,
        languages=first.templates.offered(message, languages),
        values={**first.values, "notes": said.text, **({"link": ""} if said.what == "recall" else {})},
        translations={locale: text for locale, text in said.translations.items() if locale in languages[1:]},
        also={locale: _words(first, said, locale, in_place=in_place) for locale in languages},
        page=page_of(world, launch, said.item) if leads else "",
        _made={},
    )


def _words(first: Ready, said: FollowedUp, locale: str, *, in_place: bool) -> dict[str, str]:
    """In this language. What is corrected in its place has the title of the first, or a new one; mail has its own."""
    note = {"note": str(md(said.notes.get(locale) or said.note))}
    text = said.translations.get(locale) or said.text
    if not in_place or not text:
        return {"headline": "", "notes": text, **note}
    words = first.words(locale, text)
    return {**words, "headline": words["headline"] or first.words(locale)["headline"], **note}


def _on(launch: Launch, key: str, channel: str) -> Announce:
    """The announcement on this channel alone: another may be gone by now."""
    item = launch.items[key].item
    if not isinstance(item, Announce):
        raise LaunchError(f"{key} is no announcement")
    return item.model_copy(update={"announce": item.announce.model_copy(update={"channels": (channel,)})})

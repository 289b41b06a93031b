"""What a gate that signs an announcement shows besides its words: how each message looks, who hears it, and when."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import product
from typing import Any

from checklists.errors import LaunchError
from tasks.announcements.announcement import READERS
from tasks.announcements.previewing import Preview, as_read, preview, shown_with
from tasks.people.links import token_of
from web.previewing.asked import Asked
from web.previewing.showing import audience_of, pictures, posted, timing_of
from web.signing.showing import Look, zone


def announced(look: Look) -> dict[str, Any] | None:
    """None where it signs no announcement, and where it cannot be said now what that would be."""
    key = shown_with(look.launch, look.state.key)
    if not key:
        return None
    try:
        shown = preview(look.world, look.launch, key)
        return {
            "audience": audience_of(shown),
            "channels": list(shown.as_it_leaves.kinds),
            "leads": shown.as_it_leaves.leads,
            "timing": timing_of(shown, zone(look)),
            "page": _page(look),
            "messages": list(_messages(look, shown)),
            "pictures": pictures(shown),
        }
    except LaunchError:
        return None


def _page(look: Look) -> str:
    """Where it is previewed by whoever looks."""
    visitor = look.visitor
    if visitor.link:
        return f"/preview/{token_of(look.world, visitor.link)}"
    return f"/launches/{visitor.launch_id}/{visitor.item}/preview"


def _messages(look: Look, shown: Preview) -> Iterator[dict[str, Any]]:
    """Each message in each language, and for each reason to get it, as it looks."""
    languages = shown.as_it_leaves.languages
    for channel, kind in shown.as_it_leaves.kinds.items():
        readers = shown.as_it_leaves.comes_as(channel)
        for locale, why in product(languages, readers):
            message = as_read(look.world, shown, kind, locale, standing=why)
            more = [*([locale] if len(languages) > 1 else []), *([READERS[why]] if len(readers) > 1 else [])]
            yield {
                "title": ", ".join((channel, *more)),
                "subject": message.subject,
                "frame": f"{_page(look)}/mail{Asked(channel, locale, why).but()}" if kind == "email" else "",
                "posted": posted(message),
                "text": message.text,
            }

"""Everything the preview shows, as plain data for its template."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from tasks.announcements.announcement import READERS
from tasks.announcements.previewing import Preview, as_read
from tasks.world import World
from templates.left_out import LEFT_OUT
from templates.locales import language
from templates.render import Rendered
from web.letters import blocks_of
from web.previewing.asked import LOOKS, PARTS, WIDTHS, Asked
from web.signing.times import moment, zone_of
from web.signing.visitor import Visitor

SCHEME = "@media (prefers-color-scheme: dark)"
SCREENS = {"light": "@media not all", "dark": "@media all"}
"""A mail is looked at by day or by night, whatever the one who looks has chosen for all pages."""


def page_of(world: World, shown: Preview, asked: Asked, visitor: Visitor, here: str) -> dict[str, Any]:
    """`here` is the address of the page itself."""
    launch, known = shown.launch, visitor.actor.name if visitor.actor else ""
    kind = shown.as_it_leaves.kinds[asked.channel]
    message = as_read(world, shown, kind, asked.locale, known or "Ada Example", asked.standing)
    timezone = zone_of(world, visitor.email, launch.release.product)
    return {
        "launch": {"id": launch.id, "name": f"{launch.release.title} {launch.release.version}"},
        "item": {"key": shown.key, "label": launch.items[shown.key].item.label},
        "kind": kind,
        "has_begun": launch.items[shown.key].runs > 0,
        "became": shown.became,
        "reach": "" if visitor.link else f"/reach/{launch.id}",
        "sender": f"{shown.as_it_leaves.sender.name} <{shown.as_it_leaves.sender.address}>",
        "answers": shown.as_it_leaves.sender.reply_to or "",
        "message": {"subject": message.subject, "preheader": message.preheader, "text": message.text},
        "posted": posted(message),
        "frame": f"{here}/mail{asked.but()}" if kind == "email" and asked.part == "html" else "",
        "asked": {"width": asked.width, "part": asked.part, "look": asked.look},
        "choices": _choices(shown, asked, kind),
        "audience": audience_of(shown),
        "timing": timing_of(shown, timezone),
        "leads": shown.as_it_leaves.leads,
        "reader": visitor.email,
        "asks_email": visitor.actor is None,
    }


def _choices(shown: Preview, asked: Asked, kind: str) -> list[dict[str, Any]]:
    """Rows of links, each to the same page with something else."""
    rows = [("Channel", "channel", tuple(shown.as_it_leaves.kinds), asked.channel)]
    rows.append(("Language", "locale", shown.as_it_leaves.languages, asked.locale))
    if kind == "email":
        if len(readers := shown.as_it_leaves.comes_as(asked.channel)) > 1:
            rows.append(("Reader", "standing", readers, asked.standing))
        rows.append(("Part", "part", PARTS, asked.part))
        rows.append(("Screen", "width", WIDTHS, asked.width))
        rows.append(("Look", "look", LOOKS, asked.look))
    return [
        {
            "title": title,
            "links": [
                {"name": READERS.get(one, one), "to": asked.but(**{key: one}), "is_here": one == now} for one in offered
            ],
        }
        for title, key, offered, now in rows
    ]


def audience_of(shown: Preview) -> dict[str, Any]:
    """Whom it is for, how many would hear it, in which language, and how many not, and why."""
    return {
        "name": shown.as_it_leaves.audience.title or shown.audience,
        "meant": list(shown.meant),
        "reach": shown.reach,
        "languages": [{"name": name, "count": count} for name, count in shown.by_language.items()],
        "untranslated": [{"name": language(one), "count": many} for one, many in shown.untranslated.items()],
        "first": language(shown.as_it_leaves.languages[0]),
        "excluded": [{"why": LEFT_OUT.get(why, why), "count": count} for why, count in shown.excluded.items()],
    }


def timing_of(shown: Preview, timezone: ZoneInfo) -> dict[str, Any]:
    """When it may leave, in the time zone of whoever looks."""
    return {
        "not_before": moment(shown.not_before, timezone) if shown.not_before else None,
        "after": shown.after,
        "window": shown.window,
        "not_after": moment(shown.not_after, timezone) if shown.not_after else None,
    }


def posted(message: Rendered) -> list[tuple[str, Any]]:
    """How a post looks on Slack or Teams, block by block."""
    if message.teams:
        card = message.teams["attachments"][0]["content"]
        texts = [(_style(one), [("plain", one.get("text", ""))]) for one in card["body"]]
        return [*texts, *(("section", [("link", one["title"])]) for one in card.get("actions", []))]
    return list(blocks_of(message.slack)) if message.slack else []


def _style(block: dict[str, Any]) -> str:
    if block.get("size") == "Large":
        return "header"
    return "context" if block.get("isSubtle") else "section"


def framed(message: Rendered, asked: Asked) -> str:
    """The mail as it looks on a screen that is light, or dark."""
    return message.html.replace(SCHEME, SCREENS[asked.look])


def pictures(shown: Preview) -> str:
    """From where the mail may show pictures: its brand's logo, and what stands in it itself."""
    logo = urlsplit(shown.as_it_leaves.brand.logo or "")
    return f"data: {logo.scheme}://{logo.netloc}" if logo.netloc else "data:"

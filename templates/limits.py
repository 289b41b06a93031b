"""Keeps what is posted within what vendors take: what is too long is cut off and leads on, and nothing fails for it.

Slack: 3,000 characters a section, 150 a header, 50 blocks, and 13,200 in all, of which 10,000 are used. Teams: 28 KB
after its own additions, of which 20 KB are used.
"""

from __future__ import annotations

import json
import re
from collections.abc import Collection, Iterator
from itertools import accumulate, takewhile
from typing import Any

from templates.markup import slack_link
from templates.sections import SECTION, mrkdwn
from templates.words import cut, md, md_link, web

BLOCKS, HEADER, SLACK, TEAMS = 50, 150, 10_000, 20_000
ROOM = 1_500
"""Characters kept free for the last words: that it goes on, and where."""
LINK = 1_000
COUNTED = ("text", "url", "alt_text", "image_url", "value")

Payload = dict[str, Any]


def fitting_slack(payload: Payload, cut_off: str, link: str, more: str, banner: str) -> Payload:
    """The message with at most so many blocks and characters; `banner` comes first, where there is one."""
    blocks = [_shorter(block) for block in payload.get("blocks", []) if isinstance(block, dict)]
    first = [_section(f"*{mrkdwn(banner, 300)}*")] if banner else []
    text = cut(f"{banner} {payload.get('text', '')}".strip(), SECTION)
    kept, is_cut = _kept(blocks, BLOCKS - len(first) - 2, SLACK - ROOM - len(text) - len(banner))
    last = (
        [_section(_leads_on(mrkdwn(cut_off, 300), slack_link(more, web(link)) if web(link) else ""))] if is_cut else []
    )
    return payload | {"text": text, "blocks": [*first, *kept, *last]}


def _leads_on(cut_off: str, link: str) -> str:
    return f"{cut_off} {link}" if link and len(link) <= LINK else cut_off


def _kept(blocks: list[Payload], most: int, room: int) -> tuple[list[Payload], bool]:
    kept: list[Payload] = []
    for block in blocks:
        room -= sum(map(len, texts(block, COUNTED)))
        if len(kept) >= most or room < 0:
            return kept, True
        kept.append(block)
    return kept, False


def texts(value: Any, names: Collection[str] = ("text",)) -> Iterator[str]:
    """What stands in a message under these names, however deep; by default everything people read in it."""
    if isinstance(value, dict):
        for key, inner in value.items():
            if isinstance(inner, str) and key in names:
                yield inner
            else:
                yield from texts(inner, names)
    elif isinstance(value, list):
        for inner in value:
            yield from texts(inner, names)


def _shorter(block: Payload) -> Payload:
    """A block whose text Slack would not take, cut."""
    text = block.get("text")
    if not isinstance(text, dict) or not isinstance(text.get("text"), str):
        return block
    most = HEADER if block.get("type") == "header" else SECTION
    return block | {"text": text | {"text": _cut(text["text"], most)}}


def _cut(text: str, most: int) -> str:
    """Never within a link or an escaped sign."""
    return text if len(text) <= most else re.sub(r"(?:<[^<>]*|&\w*)$", "", text[: most - 1]).rstrip() + "…"


def _section(text: str) -> Payload:
    return {"type": "section", "text": {"type": "mrkdwn", "text": text}}


def fitting_teams(card: Payload, cut_off: str, link: str, more: str, banner: str) -> Payload:
    """The card as the message a Workflows webhook takes, in at most 20 KB."""
    body = [element for element in card.get("body", []) if isinstance(element, dict)]
    first = [_block(md(banner), weight="Bolder", color="Attention")] if banner else []
    whole = _message(card, [*first, *body])
    if _size(whole) <= TEAMS:
        return whole
    last = [_block(_leads_on(md(cut_off), md_link(more, link) if web(link) else ""))]
    room = TEAMS - _size(_message(card, [*first, *last]))
    sizes = accumulate(_size(element) + 2 for element in body)  # a comma and a blank between two
    fitting = takewhile(lambda pair: pair[1] <= room, zip(body, sizes, strict=True))
    return _message(card, [*first, *(element for element, _ in fitting), *last])


def _block(text: str, **more: str) -> Payload:
    return {"type": "TextBlock", "text": str(text), "wrap": True, **more}


def _message(card: Payload, body: list[Payload]) -> Payload:
    kind = "application/vnd.microsoft.card.adaptive"
    return {"type": "message", "attachments": [{"contentType": kind, "content": card | {"body": body}}]}


def _size(payload: Payload) -> int:
    """As it leaves, in bytes."""
    return len(json.dumps(payload).encode())

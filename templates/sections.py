"""Keeps a Slack message within Slack's limits: 3,000 characters a section, fewer than 10,000 in all."""

from __future__ import annotations

import re

from templates.markup import SLACK, TEAMS, blocks, slack_escape
from templates.words import one_line

SECTION = 3000
CARD_TEXT = 5000
NOTES = 6500  # what remains of 10,000 when header, headline, link and footer have had theirs


def mrkdwn(text: object, limit: int = SECTION) -> str:
    """One line of text for Slack, escaped, at most `limit` characters after escaping."""
    escaped = slack_escape(one_line(text))
    return escaped if len(escaped) <= limit else re.sub(r"&\w*$", "", escaped[: limit - 1]) + "…"


def sections(markdown: str, budget: int = NOTES) -> dict[str, list[str] | bool]:
    """The texts of the sections that show these notes, and whether some of the notes had to be left out (`cut`)."""
    texts: list[str] = []
    for piece in (piece for block in blocks(markdown, SLACK) for piece in _pieces(block)):
        if sum(map(len, texts)) + len(piece) > budget:
            return {"texts": texts, "cut": True}
        if texts and len(texts[-1]) + len(piece) + 2 <= SECTION:
            texts[-1] += "\n\n" + piece
        else:
            texts.append(piece)
    return {"texts": texts, "cut": False}


def _pieces(block: str) -> list[str]:
    """A block in parts of at most one section, broken between words and never inside a link."""
    pieces = []
    while len(block) > SECTION:
        head = re.sub(r"(?:<[^<>]*|\S*)$", "", block[:SECTION]).rstrip() or block[:SECTION]
        pieces.append(head)
        block = block[len(head) :].lstrip()
    return [*pieces, block] if block.strip() else pieces


def card_texts(markdown: str) -> list[str]:
    """The texts of the blocks of a Teams card that show these notes."""
    return [_short(block) for block in blocks(str(markdown), TEAMS) if block.strip()]


def _short(block: str) -> str:
    """As much of a block as leaves room for others, never ending within a link."""
    if len(block) <= CARD_TEXT:
        return block
    return re.sub(r"(?:\[[^\]]*(?:\]\([^)]*)?|\S*)$", "", block[:CARD_TEXT]).rstrip() + "…"

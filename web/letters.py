"""Reads what the harmless way out has written: the mails and posts in the outbox folder."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from email import message_from_bytes, policy
from email.message import EmailMessage
from heapq import nlargest
from pathlib import Path
from typing import Any

DELIVERY = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")

MRKDWN = re.compile(
    r"<[^<>|]*\|(?P<link>[^<>]*)>|\*(?P<bold>[^*\n]+)\*|`(?P<code>[^`\n]+)`"
    r"|(?<!\w)_(?P<italic>[^_\n]+)_(?!\w)|(?P<plain>[^<*`_]+|.)",
    re.DOTALL,
)

Span = tuple[str, str]
Block = tuple[str, tuple[Span, ...]]


@dataclass(frozen=True, slots=True)
class Letter:
    """One message: a mail has a text and an HTML part, a post the texts of its blocks and its payload."""

    id: str
    kind: str
    at: datetime
    subject: str
    to: str
    sender: str = ""
    text: str = ""
    html: str = ""
    blocks: tuple[Block, ...] = ()
    payload: str = ""


def newest(folder: Path, limit: int) -> tuple[tuple[Letter, ...], int]:
    """The newest letters, and how many there are in all."""
    files = [(found.stat().st_mtime_ns, found) for found in _files(folder)]
    letters = (_read(file) for _, file in nlargest(limit, files))
    return tuple(letter for letter in letters if letter), len(files)


def letter(folder: Path, id_: str) -> Letter | None:
    """The letter of this delivery; None where there is none, or where this is no delivery's id."""
    if not DELIVERY.fullmatch(id_):
        return None
    return _read(folder / f"{id_}.eml") or _read(folder / f"{id_}.json")


def _files(folder: Path) -> Iterator[Path]:
    if folder.is_dir():
        yield from (file for file in folder.iterdir() if _is_letter(file))


def _is_letter(file: Path) -> bool:
    return file.suffix in (".eml", ".json") and DELIVERY.fullmatch(file.stem) is not None


def _read(file: Path) -> Letter | None:
    """None for a file that is gone, or that the outbox did not write."""
    try:
        written = file.read_bytes()
        at = datetime.fromtimestamp(file.stat().st_mtime, UTC)
        return _mail(file.stem, at, written) if file.suffix == ".eml" else _post(file.stem, at, written)
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return None


def _mail(id_: str, at: datetime, written: bytes) -> Letter:
    mail = message_from_bytes(written, policy=policy.default)
    subject, to, sender = (str(mail.get(name, "")) for name in ("Subject", "To", "From"))
    return Letter(id_, "mail", at, subject, to, sender, _part(mail, "plain"), _part(mail, "html"))


def _part(mail: Any, kind: str) -> str:
    found = mail.get_body((kind,)) if isinstance(mail, EmailMessage) else None
    return str(found.get_content()) if found else ""


def _post(id_: str, at: datetime, written: bytes) -> Letter:
    said = json.loads(written)
    payload = said["payload"]
    shown = json.dumps(payload, ensure_ascii=False, indent=2)
    blocks = blocks_of(payload)
    return Letter(id_, "post", at, str(payload.get("text", "")), str(said["to"]), blocks=blocks, payload=shown)


def blocks_of(payload: dict[str, Any]) -> tuple[Block, ...]:
    """What a Slack message shows, block by block."""
    return tuple(_block(block) for block in payload.get("blocks", ()))


def _block(block: dict[str, Any]) -> Block:
    """How a block is set, and its words."""
    texts = [block["text"]] if "text" in block else block.get("elements", [])
    return str(block["type"]), _spans("\n".join(str(text.get("text", "")) for text in texts))


def _spans(text: str) -> tuple[Span, ...]:
    """Slack's mrkdwn in pieces that are set alike: links by their names, bold, italic, code, and the rest."""
    found = ((match.lastgroup or "plain", _unescaped(match[match.lastgroup or 0])) for match in MRKDWN.finditer(text))
    return tuple((style, words) for style, words in found if words)


def _unescaped(text: str) -> str:
    """Slack's three escaped signs as people see them."""
    return text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")

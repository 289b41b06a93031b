"""What a browser sends from a form of ours: read up to a limit, decoded strictly, and not yet believed."""

from __future__ import annotations

from collections.abc import Mapping
from urllib.parse import parse_qsl

from fastapi import HTTPException, Request

from web.body import kind_of, read_body

FORM = "application/x-www-form-urlencoded"
MOST_DIGITS = 9
Fields = Mapping[str, tuple[str, ...]]
"""Every value by name, in the order they came."""


async def form_of(request: Request, limit: int) -> bytes:
    """The body of a form; 415 for anything else, 413 above this many bytes."""
    if kind_of(request) != FORM:
        raise HTTPException(415, f"send {FORM}")
    return await read_body(request, limit)


def fields_of(body: bytes, most: int) -> Fields | None:
    """None for what no form of ours sends: other bytes than UTF-8, or more than `most` fields."""
    try:
        text = body.decode()
        pairs = parse_qsl(text, keep_blank_values=True, max_num_fields=most, encoding="utf-8", errors="strict")
    except ValueError:
        return None
    found: dict[str, list[str]] = {}
    for name, value in pairs:
        found.setdefault(name, []).append(value)
    return {name: tuple(values) for name, values in found.items()}


def once(fields: Fields | None) -> dict[str, str] | None:
    """One value by name; None where a name came twice, too."""
    if fields is None or any(len(values) > 1 for values in fields.values()):
        return None
    return {name: value for name, (value,) in fields.items()}


def lines(value: str) -> str:
    """Forms send line ends as CRLF."""
    return value.replace("\r\n", "\n").replace("\r", "\n")


def number(value: str) -> int:
    """A number of at most nine digits; 0 for anything else."""
    return int(value) if value.isascii() and value.isdigit() and len(value) <= MOST_DIGITS else 0

"""What somebody sent from the editor, read and not yet believed."""

from __future__ import annotations

from dataclasses import dataclass

from web.forms import fields_of, lines, number, once

MOST_FIELDS = 20
WHAT = ("save", "keep", "look", "preview", "discard", "bring-back")


@dataclass(frozen=True, slots=True)
class Typed:
    """`what` is the button: save, keep (by itself, from time to time), look or preview, discard, bring-back."""

    what: str
    words: str
    base: str = ""
    seal: str = ""
    email: str = ""
    code: str = ""
    version: int = 0


def read(body: bytes) -> Typed | None:
    """None for what no form of ours sends: other bytes than UTF-8, a field twice, too many of them."""
    given = once(fields_of(body, MOST_FIELDS))
    if given is None or given.get("what") not in WHAT:
        return None
    return Typed(
        what=given["what"],
        words=lines(given.get("words", "")),
        base=given.get("base", ""),
        seal=given.get("seal", ""),
        email=given.get("email", "").strip().lower(),
        code=given.get("code", "").strip(),
        version=number(given.get("version", "")),
    )

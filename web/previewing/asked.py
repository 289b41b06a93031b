"""Which rendering somebody wants to look at, and on what."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from urllib.parse import urlencode

from tasks.announcements.previewing import Preview
from templates.locales import spoken

WIDTHS, PARTS, LOOKS = ("desktop", "phone"), ("html", "text"), ("light", "dark")


@dataclass(frozen=True, slots=True)
class Asked:
    """What is not known, or not offered, is the first of its kind."""

    channel: str
    locale: str
    width: str = "desktop"
    part: str = "html"
    look: str = "light"

    def but(self, **other: str) -> str:
        """The same with something else, as an address on this page."""
        return "?" + urlencode({**asdict(self), **other})


def asked(query: Mapping[str, str], shown: Preview) -> Asked:
    kinds = shown.as_it_leaves.kinds
    channel = query.get("channel", "")
    return Asked(
        channel=channel if channel in kinds else next(iter(kinds)),
        locale=spoken(query.get("locale", ""), shown.as_it_leaves.languages),
        width=_of(query.get("width", ""), WIDTHS),
        part=_of(query.get("part", ""), PARTS),
        look=_of(query.get("look", ""), LOOKS),
    )


def _of(said: str, known: tuple[str, ...]) -> str:
    return said if said in known else known[0]

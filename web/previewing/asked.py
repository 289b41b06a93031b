"""Which rendering somebody wants to look at, and on what."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import TypeVar
from urllib.parse import urlencode

from tasks.announcements.previewing import Preview
from templates.bodies import Standing
from templates.locales import spoken

T = TypeVar("T", bound=str)
WIDTHS, PARTS, LOOKS = ("desktop", "phone"), ("html", "text"), ("light", "dark")


@dataclass(frozen=True, slots=True)
class Asked:
    """What is not known, or not offered, is the first of its kind."""

    channel: str
    locale: str
    standing: Standing
    width: str = "desktop"
    part: str = "html"
    look: str = "light"

    def but(self, **other: str) -> str:
        """The same with something else, as an address on this page."""
        return "?" + urlencode({**asdict(self), **other})


def asked(query: Mapping[str, str], shown: Preview) -> Asked:
    kinds = shown.as_it_leaves.kinds
    channel = query.get("channel", "")
    channel = channel if channel in kinds else next(iter(kinds))
    return Asked(
        channel=channel,
        locale=spoken(query.get("locale", ""), shown.as_it_leaves.languages),
        standing=_of(query.get("standing", ""), shown.as_it_leaves.comes_as(channel)),
        width=_of(query.get("width", ""), WIDTHS),
        part=_of(query.get("part", ""), PARTS),
        look=_of(query.get("look", ""), LOOKS),
    )


def _of(said: str, known: tuple[T, ...]) -> T:
    return next((one for one in known if one == said), known[0])

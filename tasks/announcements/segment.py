"""What people have in common who get the same bytes: their language, why it comes, and sometimes their time zone."""

from __future__ import annotations

from functools import lru_cache
from typing import NamedTuple, cast

from templates.bodies import Standing


class Segment(NamedTuple):
    """Written `pt-BR subscribed`, `de role Europe/Berlin`, ` listed`.

    The language is as people have it, or empty: the organisation's first. The time zone stands only where a message
    has hours of the day (`Announcement.window`).
    """

    locale: str = ""
    standing: Standing = "listed"
    timezone: str = ""

    def __str__(self) -> str:
        return " ".join((self.locale, self.standing, self.timezone)).rstrip()


@lru_cache(maxsize=1_000)
def segment_of(written: str) -> Segment:
    """The segment of a batch; where nothing is said of it, of whoever is listed."""
    locale, _, rest = written.partition(" ")
    standing, _, timezone = rest.partition(" ")
    return Segment(locale, cast(Standing, standing or "listed"), timezone)

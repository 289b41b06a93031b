"""The newest releases as a host lists them, and what the next look needs of them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from hashlib import sha256
from typing import Any

from tasks.watching.rest import Later, Page


@dataclass(frozen=True, slots=True)
class Release:
    """What a host says of a release; `at` is when it was edited, where the host says that."""

    tag: str
    notes: str
    url: str
    at: datetime | None = None

    @property
    def mark(self) -> str:
        """Tells its words from others."""
        return sha256(self.notes.encode()).hexdigest()[:16]


@dataclass(frozen=True, slots=True)
class Listing:
    """The newest releases: the page to ask with the next time, whose rows are tags and marks, and what those say
    that were sent; none where nothing has changed."""

    page: Page
    releases: Mapping[str, Release]


def listing(page: Page, read: Callable[[Any], Release | None]) -> Listing:
    """Of a page that has not changed, tags and marks are kept already."""
    try:
        found = {one.tag: one for row in page.rows if not isinstance(row, list) and (one := read(row))}
    except (KeyError, TypeError, AttributeError) as error:
        raise Later("the host answers rows that are no releases; correct its address in the settings") from error
    kept = [row for row in page.rows if isinstance(row, list)]
    return Listing(replace(page, rows=[*kept, *([one.tag, one.mark] for one in found.values())]), found)


def of_github(row: Any) -> Release | None:
    """None for a draft, which nobody sees."""
    at = _moment(row.get("updated_at"))
    return None if row.get("draft") else Release(_tag(row), text(row["body"]), text(row.get("html_url")), at)


def of_gitlab(row: Any) -> Release:
    return Release(_tag(row), text(row["description"]), gitlab_address(row))


def _tag(row: Any) -> str:
    if not isinstance(row["tag_name"], str):
        raise TypeError
    return text(row["tag_name"])


def gitlab_address(release: Any) -> str:
    links = release.get("_links")
    return text(links.get("self") if isinstance(links, dict) else None)


def _moment(said: Any) -> datetime | None:
    try:
        at = datetime.fromisoformat(said)
    except (TypeError, ValueError):
        return None
    return at if at.tzinfo else None


def text(value: Any) -> str:
    """A text, without the halves of letters that JSON can hold; empty for anything else."""
    return value.encode(errors="replace").decode() if isinstance(value, str) else ""

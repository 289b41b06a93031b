"""The change channel's feeds: Atom (RFC 4287), RSS 2.0 and JSON Feed 1.1, all from the same plain values.

What is private leaves as an excerpt only, and what was withdrawn as the word that it was.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, datetime
from email.utils import format_datetime
from typing import Any, Literal
from uuid import uuid4

from markupsafe import escape

from templates.filling import TEXTS, written_at

Format = Literal["atom", "rss", "json"]
TYPES: Mapping[str, str] = {
    "atom": "application/atom+xml; charset=utf-8",
    "rss": "application/rss+xml; charset=utf-8",
    "json": "application/feed+json; charset=utf-8",
}
NEVER = datetime(1970, 1, 1, tzinfo=UTC)
"""When a feed without entries changed last."""


HERE = uuid4().hex
"""Stands in an entry for the address of the channel as its reader has it. Nobody knows it, so nobody can write it."""


def written(format_: Format) -> tuple[int, ...]:
    """When the templates of this format were last written, in nanoseconds."""
    return () if format_ == "json" else written_at((f"channel/{format_}.xml", f"channel/{format_}-entry.xml"))


def drawn(format_: Format, entries: Iterable[Mapping[str, Any]]) -> Iterator[bytes]:
    """Each as it stands in whoever's feed: id, url (below `HERE`), language, title, html, summary, moments, and tags,
    each with what it is called where that is something else."""
    if format_ == "json":
        yield from (json.dumps(_item(one), ensure_ascii=False).encode() for one in entries)
        return
    moment = rfc3339 if format_ == "atom" else rfc822
    draw = TEXTS.get_template(f"channel/{format_}-entry.xml").module.drawn  # type: ignore[attr-defined]
    for one in entries:
        values = {name: value for name, value in one.items() if name != "withdrawn"}
        said = {**values, "published": moment(one["published"]), "updated": rfc3339(one["updated"])}
        said["tags"] = one["tags"] if format_ == "atom" else _called(one["tags"])
        yield draw(**said).encode()


def rendered(format_: Format, feed: Mapping[str, Any], entries: Iterable[bytes], here: str) -> bytes:
    """`feed` has id, title, author, self, home, language, updated, and the snippet's words; `here` is where its reader
    has the channel."""
    if format_ == "json":
        return b"".join((_head(feed), b", ".join(entries), b"]}")).replace(
            HERE.encode(), json.dumps(here)[1:-1].encode()
        )
    moment = rfc3339 if format_ == "atom" else rfc822
    said = {**feed, "updated": moment(feed["updated"] or NEVER)}
    frame = TEXTS.get_template(f"channel/{format_}.xml").render(feed=said, entries=HERE).encode()
    head, tail = frame.split(HERE.encode())
    return b"".join((head, *entries, tail)).replace(HERE.encode(), escape(here).encode())


def _head(feed: Mapping[str, Any]) -> bytes:
    """https://www.jsonfeed.org/version/1.1/, up to the entries."""
    made = {
        "version": "https://jsonfeed.org/version/1.1",
        "title": feed["title"],
        "home_page_url": feed["home"],
        "feed_url": feed["self"],
        "authors": [{"name": feed["author"]}],
        "language": feed["language"],
        "_tminus": {"words": feed["words"]},
    }
    return json.dumps(made, ensure_ascii=False).encode().removesuffix(b"}") + b', "items": ['


def _item(one: Mapping[str, Any]) -> dict[str, Any]:
    content = {"content_html": one["html"]} if one["html"] else {"content_text": one["summary"]}
    return {
        "id": f"urn:uuid:{one['id']}",
        "url": one["url"],
        "language": one["language"],
        "title": one["title"],
        **content,
        "summary": one["summary"],
        "date_published": rfc3339(one["published"]),
        "date_modified": rfc3339(one["updated"]),
        "tags": _called(one["tags"]),
        **({"_tminus": {"withdrawn": True}} if one["withdrawn"] else {}),
    }


def _called(tags: Mapping[str, str]) -> list[str]:
    return list(dict.fromkeys(title or name for name, title in tags.items()))


def rfc3339(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat().replace("+00:00", "Z")


def rfc822(moment: datetime) -> str:
    return format_datetime(moment.astimezone(UTC), usegmt=True)

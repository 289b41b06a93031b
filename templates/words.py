"""Makes what people wrote safe for where it is shown: one line, cut, escaped, or a web address."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime
from typing import Any
from urllib.parse import quote, urlsplit

from markupsafe import Markup

WEB = ("http", "https", "mailto")
SUBJECT_LENGTH = 150
# Control characters but tab and newline, lone surrogates, and what turns the reading direction, so that a name or an
# address reads as another one.
# So does where a receiver's own words will stand (`templates/personal.py`): nobody else may write such a mark.
MARKS = "\ue000\ue001\ue002"
UNSEEN = re.compile(f"[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\u202a-\u202e\u2066-\u2069{MARKS}]")
UNSEEN_BUT_MARKS = re.compile(UNSEEN.pattern.replace(MARKS, ""))

# Where markdown would see a link, a picture or HTML begin.
BEGINNINGS = re.compile(r"(?<=\])(?=[(\[:])|(?<=!)(?=\[)|(?<=<)")
ZERO_WIDTH = "\u200b"
# A space that does not break is part of how French is written, and ends no line.
SPACES = re.compile(r"[^\S\u00a0\u202f]+")

SAFE_IN_LINKS = ":/?#@!$'*+,;=%~&-._"


def clean(value: Any) -> Any:
    """The same plain data with every text free of control characters (but tab and newline) and lone surrogates.

    Raises TypeError for anything that is not plain data: an object could do something while it is rendered.
    """
    if isinstance(value, str):
        return UNSEEN.sub("", value)
    if isinstance(value, Mapping):
        return {clean(key): clean(inner) for key, inner in value.items()}
    if isinstance(value, list | tuple):
        return [clean(inner) for inner in value]
    if value is None or isinstance(value, bool | int | float | date):
        return value
    raise TypeError(f"{type(value).__name__} is not plain data")


def one_line(text: object, limit: int = 100_000) -> str:
    """The text on one line, so that it cannot start a header, a table row or a heading; cut at `limit`."""
    if type(text) is str and text.isprintable() and "  " not in text:  # most are so, and nothing is to be done
        return cut(text.strip(" "), limit)
    return cut(SPACES.sub(" ", str(clean(SPACES.sub(" ", str(text))))).strip(" "), limit)


def in_one_line(text: str, limit: int, shorten: Callable[[str, int], str] | None = None) -> str:
    """The same for what was rendered from cleaned values: the marks for a receiver's own words stay."""
    short = (shorten or cut)(SPACES.sub(" ", UNSEEN_BUT_MARKS.sub("", SPACES.sub(" ", text))).strip(" "), limit)
    is_whole = short.count(MARKS[0]) == short.count(MARKS[1])
    return short if is_whole else short[: short.rindex(MARKS[0])].rstrip() + "…"


def in_json(value: object, indent: int | None = 2) -> str:
    """The value as JSON in which every control and separator character is written as its number."""
    text = json.dumps(value, ensure_ascii=False, indent=indent)
    return re.sub(r"[^ -~\n]", lambda sign: sign[0] if sign[0].isprintable() else json.dumps(sign[0])[1:-1], text)


def cut(text: object, limit: int) -> str:
    """At most `limit` characters, the last one an ellipsis where something was left out."""
    whole = str(text)
    return whole if len(whole) <= limit else whole[: limit - 1].rstrip() + "…"


def cut_at_word(text: str, limit: int) -> str:
    """The same without half a word at its end; where no space is near, as in Japanese, it is cut as it comes."""
    if len(text) <= limit:
        return text
    short, _, _ = text[:limit].rpartition(" ")
    return (short if len(short) > limit // 2 else text[: limit - 1]).rstrip(" .,;:·–-") + "…"


def is_web(url: str) -> bool:
    """Whether people may be sent there: http, https or mailto, and nothing that would run or read a file."""
    try:
        return urlsplit(url.strip()).scheme.lower() in WEB
    except ValueError:
        return False


def web(url: object) -> str:
    """The address when people may be sent there, else nothing."""
    text = one_line(url or "")
    return text if is_web(text) else ""


def md(text: object) -> Markup:
    """One line of text as markdown that shows exactly this text: no mark, link, tag or table cell of its own."""
    return text if isinstance(text, Markup) else md_marks(one_line(text))


def cell(text: object) -> str:
    """One line for a cell of an artifact's table: Prefect's older UI reads it as markdown, the newer as plain text."""
    return BEGINNINGS.sub(ZERO_WIDTH, one_line(text))


def md_marks(text: str) -> Markup:
    """The text with every mark of markdown and HTML escaped; its spaces and line ends stay."""
    marked = re.sub(r"([\\`*{}\[\]()#|~!]|(?<![^\W_])_|_(?![^\W_]))", r"\\\1", text)
    marked = re.sub(r"^([^\S\n]*)([-+=])", r"\1\\\2", marked, flags=re.MULTILINE)
    marked = re.sub(r"^([^\S\n]*\d+)(\.)(?=\s|$)", r"\1\\\2", marked, flags=re.MULTILINE)
    return Markup(marked.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;"))  # noqa: S704 no tag is left


def md_code(text: str) -> str:
    """A code span that shows exactly this text: nothing in it is a mark, so only its fence has to be long enough."""
    fence = "`" * (1 + max((len(run) for run in re.findall(r"`+", text)), default=0))
    pad = " " if text.startswith("`") or text.endswith("`") else ""
    return f"{fence}{pad}{text}{pad}{fence}"


def md_link(name: object, url: object) -> Markup:
    """A markdown link, or the name alone where the address is none people may be sent to."""
    target = quote(web(url), safe=SAFE_IN_LINKS)
    return Markup("[{}](<{}>)").format(md(name), target) if target else md(name)


def imprint(organisation: str, postal_address: str) -> list[str]:
    """Whose mail it is and where they are, line by line; once where the address begins with the name."""
    if not postal_address:
        return [organisation]
    is_named = re.match(rf"{re.escape(organisation)}(?=\s*(?:[,;·|]|$))", postal_address, re.IGNORECASE)
    return [postal_address] if is_named else [organisation, postal_address]


def when(moment: datetime | str | None) -> str:
    """`2026-11-26 17:00 UTC`; a dash for what has not happened."""
    if not moment:
        return "–"
    instant = datetime.fromisoformat(moment) if isinstance(moment, str) else moment
    return f"{instant.astimezone(UTC):%Y-%m-%d %H:%M} UTC"

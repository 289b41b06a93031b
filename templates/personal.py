"""What differs from one receiver of a message to the next. One rendering serves a thousand people: where it differs
stands a mark, which nobody can write, and each receiver's own words take its place when the message leaves.

In a template: `{{ person.name }}`, `{{ person.unsubscribe }}`, or any attribute, as `{{ person.company }}`. The words
are not known yet there, so what depends on them is said in one of two phrases, which a filter puts into the mark:
`{{ person.name | phrase("Hello {name},", "Hello,") }}`, `{{ person.company | otherwise("your company") }}`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from functools import lru_cache
from hashlib import sha256
from urllib.parse import quote, unquote

from markupsafe import escape

from templates.words import MARKS, in_one_line, one_line

BEGIN, END, BETWEEN = MARKS[0], MARKS[1], MARKS[2]
LINKS = ("unsubscribe", "preferences")
"""Addresses at which only this receiver can act."""
FACTS = ("name", *LINKS, "email")
"""What there is to know of every receiver; what is not known of somebody is empty."""
NAME = re.compile(r"[a-z][a-z0-9]*(?:_[a-z0-9]+)*")
MARK = re.compile(f"{BEGIN}([^{BEGIN}{END}]+){END}")
LONGEST = 500


class Person:
    """The one who reads it, in templates."""

    def __getitem__(self, name: str) -> str:
        if not isinstance(name, str) or not NAME.fullmatch(name):
            raise KeyError(name)
        return f"{BEGIN}{name}{END}"


class Nobody(Person):
    """The one who reads what is posted once: nothing is known of them, and so it is said at once."""

    def __bool__(self) -> bool:
        return False

    def __getitem__(self, name: str) -> str:
        super().__getitem__(name)
        return ""


def phrase(mark: str, known: str, unknown: str) -> str:
    """The filter: what is said where the fact is known, with the fact in braces (`{name}`), and where it is not."""
    if not mark:
        return one_line(unknown, LONGEST)
    name = name_of(mark.strip(BEGIN + END))
    phrases = (quote(one_line(one, LONGEST), safe="") for one in (known, unknown))
    return f"{BEGIN}{BETWEEN.join((name, *phrases))}{END}"


def otherwise(mark: str, words: str) -> str:
    """The filter: what stands there for those of whom the fact is not known."""
    name = name_of(mark.strip(BEGIN + END))
    return phrase(mark, f"{{{name}}}", words)


def name_of(mark: str) -> str:
    """The fact that a mark asks for."""
    return mark.partition(BETWEEN)[0]


def facts_in(*texts: str) -> tuple[str, ...]:
    """The marks in these texts, each once: what to ask `in_text` and `in_html` for."""
    return tuple(dict.fromkeys(name for text in texts for name in MARK.findall(text)))


def key_of(mark: str) -> str:
    """A short name for a mark, in letters and digits, for a provider's own tags."""
    return mark if mark.isalnum() and mark.isascii() else sha256(mark.encode()).hexdigest()[:12]


def in_text(facts: Mapping[str, str], mark: str) -> str:
    """What stands for a mark in a subject or a plain text: on one line."""
    name, phrases = _read(mark)
    fact = one_line(facts.get(name, ""), LONGEST)
    if phrases is None:
        return fact
    known, unknown = phrases
    return known.replace(f"{{{name}}}", fact) if fact else unknown


@lru_cache(maxsize=500)
def _read(mark: str) -> tuple[str, tuple[str, str] | None]:
    """The fact that it asks for, and what is said where that is known and where not; None where only the fact is."""
    name, _, phrases = mark.partition(BETWEEN)
    known, _, unknown = unquote(phrases).partition(BETWEEN)
    return name, (known, unknown) if phrases else None


def in_html(facts: Mapping[str, str], mark: str) -> str:
    """What stands for it in HTML, also in an attribute."""
    return str(escape(in_text(facts, mark)))


def filled(text: str, facts: Mapping[str, str], way: Callable[[Mapping[str, str], str], str] = in_text) -> str:
    """The text for one receiver. Words that were put in are not looked at again."""
    return MARK.sub(lambda found: way(facts, found[1]), text) if BEGIN in text else text


def marked(text: str, tag: Callable[[str], str]) -> str:
    """The text with a provider's own tags, such as `-name-`, in place of the marks."""
    return MARK.sub(lambda found: tag(found[1]), text) if BEGIN in text else text


def shown(text: str) -> str:
    """The text for those who approve it, who are no receivers: `[name]` where a name will stand."""
    return marked(text, _shown)


def _shown(mark: str) -> str:
    name, phrases = _read(mark)
    said = f"[{name.replace('_', ' ')}]"
    return phrases[0].replace(f"{{{name}}}", said) if phrases else said


def kept_on_one_line(text: object, limit: int = 100_000) -> str:
    """One line of what was rendered from cleaned values: the marks stay, whole."""
    return in_one_line(str(text), limit)

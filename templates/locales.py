"""Languages: which one somebody gets, which files speak it, and how dates and numbers read in it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime

LOCALE = r"[a-z]{2,3}(-[A-Z][a-z]{3})?(-([A-Z]{2}|[0-9]{3}))?"


def normal(locale: str) -> str:
    """`pt_br.UTF-8` as `pt-BR`; empty for what is no locale."""
    parts = re.split(r"[-_]", locale.partition(".")[0].strip())
    cased = [_cased(part, place) for place, part in enumerate(parts)]
    found = "-".join(cased)
    return found if re.fullmatch(LOCALE, found) else ""


def _cased(part: str, place: int) -> str:
    if place == 0:
        return part.lower()
    return part.title() if len(part) == 4 else part.upper()


def chain(locale: str) -> tuple[str, ...]:
    """Where words for this locale are looked for, the nearest first: `pt-BR`, then `pt`."""
    parts = locale.split("-")
    return tuple("-".join(parts[:count]) for count in range(len(parts), 0, -1) if parts[0])


def spoken(wanted: str, offered: Sequence[str]) -> str:
    """Which of the offered languages, the first of which is everybody's, somebody gets who wants this one.

    `pt-BR` gets `pt-BR`, else `pt`, else another Portuguese, else what everybody gets.
    """
    return nearest(wanted, offered) or offered[0]


def nearest(wanted: str, offered: Sequence[str]) -> str:
    """The same; empty where none of them will do."""
    known = {normal(one).lower(): one for one in reversed(offered)}
    near = (known.get(one.lower()) for one in _near(normal(wanted), offered))
    return next(filter(None, near), "")


def _near(locale: str, offered: Sequence[str]) -> Iterator[str]:
    yield from chain(locale)
    language = locale.partition("-")[0]
    yield from (normal(one) for one in offered if language and normal(one).partition("-")[0] == language)


def day(moment: date | datetime | str, locale: str) -> str:
    """`26 November 2026`, `26. November 2026`, `26 novembre 2026`; of the first, the French say `1er décembre 2026`."""
    from babel.dates import format_date  # a fifth of a second; who shows no date does without

    found = datetime.fromisoformat(moment) if isinstance(moment, str) else moment
    said = format_date(found, "long", locale=_babel(locale))
    return f"1er{said[1:]}" if said.startswith("1 ") and chain(locale)[-1:] == ("fr",) else said


def number(value: float, locale: str) -> str:
    """`1,000`, `1.000`, `1 000`."""
    from babel.numbers import format_decimal

    try:
        return format_decimal(value, locale=_babel(locale))
    except ArithmeticError as error:
        raise ValueError(f"{str(value)[:30]!r} is no number") from error


def plural(count: int, locale: str) -> str:
    """Which form of a word goes with this many (CLDR): `one`, `other`, elsewhere also `zero`, `two`, `few`, `many`."""
    from babel import Locale

    return Locale.parse(_babel(locale)).plural_form(count)


def language(locale: str) -> str:
    """What its speakers call it: `English`, `Deutsch`, `Português (Brasil)`; itself, where nobody knows it."""
    from babel import Locale
    from babel.core import UnknownLocaleError

    try:
        name = Locale.parse(locale, sep="-").get_display_name() or locale
    except (UnknownLocaleError, ValueError):
        return locale
    return f"{name[:1].upper()}{name[1:]}"


def towns(zones: Iterable[str], locale: str) -> Iterator[tuple[str, str]]:
    """Time zones, each with what its place is called: `Wien` for `Europe/Vienna`; as it is spelt where nobody says."""
    from babel import Locale

    known = Locale.parse(_babel(locale)).time_zones
    for zone in zones:
        yield zone, known.get(zone, {}).get("city") or zone.partition("/")[2].replace("_", " ")


def _babel(locale: str) -> str:
    """As Babel spells it; English by the day, as most of the world writes it."""
    from babel import Locale
    from babel.core import UnknownLocaleError

    if locale in ("", "en"):
        return "en_GB"
    for one in chain(locale):
        try:
            return str(Locale.parse(one, sep="-"))
        except (UnknownLocaleError, ValueError):
            continue
    return "en_GB"

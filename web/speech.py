"""In which language a page speaks: the one that its address asks for, its reader's, their browser's, or everybody's."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from fastapi import Request
from fastapi.responses import HTMLResponse

from tasks.speaking import messages_of, offered
from tasks.world import World
from templates.locales import nearest, normal, spoken
from templates.look import sheet
from web.pages import page

MOST_ACCEPTED = 20


@dataclass(frozen=True, slots=True)
class Speech:
    """What a visitor would like to read, best first, and the words of these pages in the nearest language there is.

    `asked` is the language that the address asks for: links keep it.
    """

    wanted: tuple[str, ...]
    languages: tuple[str, ...]
    locale: str
    say: Mapping[str, str]
    asked: str = ""

    def among(self, languages: Sequence[str]) -> str:
        """Which of these the visitor gets; the first, where they want none of them."""
        return among(self.wanted, languages)


def speech(world: World, folder: str, request: Request, reader: str = "") -> Speech:
    """The words in `templates/<folder>`; `reader` is the language of who was sent a link of their own."""
    asked = normal(request.query_params.get("lang", ""))
    said = (asked, reader, *accepted(request.headers.get("accept-language", "")))
    wanted, languages = tuple(filter(None, said)), offered(world, folder)
    messages, locale = messages_of(world), among(wanted, languages)
    return Speech(wanted, languages, messages.heard(folder, locale), messages.words(folder, locale), asked)


def told_in(world: World, folder: str, wanted: str) -> Speech:
    """For what has one language at each address, such as a feed: the organisation's nearest to this, else its first.

    `asked` is empty in the first, which needs no asking.
    """
    languages = world.organisation.languages
    locale = spoken(wanted, languages)
    asked = locale if locale != languages[0] else ""
    return Speech((locale,), languages, locale, messages_of(world).words(folder, locale), asked)


def among(wanted: Sequence[str], languages: Sequence[str]) -> str:
    return next(filter(None, (nearest(one, languages) for one in wanted)), languages[0])


def accepted(header: str) -> tuple[str, ...]:
    """The languages of an Accept-Language header, best first (RFC 9110, 12.5.4)."""
    ranges = [_weighed(one) for one in header.split(",")[:MOST_ACCEPTED]]
    return tuple(name for weight, name in sorted(ranges, key=lambda one: -one[0]) if name and weight > 0)


def _weighed(said: str) -> tuple[float, str]:
    name, _, weight = said.partition(";")
    try:
        return float(weight.strip().removeprefix("q=") or 1), normal(name)
    except ValueError:
        return 0, ""


def spoken_page(
    world: World, name: str, values: Mapping[str, Any], said: Speech, product: str = "", **more: Any
) -> HTMLResponse:
    """A page of the organisation for people outside, with its words and a way to what is new.

    It looks as the brand of the product does that it is about, else as the organisation's. Caches are told that another
    browser may be answered in another language.
    """
    kept = said.asked or (said.locale if len(said.languages) > 1 else "")
    brand = world.organisation.brand_of(product)
    around: dict[str, Any] = {"organisation": world.organisation.organisation}
    around |= {"news": "/changes" + (f"?lang={kept}" if kept else "")}
    around |= {"say": said.say, "locale": said.locale, "lang": said.asked}
    made = page(name, {**around, **values}, sheet=sheet(brand), **more)
    made.headers["Content-Language"] = said.locale
    made.headers["Vary"] = "Accept-Language"
    return made

"""The pages of the change channel, as values for their templates."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any
from urllib.parse import urlencode

from fastapi import Request
from fastapi.responses import HTMLResponse

from checklists.subscriber import CHANGE_TYPES
from ledger.publication import Publication
from tasks.announcements.publishing import excerpt_in
from tasks.world import World
from web.channel.asked import FILTERS, Asked
from web.speech import Speech, speech, spoken_page, told_in

PER_PAGE = 20
PICTURES = "https: data:"
FEEDS = ("atom", "rss", "json")


def missing(world: World, request: Request, reader: str = "") -> HTMLResponse:
    """The same for what never was and for what this visitor may not see."""
    return spoken_page(world, "channel/missing.html", {}, speech(world, "channel", request, reader), status=404)


def listed(world: World, asked: Asked, request: Request) -> HTMLResponse:
    publications, wanted = world.ledger.publications, request.query_params.get("page", "1")
    said, count = speech(world, "channel", request, asked.locale), publications.state(asked.sought).count
    pages = max(1, -(-count // PER_PAGE))
    number = min(int(wanted), pages) if wanted.isascii() and wanted.isdigit() and 0 < len(wanted) < 7 else 1
    number = max(number, 1)
    changes = publications.search(asked.sought, PER_PAGE, (number - 1) * PER_PAGE)
    values = {
        "asked": {"q": asked.sought.words} | {name: getattr(asked.sought, name) for name in FILTERS},
        "options": _options(world, asked, said),
        "changes": [shown(world, asked, one, said) for one in changes],
        "count": count,
        "number": number,
        "pages": pages,
        "newer": asked.listed(number - 1, said.asked) if number > 1 else "",
        "older": asked.listed(number + 1, said.asked) if number < pages else "",
    }
    around = _around(world, asked, said, asked.sought.product, asked.sought.topic)
    around |= _languages(said, said.languages, lambda name: asked.listed(number, name))
    shows = {"pictures": PICTURES, "has_form": True}
    page = spoken_page(world, "channel/list.html", values | around, said, asked.sought.product, **shows)
    return _sealed(page, asked)


def whole(world: World, asked: Asked, one: Publication, request: Request) -> HTMLResponse:
    """One change for good; what was withdrawn says so, with the status of what is gone."""
    said = speech(world, "channel", request, asked.locale)
    spoken = tuple(dict.fromkeys((*said.languages, *one.languages)))
    values = shown(world, asked, one, said)
    values |= {
        "body": one.words(values["locale"]).body,
        "corrections": [{"at": told.at, **_remark(one, said, told.note, told.notes)} for told in one.corrections],
        "recalled": one.recalled_at,
        "reason": _remark(one, said, one.recall_reason, one.recall_reasons),
    }
    around = _around(world, Asked(type(asked.sought)(), asked.base, asked.reader), said, one.product)
    around |= {"one": values, **_languages(said, spoken, lambda name: asked.page_of(one, name))}
    status = 410 if one.is_recalled else 200
    shows = {"status": status, "pictures": PICTURES}
    return _sealed(spoken_page(world, "channel/change.html", around, said, one.product, **shows), asked)


def shown(world: World, asked: Asked, one: Publication, said: Speech) -> dict[str, Any]:
    """What stands of a change on either page, in the nearest of its languages."""
    locale = said.among(one.languages)
    public = Asked(asked.sought, f"{world.settings.public_url}/changes")
    return {
        "url": asked.page_of(one, said.asked),
        "address": public.page_of(one, said.asked),
        "locale": locale,
        "title": one.words(locale).title,
        "excerpt": said.say["withdrawn"] if one.is_recalled else excerpt_in(one, locale),
        "product": product_title(world, one.product),
        "logo": world.organisation.brand_of(one.product).logo or "",
        "version": one.version,
        "published": one.published_at,
        "updated": one.updated_at,
        "updated_later": bool(one.corrections) and one.updated_at.date() > one.published_at.date(),
        "types": list(one.types),
        "topics": [{"key": key, "title": topic_title(world, key)} for key in one.topics],
        "private": not one.is_public,
        "audience": audience_title(world, one.audience),
    }


def _remark(one: Publication, said: Speech, text: str, others: Mapping[str, str]) -> dict[str, str]:
    locale = said.among((one.locale, *others))
    return {"text": others.get(locale, text), "locale": locale}


def product_title(world: World, key: str) -> str:
    """Whose change it is, as its brand says; the name that commands use where the organisation has dropped it."""
    organisation = world.organisation
    return organisation.brand_of(key).name or key if key in organisation.products else key


def topic_title(world: World, key: str) -> str:
    known = world.organisation.all_topics.get(key)
    return known.title if known else key


def audience_title(world: World, key: str) -> str:
    known = world.organisation.audiences.get(key)
    return (known.title if known else None) or key


def _options(world: World, asked: Asked, said: Speech) -> dict[str, list[list[str]]]:
    """What can be chosen: what there is for this reader, in words."""
    seen = type(asked.sought)(private=asked.sought.private)
    names = world.ledger.publications.names(seen)
    return {
        "product": [[key, product_title(world, key)] for key in names["product"]],
        "topic": [[key, topic_title(world, key)] for key in names["topic"]],
        "type": [[key, said.say[f"type_{key}"]] for key in CHANGE_TYPES if key in names["type"]],
        "audience": [[key, audience_title(world, key)] for key in names["audience"]],
    }


def _languages(said: Speech, spoken: Sequence[str], address: Callable[[str], str]) -> dict[str, Any]:
    """The languages one may change to, each with the address of this page in it; and the one that asks for none."""
    chosen = said.among(spoken)
    languages = [{"locale": name, "url": address(name), "chosen": name == chosen} for name in spoken]
    return {"languages": languages, "in_any": address("")}


def _around(world: World, asked: Asked, said: Speech, *about: str) -> dict[str, Any]:
    """`start` is where everything stands, in the language that was asked for; filters are put behind `home`.

    `about` are the topics that are ticked where somebody signs up; who has a link of their own did so, or need not.
    """
    start = Asked(type(asked.sought)(), asked.base).listed(locale=said.asked)
    name, locale = world.organisation.organisation, said.among(world.organisation.languages)
    told = told_in(world, "channel", locale)
    return {
        "site": {"name": name, "home": asked.base, "start": start, "private": asked.is_private},
        "sign_up": "" if asked.is_private else _sign_up(world, about, said),
        "feeds": {format_: asked.feed(format_, told.asked) for format_ in FEEDS},
        "is_filtered": asked.is_filtered,
    }


def _sign_up(world: World, about: Sequence[str], said: Speech) -> str:
    ticked = [("topic", topic) for topic in about if topic]
    more = urlencode([*ticked, *([("lang", said.asked)] if said.asked else [])])
    return f"{world.settings.public_url}/subscribe" + (f"?{more}" if more else "")


def _sealed(response: HTMLResponse, asked: Asked) -> HTMLResponse:
    if asked.is_private:
        response.headers["X-Robots-Tag"] = "noindex, nofollow"
    else:
        response.headers["Cache-Control"] = "no-cache"
    return response

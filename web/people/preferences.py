"""The page behind a personal link where somebody says what they want to hear, and ends it. Looking changes nothing."""

from __future__ import annotations

from functools import partial

from anyio import CapacityLimiter, to_thread
from fastapi import APIRouter, Request, Response

from checklists.subscriber import Subscriber
from tasks.audiences.addresses import read_preferences
from tasks.world import World
from web.addresses import address_of
from web.forms import Fields, form_of
from web.people.feed import feed_of
from web.people.filled import one, preferences, read
from web.people.showing import choices
from web.signing.origins import is_ours
from web.speech import speech, spoken_page

LOOKS = ["GET", "HEAD"]
LIMIT = 64 * 1024
WRITERS = 8


def router(world: World) -> APIRouter:
    made = APIRouter()
    writers = CapacityLimiter(WRITERS)

    @made.api_route("/subscriptions/{token:path}", methods=LOOKS)
    def look(token: str, request: Request) -> Response:
        who = read_preferences(world, token)
        return shown(world, who, request) if who else nowhere(world, request)

    @made.post("/subscriptions/{token:path}")
    async def choose(token: str, request: Request) -> Response:
        body = await form_of(request, LIMIT)
        if not is_ours(request.headers, world.settings.public_url):
            return foreign(world, request)
        origin = address_of(world, request)
        return await to_thread.run_sync(partial(_chosen, world, token, read(body), origin, request), limiter=writers)

    return made


def nowhere(world: World, request: Request) -> Response:
    return spoken_page(world, "people/unknown.html", {}, speech(world, "people", request), status=404)


def foreign(world: World, request: Request) -> Response:
    """A form that another site has sent."""
    return spoken_page(world, "people/foreign.html", {}, speech(world, "people", request), status=403)


def shown(world: World, who: Subscriber, request: Request, said: str = "", problem: str = "") -> Response:
    """The page with what they have chosen; `said` is what has just been done, `problem` why nothing was."""
    words = speech(world, "people", request, who.locale)
    values = choices(world.organisation, who, world.now(), words.locale) | {"feed": feed_of(world, who)}
    values |= {"said": said, "problem": problem}
    return spoken_page(world, "people/preferences.html", values, words, status=422 if problem else 200, has_form=True)


def _chosen(world: World, token: str, fields: Fields | None, origin: str, request: Request) -> Response:
    who = read_preferences(world, token)
    if who is None:
        return nowhere(world, request)
    what = one(fields, "do") if fields else ""
    if fields is None or what not in DEEDS or not DEEDS[what](world, who, fields, origin):
        return shown(world, who, request, problem="unreadable")
    return shown(world, world.ledger.subscribers.get(who.id) or who, request, said=what)


def _save(world: World, who: Subscriber, fields: Fields, origin: str) -> bool:
    wanted = preferences(fields, who, world.organisation, world.now())
    if wanted is not None:
        world.ledger.wishes.prefer(who.id, wanted, "page", origin, world.now())
    return wanted is not None


def _leave(world: World, who: Subscriber, _: Fields, origin: str) -> bool:
    world.ledger.wishes.unsubscribe(who.id, "page", origin, world.now())
    return True


def _return(world: World, who: Subscriber, _: Fields, origin: str) -> bool:
    """Their own link has brought them here: the address is theirs."""
    world.ledger.wishes.confirm(who.id, "page", origin, world.now())
    return True


DEEDS = {"save": _save, "unsubscribe": _leave, "subscribe": _return}

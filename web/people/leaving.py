"""One click and no more such mail (RFC 8058): a POST does it at once, without cookies, questions or redirects.

Looking changes nothing, since scanners follow links; twice is the same as once.
"""

from __future__ import annotations

from functools import partial

from anyio import CapacityLimiter, to_thread
from fastapi import APIRouter, Request, Response

from ledger.reached import origin_of
from tasks.audiences.addresses import Leaving, preferences_address, read_unsubscribe
from tasks.world import World
from web.addresses import address_of
from web.body import read_body
from web.people.preferences import LIMIT, LOOKS, WRITERS, nowhere
from web.speech import speech, spoken_page


def router(world: World) -> APIRouter:
    made = APIRouter()
    writers = CapacityLimiter(WRITERS)

    @made.api_route("/unsubscribe/{token:path}", methods=LOOKS)
    def look(token: str, request: Request) -> Response:
        leaving = read_unsubscribe(world, token)
        return _page(world, leaving, request, has_left=False) if leaving else nowhere(world, request)

    @made.post("/unsubscribe/{token:path}")
    async def leave(token: str, request: Request) -> Response:
        """Whatever the body says, form or multipart: who was given the address was given it for this alone."""
        await read_body(request, LIMIT)
        origin = address_of(world, request)
        return await to_thread.run_sync(partial(_left, world, token, origin, request), limiter=writers)

    return made


def _left(world: World, token: str, origin: str, request: Request) -> Response:
    leaving = read_unsubscribe(world, token)
    if leaving is None:
        return nowhere(world, request)
    if leaving.who and not leaving.sent.is_required:
        via = f"{origin_of(leaving.sent.launch_id, leaving.sent.item, leaving.sent.purpose)}{origin}"
        topics = leaving.topics or None
        world.ledger.wishes.unsubscribe(leaving.who.id, "one-click", via, world.now(), topics)
    return _page(world, leaving, request, has_left=True)


def _page(world: World, leaving: Leaving, request: Request, *, has_left: bool) -> Response:
    organisation = world.organisation
    known = organisation.all_topics
    values = {
        "topics": [known[topic].title if topic in known else topic for topic in sorted(leaving.topics)],
        "is_required": leaving.sent.is_required,
        "has_left": has_left,
        "preferences": preferences_address(world, leaving.who.id) if leaving.who else "",
    }
    said = speech(world, "people", request, leaving.who.locale if leaving.who else "")
    return spoken_page(world, "people/leaving.html", values, said, has_form=True)

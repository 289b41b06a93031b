"""The open form: an address is asked by mail before anything is sent to it, and nobody learns who is subscribed."""

from __future__ import annotations

from functools import partial

from anyio import CapacityLimiter, to_thread
from fastapi import APIRouter, Request, Response
from starlette.background import BackgroundTask

from checklists.mail_address import LONGEST, in_ascii, why_undeliverable
from checklists.subscriber import Subscriber, locale_of
from ledger.newcomers import Newcomer
from tasks.audiences.addresses import preferences_address, read_confirm
from tasks.audiences.signing_up import sign_up
from tasks.notices.delivering import deliver_notices
from tasks.world import World
from web.addresses import address_of
from web.forms import Fields, form_of
from web.people.filled import offered, one, read
from web.people.preferences import LIMIT, LOOKS, WRITERS, foreign, nowhere
from web.people.showing import sign_up_form
from web.postman import Postman
from web.signing.origins import is_ours
from web.speech import speech, spoken_page


def router(world: World) -> APIRouter:
    made = APIRouter()
    writers, postman = CapacityLimiter(WRITERS), Postman(partial(deliver_notices, world))

    @made.api_route("/subscribe", methods=LOOKS)
    def look(request: Request) -> Response:
        wanted, said = frozenset(request.query_params.getlist("topic")[:100]), speech(world, "people", request)
        form = sign_up_form(world.organisation, said.among(world.organisation.languages), wanted)
        return spoken_page(world, "people/sign-up.html", form, said, has_form=True)

    @made.post("/subscribe")
    async def come(request: Request) -> Response:
        body = await form_of(request, LIMIT)
        if not is_ours(request.headers, world.settings.public_url):
            return foreign(world, request)
        answer = await to_thread.run_sync(partial(_come, world, read(body), request), limiter=writers)
        if answer.status_code == 200:
            answer.background = BackgroundTask(postman.go)
        return answer

    @made.api_route("/subscribe/{token:path}", methods=LOOKS)
    def look_again(token: str, request: Request) -> Response:
        who = read_confirm(world, token)
        return _confirm(world, who, request) if who else nowhere(world, request)

    @made.post("/subscribe/{token:path}")
    async def confirm(token: str, request: Request) -> Response:
        await form_of(request, LIMIT)
        return await to_thread.run_sync(partial(_confirmed, world, token, request), limiter=writers)

    return made


def _come(world: World, fields: Fields | None, request: Request) -> Response:
    """The same answer whatever is known of the address."""
    said, known = speech(world, "people", request), world.organisation
    typed, language = one(fields or {}, "address"), locale_of(one(fields or {}, "locale")) or ""
    if fields is None or why_undeliverable(address := in_ascii(typed)):
        chosen = language or said.among(known.languages)
        form = sign_up_form(known, chosen, (fields or {}).get("topic", ()), typed[:LONGEST], "address")
        return spoken_page(world, "people/sign-up.html", form, said, status=422, has_form=True)
    topics = frozenset(fields.get("topic", ())) & frozenset(offered(known)) or frozenset(offered(known))
    if not sign_up(world, Newcomer(address, locale=language, topics=topics), address_of(world, request)):
        return spoken_page(world, "people/busy.html", {}, said, status=429)
    return spoken_page(world, "people/asked.html", {"address": address}, said)


def _confirmed(world: World, token: str, request: Request) -> Response:
    who = read_confirm(world, token)
    if who is None:
        return nowhere(world, request)
    world.ledger.wishes.confirm(who.id, "link", address_of(world, request), world.now(), who.topics, who.locale)
    return _confirm(world, who, request, preferences_address(world, who.id))


def _confirm(world: World, who: Subscriber, request: Request, mine: str = "") -> Response:
    """The question, or the answer, which leads to their own page."""
    values = {"has_confirmed": bool(mine), "preferences": mine}
    said = speech(world, "people", request, who.locale)
    return spoken_page(world, "people/confirm.html", values, said, has_form=not mine)

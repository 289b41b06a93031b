"""The page that shows an announcement before it leaves. Looking never changes anything; a test goes to oneself."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from anyio import CapacityLimiter, to_thread
from fastapi import APIRouter, Request, Response
from fastapi.responses import HTMLResponse

from checklists.decide import Refusal
from checklists.errors import LaunchError
from checklists.launch import Launch
from tasks.announcements.previewing import Preview, as_read, preview, send_test, shown_with
from tasks.world import World
from templates.filling import Unrenderable
from web.forms import fields_of, form_of, once
from web.pages import page
from web.previewing.asked import asked
from web.previewing.showing import framed, page_of, pictures
from web.signing import answers
from web.signing.coming import Come, filled_in, kept, looked_at
from web.signing.origins import is_ours
from web.signing.showing import Look
from web.signing.verdicts import verdict
from web.signing.visitor import Visitor

PATHS = ("/preview/{token}", "/launches/{launch}/{item}/preview")
LIMIT = 4 * 1024
MOST_FIELDS = 10
TESTERS = 2
MAIL_POLICY = "sandbox; default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'self'; img-src "
WENT = ("accepted", "delivered")
Shown = Callable[[Visitor, Preview], Response]


def router(world: World) -> APIRouter:
    made, testers = APIRouter(), CapacityLimiter(TESTERS)

    async def test(come: Come, request: Request) -> Response:
        body = await form_of(request, LIMIT)
        return await to_thread.run_sync(partial(_take, world, come, request, body), limiter=testers)

    link, page_ = PATHS
    looked_at(made, world, link, page_, partial(_show, world))
    looked_at(made, world, f"{link}/mail", f"{page_}/mail", partial(_mail, world))
    filled_in(made, world, link, page_, test)
    return made


def _show(
    world: World, come: Come, request: Request, said: str = "", status: int = 200, *, went: bool = True
) -> Response:
    def whole(visitor: Visitor, shown: Preview) -> Response:
        here, told = request.url.path, {"said": said, "went": went}
        values = page_of(world, shown, asked(request.query_params, shown), visitor, here)
        return page("preview/page.html", values | told, status=status, frames="'self'", has_form=True)

    return _met(world, come, whole)


def _mail(world: World, come: Come, request: Request) -> Response:
    """The HTML part by itself: without scripts, forms, an origin, or anything from elsewhere but the brand's logo."""

    def alone(visitor: Visitor, shown: Preview) -> Response:
        wanted = asked(request.query_params, shown)
        name = visitor.actor.name if visitor.actor else "Ada Example"
        message = as_read(world, shown, "email", wanted.locale, name, wanted.standing)
        return HTMLResponse(framed(message, wanted), headers={"Content-Security-Policy": MAIL_POLICY + pictures(shown)})

    return _met(world, come, alone)


def _take(world: World, come: Come, request: Request, body: bytes) -> Response:
    """Send a test to whoever looks; where names are trusted, to the person they name."""
    if not is_ours(request.headers, world.settings.public_url):
        return answers.bare("foreign", 403)
    typed = once(fields_of(body, MOST_FIELDS))
    if typed is None:
        return answers.bare("unreadable", 422)

    def sent(visitor: Visitor, shown: Preview) -> Response:
        to = visitor.email or typed.get("email", "").strip()
        wanted = asked(request.query_params, shown)
        came = send_test(world, shown.launch, shown.key, to, wanted.locale, wanted.standing)
        if isinstance(came, Refusal):
            return _show(world, lambda: visitor, request, came.reason, 409, went=False)
        return _show(world, lambda: visitor, request, f"The test to {to} is {came}.", went=came in WENT)

    return _met(world, come, sent)


def _met(world: World, come: Come, then: Shown) -> Response:
    """What follows for a visitor of an announcement, or of a gate that signs one."""

    def answer() -> Response:
        visit = come()
        if isinstance(visit, Response):
            return visit
        launch = world.launch(visit.launch_id)
        if launch is None or visit.item not in launch.items or not (key := shown_with(launch, visit.item)):
            return answers.bare("nothing", 404)
        no = verdict(look := Look(world, launch, visit))
        return answers.void(look, no) if no else _rendered(world, launch, key, visit, then)

    return kept(answer)


def _rendered(world: World, launch: Launch, key: str, visit: Visitor, then: Shown) -> Response:
    try:
        return then(visit, preview(world, launch, key))
    except (LaunchError, Unrenderable) as error:
        return page("preview/missing.html", {"title": "It cannot be shown", "words": str(error)}, status=409)

"""The page that says what became of a launch's announcements, with plots drawn here; and its numbers for programs."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

from fastapi import APIRouter, Request, Response
from fastapi.responses import JSONResponse

from checklists.launch import Launch
from checklists.reach import Reach
from tasks.announcements.reaching import Told, as_csv, as_plain, is_personal, reach_of
from tasks.world import World
from templates.left_out import LEFT_OUT
from web.pages import page
from web.signing import answers
from web.signing.coming import kept, signed_in

LOOKS = ["GET", "HEAD"]
WIDE = 600
BARS = (
    ("audience", "Audience"),
    ("handed_over", "Handed over"),
    ("delivered", "Delivered"),
    ("clicked", "Clicked"),
    ("opened", "Opened"),
    ("bounced", "Bounced"),
    ("refused", "Refused"),
    ("unknown", "Unknown"),
    ("unsubscribed", "Unsubscribed"),
)
TROUBLE = ("bounced", "refused", "unknown", "unsubscribed")
LESSER = ("opened",)
HEARD = ("delivered", "clicked", "opened")
"""What only mail tells: a channel that posts once says none of it."""
Written = Callable[[Launch, tuple[Told, ...]], Response]


def router(world: World) -> APIRouter:
    made = APIRouter()

    @made.api_route("/reach/{launch}", methods=LOOKS)
    def look(launch: str, request: Request) -> Response:
        return _answer(world, launch, request, partial(_page, world))

    @made.api_route("/reach/{launch}/numbers.json", methods=LOOKS)
    def numbers(launch: str, request: Request) -> Response:
        return _answer(world, launch, request, lambda found, told: JSONResponse(as_plain(found, told)))

    @made.api_route("/reach/{launch}/numbers.csv", methods=LOOKS)
    def table(launch: str, request: Request) -> Response:
        return _answer(world, launch, request, _csv)

    return made


def _answer(world: World, name: str, request: Request, write: Written) -> Response:
    """For whoever a proxy has signed in; on one's own machine, for whoever looks."""

    def answer() -> Response:
        visit = signed_in(world, name, "", request)
        if isinstance(visit, Response):
            return visit
        launch = world.launch(name)
        return write(launch, reach_of(world, launch)) if launch else answers.bare("nothing", 404)

    return kept(answer)


def _csv(launch: Launch, told: tuple[Told, ...]) -> Response:
    headers = {"Content-Disposition": f'attachment; filename="reach-{launch.id}.csv"'}
    return Response(as_csv(launch, told), media_type="text/csv; charset=utf-8", headers=headers)


def _page(world: World, launch: Launch, told: tuple[Told, ...]) -> Response:
    values = {
        "launch": {"id": launch.id, "name": f"{launch.release.title} {launch.release.version}"},
        "announcements": [
            {"item": one.item, "title": one.title, "status": one.status, "purpose": one.purpose}
            | {"unknown": one.unknown, "settle": one.settle, "is_silent": one.is_silent}
            | {"channels": [_shown(row, is_personal(world, row.channel)) for row in one.channels]}
            for one in told
        ],
    }
    return page("reach/page.html", values)


def _shown(row: Reach, is_personal: bool) -> dict[str, Any]:
    is_told = any(getattr(row, name) for name in ("bounced", *HEARD))
    idle = TROUBLE if is_personal and is_told else (*TROUBLE, *HEARD)  # where a nought is no news
    return {
        "channel": row.channel,
        "bars": [_bar(row, name, label) for name, label in BARS if getattr(row, name) or name not in idle],
        "excluded": [{"why": LEFT_OUT.get(why, why), "count": count} for why, count in row.excluded.items()],
        "left_out": row.left_out,
        "is_untold": is_personal and not is_told and row.handed_over > 0,
        "waiting": row.waiting,
    }


def _bar(row: Reach, name: str, label: str) -> dict[str, Any]:
    """How long it is, of the audience; the shares are of what was handed over."""
    count = int(getattr(row, name))
    width = round(WIDE * min(count / row.audience, 1)) if row.audience else 0
    share = row.share(count) if name not in ("audience", "handed_over") else ""
    kind = "trouble" if name in TROUBLE else "lesser" if name in LESSER else "good"
    return {"label": label, "count": count, "share": share, "width": max(width, 2 if count else 0), "kind": kind}

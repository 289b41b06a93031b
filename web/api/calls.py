"""One call of the API: who asks what of which launch, and how it is answered."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Any

from anyio import to_thread
from fastapi import Depends, Path, Request
from fastapi.responses import JSONResponse
from starlette.background import BackgroundTask

from checklists.checklist import unknown
from checklists.commands import Actor, Command, OnItem
from checklists.decide import Refusal
from checklists.launch import Launch
from tasks.carrying_out import carry_out
from tasks.notices.delivering import deliver_notices
from tasks.view import as_shown
from tasks.world import World
from web.api.admission import Caller
from web.api.cursors import LAUNCH
from web.api.desk import Desk, desk_of
from web.api.problems import Problem

LATER = "recorded; it will be carried out when Prefect is back"


@dataclass(frozen=True, slots=True)
class Call:
    """Somebody asks something."""

    desk: Desk
    caller: Caller

    @property
    def world(self) -> World:
        return self.desk.world

    @property
    def by(self) -> Actor:
        return self.caller.actor

    @property
    def said(self) -> dict[str, Any]:
        """What every command says of who asks, and how."""
        return {"by": self.caller.actor, "via": "api", "address": self.caller.address}

    def known(self, name: str) -> str:
        """The name of a launch that was started, whatever became of its record. Raises Problem for another one."""
        is_one = len(name) <= 160 and LAUNCH.fullmatch(name)
        if not is_one or self.world.ledger.index.find(name) is None:
            raise Problem(404, "there is no launch of this name; GET /api/launches lists them", kind="no-such-launch")
        return name

    def launch(self, name: str) -> Launch:
        """Raises Problem where there is none of this name."""
        found = self.world.launch(self.known(name))
        if found is None:
            raise Problem(409, "its entries are gone; look with `tminus verify`", kind="unusable")
        return found

    def item_of(self, name: str, item: str) -> Launch:
        """The launch with this item. Raises Problem."""
        launch = self.launch(name)
        if item not in launch.items:
            raise Problem(404, unknown(item[:60], launch.items, "item"), kind="no-such-item")
        return launch

    def carry_out(self, name: str, command: Command | Refusal) -> JSONResponse:
        """Decide it, carry it out, show the launch; people are written to once the answer is out."""
        if isinstance(command, Refusal):
            raise refused(command)
        launch = self.item_of(name, command.item) if isinstance(command, OnItem) else self.launch(name)
        return self.moved(*carry_out(self.world, launch.id, command))

    def moved(self, answer: Launch | Refusal, note: str, status: int = 200) -> JSONResponse:
        if isinstance(answer, Refusal):
            raise refused(answer)
        shown = as_shown(self.world, answer)
        later = BackgroundTask(_deliver, self.desk)
        return JSONResponse({**shown, "note": LATER} if note else shown, 202 if note else status, background=later)


def refused(answer: Refusal) -> Problem:
    """A rule said no; whether another person, or another time, would do is in the status."""
    return Problem(403 if answer.may_not else 409, answer.reason, kind="refused")


async def _deliver(desk: Desk) -> None:
    await to_thread.run_sync(deliver_notices, desk.world, limiter=desk.notices)


async def _call(request: Request) -> Call:
    """The caller was put there by the route, which let them in before it read anything else."""
    return Call(desk_of(request), request.state.caller)


Asked = Annotated[Call, Depends(_call)]
LaunchId = Annotated[str, Path(description="The launch, such as `acme-2.4.0`.", examples=["acme-2.4.0"])]
ItemKey = Annotated[str, Path(description="The item, by its key in the checklist.", examples=["qa"])]

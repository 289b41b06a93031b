"""People outside who hear of launches, and who is in an audience. Nothing here sends anything."""

from __future__ import annotations

from datetime import datetime
from itertools import islice
from typing import Annotated, Any

from fastapi import Body as InBody
from fastapi import Path, Query, Response
from fastapi.responses import JSONResponse
from pydantic import Field, StringConstraints

from checklists.audience_rule import Attribute
from checklists.audiences import known_to
from checklists.checklist import unknown
from checklists.common import Key
from checklists.dates import time_zones
from checklists.mail_address import ADDRESS, why_undeliverable
from checklists.subscriber import State, Subscriber, locale_of
from ledger.newcomers import Newcomer
from tasks.audiences.consented import WRITTEN, consented_at
from tasks.audiences.looking import audience_now, why
from tasks.audiences.showing import as_shown, summary
from web.api.bodies import Body, Note, Nothing
from web.api.calls import Asked, Call
from web.api.checklists import checklist_of
from web.api.problems import Problem
from web.api.route import door
from web.api.shapes import Shape

managing = door("manage", "subscribers")
ROUTERS = (managing,)
MOST = 500
NOTHING = Nothing()
LINE = r"^[^\x00-\x1f\x7f]*$"
HEX = r"^[0-9a-f]{32}$"


LANGUAGE = r"^([A-Za-z]{2,3}([-_][A-Za-z]{4})?([-_]([A-Za-z]{2}|[0-9]{3}))?)?$"
Line = Annotated[str, StringConstraints(pattern=LINE, max_length=200)]
Text = Annotated[str, StringConstraints(pattern=LINE, max_length=500)]
Mail = Annotated[str, StringConstraints(pattern=ADDRESS, max_length=254)]
Number = Annotated[float, Field(allow_inf_nan=False, ge=-1e15, le=1e15)]
Id = Annotated[str, Path(alias="id", description="The subscriber, by their id.", examples=["0" * 32])]
Name = Annotated[
    str, Path(description="An audience of the organisation file, or of `checklist`.", examples=["customers"])
]


class PersonBody(Body):
    address: Mail
    name: Line = ""
    locale: Annotated[str, StringConstraints(pattern=LANGUAGE, max_length=20)] = Field("", examples=["pt-BR"])
    timezone: Line = Field("", examples=["Europe/Berlin"])
    attributes: dict[Attribute, bool | Number | Text] = Field(
        default_factory=dict,
        max_length=100,
        description="What rules ask for; those left out stay as they are.",
        json_schema_extra={"additionalProperties": False},
    )
    topics: tuple[Key, ...] = Field((), max_length=100)
    lists: tuple[Key, ...] = Field((), max_length=100)
    state: State | None = Field(None, description="`confirmed` where `consent` says so; who leaves leaves at once.")
    consent: Note = Field("", description="How they agreed to be written to; without it they are unconfirmed.")
    consented: Annotated[str, StringConstraints(pattern=WRITTEN)] | None = Field(
        None,
        description="When they agreed, if not now: ISO 8601, a day in UTC or a time with its zone, not to come.",
        examples=["2026-03-31", "2026-03-31T09:30:00+02:00"],
    )


class PeopleBody(Body):
    people: tuple[PersonBody, ...] = Field(min_length=1, max_length=MOST)


class FatesShape(Shape):
    new: int
    renewed: int
    same: int
    left: int = Field(description="They left, and stay away whatever is said of them here.")


class SubscriberShape(Shape):
    id: str
    address: str
    state: State


class SubscribersShape(Shape):
    subscribers: list[SubscriberShape]
    next: str | None = Field(description="The `after` of the next page; null where this is the last.")


class AudienceShape(Shape):
    audience: str


def _allowed(call: Call) -> Call:
    """Personal data is for those who run launches, whatever their token opens."""
    if not call.by.is_manager:
        raise Problem(403, "people outside are shown to those who run launches only", kind="refused")
    return call


@managing.get("/subscribers", response_model=SubscribersShape, summary="List people outside")
def list_subscribers(
    call: Asked,
    after: Annotated[str, Query(pattern=r"^([0-9a-f]{32})?$", description="`next` of the page before.")] = "",
    address: Annotated[str, Query(max_length=254, description="Only whoever has this address.")] = "",
    limit: Annotated[int, Query(ge=1, le=MOST, description="How many at most.")] = 100,
) -> JSONResponse:
    """By id; those who were forgotten are not among them."""
    known = _allowed(call).world.ledger.subscribers
    if address:
        found = known.find(address.replace("\0", ""))
        some = [found] if found and found.address else []
        return JSONResponse({"subscribers": [summary(one) for one in some], "next": None})
    page = list(islice(known.everybody(after), limit + 1))
    more = page[limit - 1].id if len(page) > limit else None
    return JSONResponse({"subscribers": [summary(one) for one in page[:limit]], "next": more})


@managing.post("/subscribers", response_model=FatesShape, summary="Add people, or renew what is known of them")
def add_subscribers(call: Asked, said: PeopleBody) -> JSONResponse:
    """At most 500 at once; all of them or none. Twice is the same as once, and nothing is sent to anybody."""
    world = _allowed(call).world
    if strange := next(filter(None, (_strange(call, one) for one in said.people)), ""):
        raise Problem(409, strange, kind="refused")
    newcomers = [_newcomer(one, world.now()) for one in said.people]
    fates = world.ledger.newcomers.add(newcomers, "api", f"API, by {call.by.email}", world.now())
    return JSONResponse({name: fates[name] for name in ("new", "renewed", "same", "left")})


def _strange(call: Call, one: PersonBody) -> str:
    """What nobody can mean, though it is well written."""
    if why := why_undeliverable(one.address):
        return f"{one.address} cannot be mailed: {why}"
    topics = call.world.organisation.all_topics
    if one.timezone and one.timezone not in time_zones():
        return f"{one.address}: {one.timezone} is no time zone; one reads like Europe/Berlin"
    if unheard := [topic for topic in one.topics if topic not in topics]:
        return f"{one.address}: {unknown(unheard[0], list(topics), 'topic')}"
    if (one.state == "confirmed" or one.consented) and not one.consent:
        return f"{one.address}: say in `consent` how they agreed, or leave out `confirmed` and `consented`"
    try:
        _consented(one, call.world.now())
    except ValueError as error:
        return f"{one.address}: {error}"
    return ""


def _consented(one: PersonBody, now: datetime) -> datetime | None:
    return consented_at(one.consented, now) if one.consented else None


def _newcomer(one: PersonBody, now: datetime) -> Newcomer:
    own = {name: getattr(one, name) for name in ("address", "name", "timezone", "attributes", "consent")}
    own |= {"locale": locale_of(one.locale) or "", "consented": _consented(one, now)}
    state = one.state or ("confirmed" if one.consent else "unconfirmed")
    return Newcomer(**own, state=state, topics=frozenset(one.topics), lists=frozenset(one.lists))


@managing.get("/subscribers/{id}", response_model=SubscriberShape, summary="Show somebody and what they said")
def show_subscriber(call: Asked, id_: Id) -> JSONResponse:
    """All that is known of them: what rules ask for, what they chose, and each yes and no with its way and time."""
    return JSONResponse(as_shown(call.world, _known(call, id_)))


@managing.post("/subscribers/{id}/unsubscribe", response_model=SubscriberShape, summary="Unsubscribe somebody")
def unsubscribe(call: Asked, id_: Id, said: Annotated[Nothing, InBody()] = NOTHING) -> JSONResponse:
    """From everything, because they asked you to; only they themselves come back."""
    who, world = _known(call, id_), call.world
    world.ledger.wishes.unsubscribe(who.id, "api", f"API, by {call.by.email}", world.now())
    return JSONResponse(as_shown(world, world.ledger.subscribers.get(who.id) or who))


@managing.delete("/subscribers/{id}", status_code=204, response_class=Response, summary="Forget somebody")
def forget(call: Asked, id_: Id) -> Response:
    """Nothing is left of them but a hash that keeps an import from bringing them back."""
    call.world.ledger.wishes.forget(_known(call, id_).id, call.world.now())
    return Response(status_code=204)


@managing.get("/audiences/{name}", response_model=AudienceShape, summary="Show who is in an audience")
def show_audience(
    call: Asked,
    name: Name,
    address: Annotated[str, Query(max_length=254, description="Say why this address is in it or not.")] = "",
    product: Annotated[str, Query(max_length=60, description="The product that is launched.")] = "",
    checklist: Annotated[str, Query(max_length=60, description="The checklist whose audience it is.")] = "",
) -> JSONResponse:
    """How many hear it, who is left out and why, and a few of them; or of one address, why it is in or out."""
    world = _allowed(call).world
    own = checklist_of(call, checklist) if checklist else None
    known = known_to(world.organisation, own)
    if name not in known:
        raise Problem(404, unknown(name[:60], known, "audience"), kind="no-such-audience")
    address, product = address.replace("\0", ""), product.replace("\0", "")
    found: dict[str, Any] = (
        why(world, name, address, product, own) if address else audience_now(world, name, product, own)
    )
    return JSONResponse(found)


def _known(call: Call, id_: str) -> Subscriber:
    is_one = len(id_) == 32 and all(sign in "0123456789abcdef" for sign in id_)
    found = _allowed(call).world.ledger.subscribers.get(id_) if is_one else None
    if found is None or not found.address:
        raise Problem(404, "there is no subscriber of this id; GET /api/subscribers lists them", kind="no-such-person")
    return found

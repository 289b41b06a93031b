"""What a notice says of an item: the values its templates are filled with, for one reader."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from checklists.due import OpenRun, wanted
from checklists.entries import Because
from checklists.items import Gate, Notes, Training
from checklists.launch import ItemState, Launch
from checklists.quorum import may_sign
from checklists.rules.asking import capacity_of
from checklists.rules.authors import unknown_authors
from checklists.rules.capacity import Capacity, is_self_signed
from ledger.links import Link
from tasks.boards.wording import run_name
from tasks.notices.desk import Desk
from tasks.notices.differences import in_sentences
from tasks.people.codes import code_of
from tasks.people.links import address_of
from tasks.view import run_url

MOST_CHANGES = 12
REASONS: dict[Because | None, str] = {
    "code": "The release is another commit now.",
    "content": "What it is about has changed.",
    "evidence": "What it was decided on was replaced.",
    "expired": "Its waiver has run out.",
    "rerun": "It was opened again.",
    "unknown": "What was in doubt is not any more.",
}
WAITS = {
    "sign": "your sign-off is still missing.",
    "done": "this is still to be done.",
    "rescue": "this still waits for your decision.",
    "settle": "nobody knows yet whether it arrived.",
}
BUTTONS = {
    "sign": "Review and sign",
    "done": "Open it, and mark it as done",
    "rescue": "Decide what happens",
    "settle": "Say whether it arrived",
}


def item(desk: Desk, launch: Launch, state: ItemState, who: str, link: Link | None) -> dict[str, Any]:
    """Everything there is to say of this item to this person; `link` is theirs, where they are asked."""
    form = wanted(state, launch) or "sign"
    able = desk.able(launch, state)
    return {
        "launch": f"{launch.release.title} {launch.release.version}",
        "title": state.item.label,
        "owner": state.item.owner or "",
        "round": state.round,
        "form": form,
        "reason": REASONS.get(state.because, "") if state.round > 1 else "",
        "again": state.round > 1 or state.mailing > 1,
        "waits": WAITS.get(form, WAITS["sign"]),
        "button": BUTTONS.get(form, BUTTONS["sign"]),
        "due": due(desk, launch, state, who),
        "asked": in_words([desk.name(one) for one in able if one != who]),
        "asked_count": len([one for one in able if one != who]),
        "blocks": [one.item.label for one in launch.items.values() if state.key in one.item.waits_for],
        **_said(desk, state, who),
        **_matter(state),
        **_people(desk, launch, state, who, able),
        **_way_in(desk, launch, state, link),
    }


def _said(desk: Desk, state: ItemState, who: str) -> dict[str, Any]:
    """What people and machines said that led here."""
    changes = [line for change in state.changes for line in in_sentences(change)]
    return {
        "question": state.question if state.because != "rerun" else "",
        "question_by": _name(desk, state.asked_by, who) if state.question else "",
        "had_approvals": bool(state.earlier),
        "changes": changes[:MOST_CHANGES],
        "more_changes": max(0, len(changes) - MOST_CHANGES),
        "trouble": trouble_of(state),
        "failure": state.summary if state.is_troubled else "",
        "findings": list(state.findings[:MOST_CHANGES]),
    }


def trouble_of(state: ItemState) -> str:
    """What befell it; who was asked about an earlier round as well reads that this is another one."""
    failed = "is not ready yet" if isinstance(state.item, Notes) else "failed"
    said = "was rejected" if state.status == "rejected" else failed
    return f"{said} in round {state.round}" if state.round > 1 else said


def _name(desk: Desk, who: str, reader: str) -> str:
    return "You" if who == reader else desk.name(who)


def _matter(state: ItemState) -> dict[str, Any]:
    """What is decided on."""
    asked = state.item.evidence if isinstance(state.item, Gate) else ()
    names = dict.fromkeys((*asked, *state.evidence))
    return {
        "about": state.item.about or "",
        "evidence": [{"name": n, "url": state.evidence[n].url if n in state.evidence else ""} for n in names],
        "materials": list(state.item.training.materials) if isinstance(state.item, Training) else [],
    }


def _people(desk: Desk, launch: Launch, state: ItemState, who: str, able: tuple[str, ...]) -> dict[str, Any]:
    """Who has signed, who is missing, and what the reader stands for."""
    earlier = next((one for one in state.earlier if one.by == who), None)
    as_whom = _capacity(desk, launch, state, who)
    return {
        "signed": [
            {"name": one.signer, "place": state.places.get(one.by, ""), "self_signed": one.self_signed}
            for one in state.signatures
            if one.decision == "approve"
        ],
        "missing": [{"place": place, "who": _who(desk, state, place, able, who)} for place in state.missing],
        "approved_at": moment(desk, launch, earlier.at, who) if earlier else "",
        "instead_of": as_whom.principal.name if as_whom and as_whom.principal else "",
        "self_sign": bool(as_whom and is_self_signed(launch, state, as_whom)),
        "unknown_authors": unknown_authors(launch, state.key),
    }


def _who(desk: Desk, state: ItemState, place: str, able: tuple[str, ...], reader: str) -> str:
    """The names of those who could fill a place: of the line it is left of."""
    names = place.partition(" of ")[2] or place
    asked = frozenset(names.split(" or "))
    lines = [line for line in state.lines if asked.issuperset(line.of)]
    found = [actor for one in able if (actor := desk.today.actor(one))]
    could = [
        one for one in found if any(may_sign(lines, held) for held in (one.held, *(p.held for p in one.stands_for)))
    ]
    return in_words(
        [*("you" for one in could if one.email == reader), *(one.name for one in could if one.email != reader)],
        last="or",
    )


def _capacity(desk: Desk, launch: Launch, state: ItemState, who: str) -> Capacity | None:
    """As whom the reader is asked to sign."""
    actor = desk.today.actor(who)
    return capacity_of(launch, state, actor, desk.today.away) if actor and state.lines else None


def _way_in(desk: Desk, launch: Launch, state: ItemState, link: Link | None) -> dict[str, Any]:
    """The personal link and code, and where the form is."""
    settings = desk.world.settings
    form_asks, page_asks = settings.identity == "verified", link is not None and link.asks_code
    code = code_of(desk.world, link) if link and (form_asks or page_asks) else ""
    return {
        "link": _address(desk, state, link) if link else "",
        "is_notes": isinstance(state.item, Notes),
        "code": f"{code[:4]}-{code[4:]}" if code else "",
        "form_asks": form_asks,
        "page_asks": page_asks,
        "run": (state.run and run_url(state.run.run_id)) or "",
        "run_name": _run_name(launch, state),
    }


def _address(desk: Desk, state: ItemState, link: Link) -> str:
    """Notes that lack something are mended on their own page, which leads to the other one."""
    address = address_of(desk.world, link)
    return address.replace("/sign/", "/notes/") if isinstance(state.item, Notes) else address


def _run_name(launch: Launch, state: ItemState) -> str:
    """What the form's flow run is called in Prefect."""
    return run_name(launch, state, OpenRun(state.key, state.round, state.number, wanted(state, launch) or "sign"))


def due(desk: Desk, launch: Launch, state: ItemState, who: str) -> dict[str, Any] | None:
    """When it is due, in the reader's own time."""
    at = launch.dates.due.get(state.key)
    if at is None:
        return None
    zone = zone_of(desk, launch, who)
    return {"text": moment(desk, launch, at, who), "left": left(at, desk.now, zone), "is_late": at < desk.now}


def moment(desk: Desk, launch: Launch, at: datetime, who: str) -> str:
    """`Thursday 26 November, 17:00 Berlin time`."""
    zone = zone_of(desk, launch, who)
    local = at.astimezone(ZoneInfo(zone))
    year = f" {local.year}" if local.year != desk.now.astimezone(ZoneInfo(zone)).year else ""
    place = "UTC" if zone in ("UTC", "Etc/UTC") else f"{zone.rpartition('/')[2].replace('_', ' ')} time"
    return f"{local:%A} {local.day} {local:%B}{year}, {local:%H:%M} {place}"


def zone_of(desk: Desk, launch: Launch, who: str) -> str:
    """The reader's time zone, the product's where theirs is not known."""
    person = desk.organisation.people.get(who)
    return (person and person.timezone) or desk.organisation.calendar_of(launch.release.product).timezone


def left(at: datetime, now: datetime, zone: str) -> str:
    """How long there is, in days as the reader counts them."""
    days = (at.astimezone(ZoneInfo(zone)).date() - now.astimezone(ZoneInfo(zone)).date()).days
    if at < now:
        return _late(now - at, -days)
    return {0: "Due today", 1: "Due tomorrow"}.get(days, f"Due in {days} days")


def _late(by: timedelta, days: int) -> str:
    if days:
        return "1 day late" if days == 1 else f"{days} days late"
    hours = int(by / timedelta(hours=1))
    return f"{hours} hour{'s' if hours > 1 else ''} late" if hours else "Due now"


def in_words(names: list[str], last: str = "and", most: int = 6) -> str:
    """`Ada, Ben and Cleo`; the first few of many."""
    shown = names if len(names) <= most else [*names[: most - 1], f"{len(names) - most + 1} more"]
    return f" {last} ".join(filter(None, [", ".join(shown[:-1]), *shown[-1:]]))

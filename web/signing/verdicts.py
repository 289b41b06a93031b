"""Whether a personal link can be used now; if not, which answer its person gets."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from checklists.launch import ItemState
from ledger.links import Link
from tasks.people.links import standing
from web.signing.deeds import deed
from web.signing.people import DOORS
from web.signing.showing import Look, zone
from web.signing.times import moment

STATUSES: Mapping[str, tuple[int, int]] = {
    "used": (200, 409),
    "ended": (200, 409),
    "over": (410, 410),
    "round": (410, 410),
    "changed": (410, 410),
    "expired": (410, 410),
    "unasked": (403, 403),
    "locked": (429, 429),
}
"""The status of each answer to somebody who looks, and to somebody who sends the form."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """`name` is the answer's template; `reason` says in the record why a form that was sent did not count."""

    name: str
    reason: str
    values: Mapping[str, Any] = field(default_factory=dict)


def verdict(look: Look) -> Verdict | None:
    """None where the link may be used, and where there is none."""
    link = look.visitor.link
    if link is None:
        return None
    reason = standing(look.world, link, look.launch)
    done = _used(look, link)
    if reason and done:
        return Verdict("used", reason, done)
    if reason:
        return _why(look, link, reason)
    if link.asks_code and look.state.is_locked:
        return Verdict("locked", "too many wrong codes; new ones have to be mailed first")
    return None


def _used(look: Look, link: Link) -> dict[str, Any]:
    """What the person did in the link's round, through whichever door."""
    found = deed(look.world.ledger.read(look.launch.id), link.item, link.round, link.person)
    if found is None:
        return {"deed": None, "used": moment(link.used_at, zone(look))} if link.used_at else {}
    said = {"decision": found.decision, "at": moment(found.at, zone(look)), "comment": found.comment}
    return {"deed": {**said, "how": DOORS.get(found.via, "")}}


def _why(look: Look, link: Link, reason: str) -> Verdict | None:
    """The same order as in `standing`: what it says first is what the person has to know."""
    state = look.state
    if look.launch.is_over:
        return Verdict("over", reason)
    if state.has_ended:
        return Verdict("ended", reason)
    if link.round != state.round:
        return Verdict("round", reason, {"link_round": link.round, "is_asked": link.person in state.asked})
    return _of_this_round(look, link, state, reason)


def _of_this_round(look: Look, link: Link, state: ItemState, reason: str) -> Verdict | None:
    if state.status == "waiting":
        return None  # the page itself says what it waits for
    if link.content != look.launch.bound_content(state.key):
        return Verdict("changed", reason)
    now = max(filter(None, (look.world.now(), look.launch.updated_at)))
    if link.expires_at <= now:
        return Verdict("expired", reason, {"expired": moment(link.expires_at, zone(look))})
    return Verdict("unasked", reason, {"reason": reason[:1].upper() + reason[1:]})

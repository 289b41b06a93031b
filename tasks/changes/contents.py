"""What an item holds that gates are bound to: the messages of an announcement, or release notes and evidence.

The text is what people are shown, and its sha256 what they sign. How many an announcement reaches stands beside it and
is not signed: somebody who joins an audience leaves its rule and the words as they were.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from itertools import groupby
from typing import Any

import rfc8785

from checklists.audience import Audience
from checklists.entries import Content
from checklists.items import Announce, binding
from checklists.launch import ItemState, Launch
from tasks.announcements.announcement import Ready, ready
from tasks.world import World
from templates.limits import texts
from templates.personal import shown
from templates.render import Rendered, Unrenderable, render_text

LONGEST = 40_000  # what an entry holds
FEW = 10  # addresses that are named one by one


def bound_items(launch: Launch) -> tuple[str, ...]:
    """The items whose content some gate is bound to, in checklist order."""
    wanted = {binding(state.item).item for state in launch.items.values()}
    return tuple(key for key in launch.items if key in wanted)


def content_of(world: World, launch: Launch, key: str) -> Content:
    """What this item holds now. Raises LaunchError where that cannot be said, as of an audience that is gone."""
    state = launch.items[key]
    if isinstance(state.item, Announce):
        return of_announcement(state, state.item, ready(world, launch, state.item))
    return _content(state, render_text("content", "item.txt", _item_values(launch, state)), None)


def of_announcement(state: ItemState, item: Announce, as_it_leaves: Ready) -> Content:
    """The content of an announcement with these messages to these people."""
    audience, sender, after = as_it_leaves.audience, as_it_leaves.sender, item.announce.after
    values = {
        "audience": item.announce.audience,
        "external": audience.external,
        "public": audience.public and "feed" in as_it_leaves.kinds.values(),
        "rule": list(_rule(audience)),
        "not_before": as_it_leaves.not_before,
        "after": f"{after.gap} after {after.item} has ended" if after else "",
        "window": str(item.announce.window or ""),
        "not_after": as_it_leaves.not_after,
        "sender": {"name": sender.name, "address": sender.address, "reply_to": sender.reply_to or ""},
        "channels": as_it_leaves.leads,
        "parts": list(_parts(as_it_leaves)),
    }
    return _content(state, render_text("content", "announcement.txt", values), as_it_leaves.reach)


def _content(state: ItemState, text: str, reach: int | None) -> Content:
    whole = text if len(text) <= LONGEST else f"{text[: LONGEST - 200]}\n… [sha256 of all of it: {_sha256(text)}]\n"
    return Content(item=state.key, round=state.round, sha256=_sha256(whole), text=whole, reach=reach)


def _rule(audience: Audience) -> Iterator[str]:
    """Who is meant, whoever that is today."""
    if audience.roles:
        yield f"everybody with the role {' or '.join(audience.roles)}"
    if len(audience.addresses) > FEW:
        yield f"{len(audience.addresses)} addresses [sha256 {_sha256(' '.join(sorted(audience.addresses)))}]"
    elif audience.addresses:
        yield ", ".join(sorted(audience.addresses))
    if audience.subscribers:
        yield audience.subscribers


def _parts(as_it_leaves: Ready) -> Iterator[dict[str, Any]]:
    """Each message in each language once, with the channels that carry it."""
    channels: dict[str, list[str]] = {}
    for name, kind in as_it_leaves.kinds.items():
        channels.setdefault(kind, []).append(name)
    several, page = len(as_it_leaves.languages) > 1, as_it_leaves.page
    for (kind, locale), some in groupby(as_it_leaves.bodies(), key=lambda one: (one.channel, one.locale)):
        bodies = list(some)
        yield {
            "channels": channels[kind],
            "language": locale if several else "",
            "subject": shown(bodies[0].subject),
            "text": _wherever(_said(bodies[0]), page),
            "digest": _sha256(_wherever(_dumped(kind, bodies), page)),
        }


def _wherever(said: str, page: str) -> str:
    """Where our own page is served is nothing that anybody signs: a process may know another address of it."""
    return said.replace(page, page[page.rfind("/changes/") :]) if page else said


def _dumped(kind: str, bodies: Iterable[Rendered]) -> str:
    """All that leaves; a number or a sign that JSON does not have can be none of it."""
    try:
        return rfc8785.dumps([body.model_dump() for body in bodies]).decode()
    except (ValueError, RecursionError) as error:
        raise Unrenderable(f"what is to leave as {kind} is no proper JSON: {error}; correct its template") from error


def _said(message: Rendered) -> str:
    """Everything people read in it."""
    payload = message.slack or message.teams
    return "\n".join(texts(payload)) if payload else shown(message.text).strip()


def _item_values(launch: Launch, state: ItemState) -> dict[str, Any]:
    pieces = sorted(state.evidence.items())
    evidence = [{"name": name, "url": shown.piece.url, "sha256": shown.piece.sha256} for name, shown in pieces]
    return {"title": state.item.label, "notes": _words(launch, state), "evidence": evidence}


def _words(launch: Launch, state: ItemState) -> dict[str, str]:
    """The notes by audience where the item is about them, else what the release says, for nobody in particular."""
    if written := {audience: wording.words.strip() for audience, wording in sorted(state.wordings.items())}:
        return written
    said = launch.release.notes.strip()
    return {"": said} if said else {}


def _sha256(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()

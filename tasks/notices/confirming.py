"""The mail that asks somebody who signed up whether it was they."""

from __future__ import annotations

from checklists.errors import LaunchError
from tasks.announcements.announcement import sender_of
from tasks.audiences.addresses import confirm_address, preferences_address
from tasks.audiences.asked_for import as_asked
from tasks.senders.sender import addressed
from tasks.sending.receiving import facts_of
from tasks.speaking import frame_for
from tasks.world import World
from templates.bodies import render_body
from templates.render import Rendered


def may_be_asked(world: World, address: str) -> bool:
    """Not who complained or was forgotten since it was planned."""
    found = world.ledger.subscribers.find(address)
    return found is not None and found.state != "blocked"


def confirmation(world: World, address: str, hour: int) -> Rendered:
    """What leaves: the question, or to somebody who is subscribed already their own page. Raises LaunchError."""
    who = world.ledger.subscribers.find(address)
    if who is None:
        raise LaunchError("nobody has this address any more")
    titles = world.organisation.all_topics
    is_known = who.state == "confirmed"
    who = who if is_known else as_asked(world, who, hour)
    values = {
        "organisation": world.organisation.organisation,
        "is_known": is_known,
        "link": preferences_address(world, who.id) if is_known else confirm_address(world, who.id, hour),
        "topics": [titles[topic].title for topic in sorted(who.topics) if topic in titles],
        "postal_address": sender_of(world).postal_address,
    }
    content = render_body("confirm", "email", values, frame_for(world, "confirm", who.locale))
    return addressed(content, facts_of(who, content))

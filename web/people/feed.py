"""The address that somebody's feed reader is given: below their own link where some of it is not for everybody.

Looking at a page makes no link: where they were given none, or theirs was revoked, it is the address for everybody.
"""

from __future__ import annotations

from typing import Any

from checklists.subscriber import Subscriber
from ledger.publication_search import Sought
from ledger.subscribers import LEFT
from tasks.people.readers import belongs_to, standing_token
from tasks.world import World
from web.channel.asked import Asked
from web.speech import told_in


def feed_of(world: World, who: Subscriber) -> dict[str, Any]:
    """Of what they follow where that is one thing, else of everything they may read; in their language."""
    known, topic = world.organisation, next(iter(who.topics), "") if len(who.topics) == 1 else ""
    about = Sought(product=topic) if topic in known.products else Sought(topic=topic)
    token = standing_token(world, who.address) if _reads_more(world, who) else ""
    base = f"{world.settings.public_url}/changes" + (f"/of/{token}" if token else "")
    address = Asked(about, base, token).feed("atom", told_in(world, "channel", who.locale).asked)
    title = known.all_topics[topic].title if topic in known.all_topics else topic
    return {"address": address, "topic": title, "is_own": bool(token)}


def _reads_more(world: World, who: Subscriber) -> bool:
    """Whether they belong to an audience whose announcements are not for everybody."""
    audiences = world.organisation.audiences
    return who.state not in LEFT and any(not audiences[name].public for name, _ in belongs_to(world, who.address, who))

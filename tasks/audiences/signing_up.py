"""Signing up: nobody hears anything before they have answered the mail that asks whether it was they.

What the form answers is the same whatever is known of the address, and whether a mail leaves is never said.
"""

from __future__ import annotations

from datetime import timedelta

from ledger.newcomers import Newcomer
from ledger.notices import Planned
from ledger.subscribers import LEFT
from tasks.audiences.addresses import hour_of
from tasks.audiences.asked_for import asking, written
from tasks.world import World

WINDOW = timedelta(hours=1)
MOST_FROM_ONE_PLACE = 20
MOST_IN_ALL = 2_000
"""Sign-ups in an hour: somebody who makes us write to strangers gets no further."""


def sign_up(world: World, one: Newcomer, origin: str) -> bool:
    """Plan the mail that asks whether it was they; False where too many came in the last hour.

    One address is written to at most once in an hour. Somebody who is subscribed is told so, and nothing changes for
    them: the form is open to everybody, their page only to them. Nor does anything for who left, before they say yes
    to what was asked for here. Who complained is never written to.
    """
    now = world.now()
    here, all_ = world.ledger.wishes.signed_up(origin, now - WINDOW)
    if here >= MOST_FROM_ONE_PLACE or all_ >= MOST_IN_ALL:
        return False
    known = world.ledger.subscribers.find(one.address)
    if known is None or known.state == "unconfirmed":
        world.ledger.newcomers.add([one], "sign-up", origin, now)
        known = world.ledger.subscribers.find(one.address)
    world.ledger.wishes.noted(known.id if known else "", "signed-up", "form", origin, now)
    if known is not None and known.state != "blocked" and known.address:
        wish = written(one) if known.state in LEFT else {}
        world.ledger.notices.plan([Planned(asking(known, hour_of(now)), 1, facts=wish)], now)
    return True

"""Plans every digest that is due: one notice for each person and period, with what it gathers kept beside it."""

from __future__ import annotations

import logging
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import islice

from checklists.audience import Audience
from checklists.digest import LAST, LONGEST, News, Period, due, gathered, is_left, wants
from checklists.organisation import Organisation
from checklists.subscriber import Subscriber
from ledger.deliveries import Address
from ledger.digests import Digest
from ledger.notices import Planned
from ledger.publication import Publication
from ledger.publication_search import Sought, may_see
from ledger.rosters import Freeze
from tasks.announcements.announcement import sender_of
from tasks.audiences.settling import all_about
from tasks.notices.purposes import ABOUT_NO_LAUNCH, Purpose
from tasks.people.readers import belongs_to
from tasks.world import World

LAUNCH = ABOUT_NO_LAUNCH[0]
MOST = 2_000
BATCH = 500
REMEDY = "give the organisation's brand one, or set TMINUS_POSTAL_ADDRESS"
LOG = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Paper:
    """What was published lately."""

    publications: dict[str, Publication]
    news: dict[str, News]
    kept_back: dict[str, Freeze]
    """Of those that announcements left to a digest for some: who was meant."""


@dataclass(frozen=True, slots=True)
class Waiting:
    """Somebody whose digest is due, and up to when they had one before."""

    who: Subscriber
    period: Period
    last: datetime | None


def plan_digests(world: World) -> int:
    """How many are new. Planned twice is planned once; a period in which nothing is new for somebody has none."""
    now, paper = world.now(), _paper(world)
    if not paper.publications:
        return 0
    if world.settings.sends_mail and not sender_of(world).postal_address:
        LOG.warning("no digests: mail to customers needs a postal address; %s", REMEDY)
        return 0
    readers, planned = world.ledger.subscribers.digest_readers(now - LONGEST), 0
    while batch := tuple(islice(readers, BATCH)):
        waiting = list(_waiting(world, batch, now))
        owed = _owed(world, paper, waiting, now) if waiting else {}
        made = (_planned(world, paper, one, owed[one.who.id]) for one in waiting)
        planned += world.ledger.digests.plan([one for one in made if one], now)
    return planned


def _waiting(world: World, batch: Sequence[Subscriber], now: datetime) -> Iterator[Waiting]:
    """Those of whom no digest was planned in the period that is now."""
    last = world.ledger.digests.latest([who.id for who in batch])
    for who in batch:
        period, before = due(who, now), last.get(who.id)
        if period and (before is None or before < period.until):
            yield Waiting(who, period, before)


def _paper(world: World) -> Paper:
    """Everything that was published, for whomever it is."""
    organisation = world.organisation
    everybody = frozenset((name, key) for name in organisation.audiences for key in organisation.products)
    found = world.ledger.publications.search(Sought(private=everybody, since=world.now() - LONGEST), MOST)
    settled = world.ledger.rosters.kept_back([(one.launch_id, one.item) for one in found])
    return Paper(
        publications={one.id: one for one in found},
        news={one.id: news_of(organisation, one) for one in found},
        kept_back={one.id: who for one in found if (who := settled.get((one.launch_id, one.item)))},
    )


def _owed(world: World, paper: Paper, waiting: Sequence[Waiting], now: datetime) -> dict[str, set[str]]:
    """What each of them is to hear, whatever they follow: what digests did not bring them, and what announcements left
    to one since their last."""
    unsent = world.ledger.digests.owed([one.who.id for one in waiting], now - LONGEST)
    owed = {one.who.id: set(unsent.get(one.who.id, ())) for one in waiting}
    for id_, settled in paper.kept_back.items():
        news = paper.news[id_]
        at = max(settled.at, news.published_at)
        known = {one.who.key: one.who for one in waiting if one.last is None or one.last < at}
        for key, why in world.ledger.rosters.hear_later(settled, known).items():
            if is_left(known[key], news, why):
                owed[known[key].id].add(id_)
    return owed


def _planned(world: World, paper: Paper, one: Waiting, owed: Collection[str]) -> tuple[Digest, Planned] | None:
    who, period = one.who, one.period
    news = gathered(who, paper.news.values(), period, one.last, owed)
    ids = tuple(one.id for one in untold(world, who, [paper.publications[one.id] for one in news]))
    if not ids:
        return None
    purpose = str(Purpose("digest", 1, period.name))
    pace = LAST if who.pace == "immediate" else who.pace
    address = Address(launch_id=LAUNCH, item=pace, channel="email", recipient=who.address, purpose=purpose)
    return Digest(address.id, who.id, period.until, ids), Planned(address, 1)


def untold(world: World, who: Subscriber, publications: Sequence[Publication]) -> Iterator[Publication]:
    """Those that this person may read and wants, that still stand, and that neither mail nor digest told them of."""
    if not publications:
        return
    private = belongs_to(world, who.address, who) if not all(one.is_public for one in publications) else frozenset()
    told = world.ledger.digests.told(who.address, [(one.launch_id, one.item) for one in publications])
    had = world.ledger.digests.had(who.id, world.now() - LONGEST)
    for one in publications:
        is_told = one.id in had or (one.launch_id, one.item) in told
        is_for_them = may_see(private, one) and wants(who, news_of(world.organisation, one))
        if is_for_them and not one.is_recalled and not is_told:
            yield one


def news_of(organisation: Organisation, one: Publication) -> News:
    audience = organisation.audiences.get(one.audience, Audience())
    about = all_about(audience, one.product, one.topics)
    return News(one.id, one.product, one.published_at, one.topics, one.types, about)

"""Plans every digest that is due: one notice for each person and period, with what it gathers kept beside it."""

from __future__ import annotations

import logging
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import islice

from checklists.digest import LAST, LONGEST, News, Period, due, gathered
from checklists.organisation import Organisation
from checklists.selection import Selection
from checklists.subscriber import Subscriber
from ledger.deliveries import Address
from ledger.digests import Digest
from ledger.notices import Planned
from ledger.publication import Publication
from ledger.publication_search import Sought, may_see
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
    news: tuple[News, ...]


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
        owed = world.ledger.digests.owed([one.who.id for one in waiting], now - LONGEST) if waiting else {}
        made = (_planned(world, paper, one, owed.get(one.who.id, frozenset())) for one in waiting)
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
    news = (replace(news_of(one), meant=_meant(organisation, one)) for one in found)
    return Paper({one.id: one for one in found}, tuple(news))


def _meant(organisation: Organisation, one: Publication) -> Selection | None:
    """Whom a rule meant, as the announcement asked for them; None where the audience has none."""
    audience = organisation.audiences.get(one.audience)
    if audience is None or audience.rule is None:
        return None
    topics, about = audience.topics_of(one.product), all_about(audience, one.product, one.topics)
    return Selection(rule=audience.rule, topics=topics, about=about, types=one.types)


def _planned(world: World, paper: Paper, one: Waiting, owed: Collection[str]) -> tuple[Digest, Planned] | None:
    who, period = one.who, one.period
    news = gathered(who, paper.news, period, one.last, owed)
    ids = tuple(one.id for one in untold(world, who, [paper.publications[one.id] for one in news]))
    if not ids:
        return None
    purpose = str(Purpose("digest", 1, period.name))
    pace = LAST if who.pace == "immediate" else who.pace
    address = Address(launch_id=LAUNCH, item=pace, channel="email", recipient=who.address, purpose=purpose)
    return Digest(address.id, who.id, period.until, ids), Planned(address, 1)


def untold(world: World, who: Subscriber, publications: Sequence[Publication]) -> Iterator[Publication]:
    """Those that this person may read, that still stand, and that neither a mail nor a digest has told them of."""
    if not publications:
        return
    private = belongs_to(world, who.address, who) if not all(one.is_public for one in publications) else frozenset()
    told = world.ledger.digests.told(who.address, [(one.launch_id, one.item) for one in publications])
    had = world.ledger.digests.had(who.id, world.now() - LONGEST)
    for one in publications:
        is_told = one.id in had or (one.launch_id, one.item) in told
        if may_see(private, one) and not one.is_recalled and not is_told:
            yield one


def news_of(one: Publication) -> News:
    return News(one.id, one.product, one.published_at, one.topics, one.types)

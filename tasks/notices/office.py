"""One round of sending: what is due is claimed, judged, written and handed over, as long as there is time."""

from __future__ import annotations

import logging
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import groupby
from uuid import uuid4

from checklists.launch import Launch
from ledger.deliveries import Delivery
from ledger.deliveries import Outcome as State
from tasks.notices.desk import Desk
from tasks.notices.fate import Fate, fate
from tasks.notices.letters import Bundle, Links, bundles, comes_from, compose, headers_of, is_digest, links_of
from tasks.senders.outbox import Outbox, Rehearsal
from tasks.senders.sender import Outcome, Parcel, Sender
from tasks.senders.ways_out import by_mail, by_slack
from tasks.world import World
from templates.words import one_line

LEASE = timedelta(minutes=2)
MANY, FEW = 500, 50
"""Notices claimed together. What a killed sender was writing to a vendor may have arrived, so those are few."""
FIRST_PAUSE, LONGEST_PAUSE = timedelta(seconds=30), timedelta(hours=1)
TRIES = 8
"""A vendor's plain no may be about a wrong key that somebody mends within the hour."""
MOST_REFUSED = 3
"""So many refusals in a row are not about the people: the vendor is left alone for a while."""
LOG = logging.getLogger(__name__)


@dataclass
class Office:
    """Sends in the name of one owner. `until` is a moment of the monotonic clock."""

    world: World
    until: float
    owner: str = field(default_factory=lambda: str(uuid4()))
    sent: int = 0
    refused: int = 0
    launches: dict[str, Launch | None] = field(default_factory=dict)
    broken: set[str] = field(default_factory=set)
    """Ways out that do not work just now."""

    def work(self) -> None:
        self._expire()
        most = MANY if by_mail(self.world.settings).repeatable else FEW
        while self._has_time and (rows := self.world.ledger.notices.claim(self.owner, self.world.now(), LEASE, most)):
            self._send(rows)

    @property
    def _has_time(self) -> bool:
        return time.monotonic() < self.until

    def _expire(self) -> None:
        """What dead senders left: planned again, or unknown where it may have arrived."""
        now = self.world.now()
        lapsed, desk = self.world.ledger.notices.lapsed(now), Desk(self.world, self.launches)
        for repeatable in (True, False):
            ids = [row.id for row in lapsed if self._sender(desk, row).repeatable is repeatable]
            self.world.ledger.notices.expire(ids, now, repeatable=repeatable)

    def _sender(self, desk: Desk, row: Delivery) -> Sender:
        if desk.is_rehearsal(row.launch_id):
            return Rehearsal(self.world.settings.outbox)
        if row.channel != "slack":
            return by_mail(self.world.settings)
        person = self.world.organisation.people.get(row.recipient)
        return by_slack(self.world.settings, person.slack_env if person else None)

    def _send(self, rows: Sequence[Delivery]) -> None:
        desk = Desk(self.world, self.launches)
        desk.prepare(row.launch_id for row in rows)
        self.launches = desk.launches
        judged = [(row, _judged(desk, row)) for row in rows]
        self._put_aside(judged)
        wanted = [row for row, found in judged if found.what == "send"]
        links, kept = links_of(desk, wanted), dict[Outbox, list[Bundle]]()
        for bundle in bundles(desk, wanted):
            sender = self._sender(desk, bundle[0])
            if isinstance(sender, Outbox):
                kept.setdefault(sender, []).append(bundle)
            else:
                self._hand_over(desk, sender, bundle, links)
        for outbox, some in kept.items():
            self._put_out(desk, outbox, some, links)

    def _put_aside(self, judged: Sequence[tuple[Delivery, Fate]]) -> None:
        """Settle what says nothing any more, and put off what says it later."""
        now = self.world.now()
        aside = sorted((found.what, found.why, found.wait, row.id) for row, found in judged if found.what != "send")
        for (what, why, wait), some in groupby(aside, key=lambda one: one[:3]):
            ids = [one[3] for one in some]
            if what == "drop":
                self.world.ledger.notices.settle(ids, self.owner, "suppressed", now, detail=why)
            else:
                self._release(ids, why, now + wait)

    def _release(self, ids: Sequence[str], why: str = "", until: datetime | None = None) -> None:
        """Give notices back that certainly did not leave."""
        now = self.world.now()
        self.world.ledger.notices.settle(ids, self.owner, "planned", now, detail=why, not_before=until)

    def _parcel(self, desk: Desk, bundle: Bundle, links: Links) -> Parcel | None:
        """None where it cannot be written; one such letter must not keep the others back."""
        try:
            sender, sender_name, reply_to = comes_from(desk, bundle)
            return Parcel(
                delivery_id=bundle[0].id,
                recipient=bundle[0].recipient,
                sender=sender,
                sender_name=sender_name,
                reply_to=reply_to,
                content=compose(desk, bundle, links),
                headers=headers_of(desk, bundle),
            )
        except Exception as error:  # whatever a template or a person's words do
            said = one_line(f"it cannot be written: {type(error).__name__}: {error}", 500)
            LOG.warning("notice %s to %s: %s", bundle[0].purpose, bundle[0].recipient, said)
            self._give_back(bundle, said)
            return None

    def _is_wanted(self, desk: Desk, bundle: Bundle) -> bool:
        """A digest is judged once more when it is written: its reader may have left while others were sent."""
        judged = [(row, _judged(desk, row)) for row in bundle if is_digest(row)]
        self._put_aside(judged)
        return all(found.what == "send" for _, found in judged)

    def _give_back(self, bundle: Bundle, why: str, pause: timedelta | None = None) -> None:
        """It certainly did not leave: later again, until it was tried often enough."""
        now, tries = self.world.now(), max(row.attempt for row in bundle)
        state: State = "rejected" if tries >= TRIES and pause is None else "planned"
        until = None if state == "rejected" else now + (pause or _pause(tries))
        self.world.ledger.notices.settle(_ids(bundle), self.owner, state, now, detail=why, not_before=until)

    def _put_out(self, desk: Desk, outbox: Outbox, some: Sequence[Bundle], links: Links) -> None:
        """Into the outbox, all at once: there the same letter twice is one."""
        written = [(bundle, parcel) for bundle in some if (parcel := self._parcel(desk, bundle, links))]
        written = [(bundle, parcel) for bundle, parcel in written if self._is_wanted(desk, bundle)]
        mine = self._writing([id_ for bundle, _ in written for id_ in _ids(bundle)])
        held = [(bundle, parcel) for bundle, parcel in written if mine.issuperset(_ids(bundle))]
        self._release([id_ for bundle, _ in written if not mine.issuperset(_ids(bundle)) for id_ in _ids(bundle)])
        outcomes = outbox.send_all([parcel for _, parcel in held])
        settled = sorted(zip(outcomes, held, strict=True), key=lambda one: (one[0].state, one[0].reason))
        for (state, _), alike in groupby(settled, key=lambda one: (one[0].state, one[0].reason)):
            together = list(alike)
            rows = tuple(row for _, (bundle, _) in together for row in bundle)
            self._settle(rows, together[0][0].model_copy(update={"provider_id": ""}), "outbox")
            self.sent += len(together) if state == "accepted" else 0

    def _writing(self, ids: Sequence[str]) -> frozenset[str]:
        return self.world.ledger.notices.writing(ids, self.owner, self.world.now())

    def _hand_over(self, desk: Desk, sender: Sender, bundle: Bundle, links: Links) -> None:
        """To a vendor, one letter after the other."""
        way = _way(bundle[0])
        if way in self.broken or not self._has_time:
            self._release(_ids(bundle), until=self.world.now() + FIRST_PAUSE if way in self.broken else None)
            return
        parcel = self._parcel(desk, bundle, links)
        if parcel is None or not self._is_wanted(desk, bundle):
            return
        if self._writing(_ids(bundle)) != set(_ids(bundle)):
            self._release(_ids(bundle))
            return
        outcome = sender.send(parcel)
        self._settle(bundle, outcome, way)
        self.sent += outcome.state == "accepted"

    def _settle(self, bundle: Bundle, outcome: Outcome, way: str) -> None:
        """What became of it. Where a vendor is in trouble, everything for it waits a while."""
        now = self.world.now()
        self.refused = self.refused + 1 if outcome.state == "rejected" else 0
        if outcome.state in ("accepted", "unknown"):
            settle, provider_id = self.world.ledger.notices.settle, outcome.provider_id or None
            settle(_ids(bundle), self.owner, outcome.state, now, provider_id=provider_id, detail=outcome.reason)
        elif outcome.state == "rejected":
            self._give_back(bundle, outcome.reason)
        else:
            asked = timedelta(seconds=outcome.retry_after or 0)
            self._give_back(bundle, outcome.reason, max(asked, _pause(bundle[0].attempt)))
        is_vendors = outcome.state in ("unknown", "not_sent") and not outcome.is_theirs
        if is_vendors or self.refused >= MOST_REFUSED:
            self._leave_alone(bundle[0], way, outcome, now)

    def _leave_alone(self, row: Delivery, way: str, outcome: Outcome, now: datetime) -> None:
        LOG.warning("notices by %s wait: %s", row.channel, outcome.reason)
        self.broken.add(way)
        until = now + max(FIRST_PAUSE, timedelta(seconds=outcome.retry_after or 0))
        self.world.ledger.notices.postpone(row.channel, row.recipient if row.channel == "slack" else None, now, until)


def _judged(desk: Desk, row: Delivery) -> Fate:
    try:
        return fate(desk, row)
    except Exception as error:  # one notice must not keep the others back
        return Fate("later", one_line(f"it cannot be judged: {type(error).__name__}: {error}", 300), LONGEST_PAUSE)


def _ids(bundle: Bundle) -> list[str]:
    return [row.id for row in bundle]


def _way(row: Delivery) -> str:
    """All mail goes one way; everybody's Slack is one of its own."""
    return row.channel if row.channel != "slack" else f"slack {row.recipient}"


def _pause(tries: int) -> timedelta:
    doubled: timedelta = FIRST_PAUSE * 2 ** min(max(tries, 1) - 1, 10)
    return min(doubled, LONGEST_PAUSE)

"""What became of the announcements of a launch, by channel, from all that is known of them."""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from io import StringIO
from typing import Any

from checklists.items import Announce
from checklists.launch import Launch
from checklists.questions import is_silent, way_to_settle
from checklists.reach import NOT_MEANT, OPTED_OUT, REPLACED, TOO_LATE, Reach, reach
from checklists.selection import REASONS
from ledger.batches import REPLACED as INSTEAD
from ledger.batches import TOO_LATE as LATE
from ledger.deliveries import ANNOUNCEMENT
from tasks.announcements.announcement import PERSONAL
from tasks.audiences.settling import settled
from tasks.world import World
from templates.words import one_line

Counts = dict[str, Counter[str]]
NUMBERS = (
    "audience",
    "left_out",
    "waiting",
    "handed_over",
    "delivered",
    "bounced",
    "refused",
    "unknown",
    "clicked",
    "opened",
    "unsubscribed",
    "complained",
)


@dataclass(frozen=True, slots=True)
class Told:
    """One announcement, and what became of it on each of its channels."""

    item: str
    title: str
    status: str
    channels: tuple[Reach, ...]
    purpose: str = ANNOUNCEMENT
    """`correction/1` or `recall/2` for what was said after it."""
    settle: str = ""
    """The command that says what became of what is in doubt, but for its `--arrived` or `--again`."""
    is_silent: bool = False
    """Whether it has no `--again`: its launch is over."""

    @property
    def unknown(self) -> int:
        return sum(row.unknown for row in self.channels)


def reach_of(world: World, launch: Launch) -> tuple[Told, ...]:
    """Every announcement of the launch, in checklist order."""
    found = (told for key, item in _announcements(launch) for told in _each(world, launch, key, item))
    return tuple(_with_its_way(launch, told) if told.unknown else told for told in found)


def _with_its_way(launch: Launch, told: Told) -> Told:
    purpose = "" if told.purpose == ANNOUNCEMENT else told.purpose
    return replace(told, settle=way_to_settle(launch, told.item, purpose), is_silent=is_silent(launch, purpose))


def _each(world: World, launch: Launch, key: str, item: Announce) -> Iterator[Told]:
    """The announcement, and each correction and recall of it."""
    for purpose in (ANNOUNCEMENT, *(one.purpose for one in launch.items[key].follow_ups)):
        yield _told(world, launch, key, item, purpose)


def _announcements(launch: Launch) -> Iterator[tuple[str, Announce]]:
    for key, state in launch.items.items():
        if isinstance(state.item, Announce):
            yield key, state.item


def _states(world: World, launch: Launch, key: str, purpose: str) -> tuple[Counts, Counts]:
    """By channel, how many deliveries are in which state; and of the suppressed, how many for which reason."""
    states: Counts = {}
    for (channel, state), count in world.ledger.deliveries.by_channel(launch.id, key, purpose).items():
        states.setdefault(channel, Counter())[state] = count
    kept_back: Counts = {}
    if any(counts["suppressed"] for counts in states.values()):
        for (channel, detail), count in world.ledger.deliveries.suppressed(launch.id, key, purpose).items():
            kept_back.setdefault(channel, Counter())[_why(detail)] += count
    return states, kept_back


def _why(detail: str) -> str:
    """The reason why a delivery was suppressed; nothing is said any more of who was forgotten since."""
    if detail.startswith((LATE, INSTEAD)):
        return TOO_LATE if detail.startswith(LATE) else REPLACED
    return detail if detail in (*REASONS, NOT_MEANT) else OPTED_OUT


def _told(world: World, launch: Launch, key: str, item: Announce, purpose: str) -> Told:
    states, kept_back = _states(world, launch, key, purpose)
    if purpose == ANNOUNCEMENT:
        states = {channel: Counter[str]() for channel in item.announce.channels} | states
    told = world.ledger.reached.told(launch.id, key, purpose)
    left = world.ledger.reached.left(launch.id, key, purpose)
    personal = [channel for channel in states if is_personal(world, channel)]
    is_settled = personal if purpose == ANNOUNCEMENT else ()
    channels = (
        reach(
            channel,
            counts,
            told.get(channel, {}),
            _settled(world, launch, key, channel, counts.total()) if channel in is_settled else None,
            kept_back.get(channel),
            left if personal[:1] == [channel] else 0,
        )
        for channel, counts in states.items()
    )
    return Told(key, item.label, launch.items[key].status, tuple(channels), purpose)


def _settled(world: World, launch: Launch, key: str, channel: str, planned: int) -> Mapping[str, int] | None:
    """By reason; where it was settled anew, who has a delivery since before is what became of that."""
    freeze = settled(world, launch, key)
    if freeze is None or planned <= freeze.reach:
        return freeze.counts if freeze else None
    return {"": freeze.reach} | world.ledger.rosters.untold(launch.id, key, freeze.round, channel)


def is_personal(world: World, channel: str) -> bool:
    """Whether it goes to people one by one; others post once, and are never told what became of that."""
    known = world.organisation.channels.get(channel)
    return known is not None and known.kind in PERSONAL


def as_plain(launch: Launch, told: tuple[Told, ...]) -> dict[str, Any]:
    """For programs."""
    announcements = [
        {"item": one.item, "purpose": one.purpose, "title": one.title, "status": one.status}
        | {"settle": one.settle}
        | {"channels": [_plain(row) for row in one.channels]}
        for one in told
    ]
    return {"launch": launch.id, "product": launch.release.product, "announcements": announcements}


def _plain(row: Reach) -> dict[str, Any]:
    return {"channel": row.channel, **{name: getattr(row, name) for name in NUMBERS}, "excluded": dict(row.excluded)}


def as_csv(launch: Launch, told: tuple[Told, ...]) -> str:
    """A line for each announcement and channel; nothing in it is taken for a formula."""
    written = StringIO()
    rows = csv.writer(written, lineterminator="\r\n")
    rows.writerow(("launch", "item", "title", "channel", *NUMBERS, "excluded", "purpose"))
    for one in told:
        for row in one.channels:
            why = "; ".join(f"{reason} {count}" for reason, count in row.excluded.items())
            numbers = (getattr(row, name) for name in NUMBERS)
            rows.writerow((launch.id, one.item, _text(one.title), row.channel, *numbers, why, one.purpose))
    return written.getvalue()


def _text(said: str) -> str:
    """A spreadsheet runs what begins like a formula."""
    text = one_line(said)
    return f"'{text}" if text[:1] in ("=", "+", "-", "@") else text


def as_rows(told: tuple[Told, ...]) -> list[dict[str, Any]]:
    """For a table in the Prefect UI."""
    return [
        {"announcement": one.item, "purpose": one.purpose, "channel": row.channel}
        | {name: getattr(row, name) for name in NUMBERS}
        | ({"settle": one.settle} if any(each.settle for each in told) else {})
        for one in told
        for row in one.channels
    ]

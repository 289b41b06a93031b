"""An announcement before it leaves: every rendering, who would hear it, when; and a test to oneself."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import uuid4

from checklists.decide import Refusal
from checklists.errors import LaunchError
from checklists.items import Announce, binding
from checklists.launch import Launch
from ledger.batches import Of
from ledger.planning import Recipient
from ledger.rosters import by_reason
from tasks.announcements.announcement import Ready, ready
from tasks.announcements.segment import Segment
from tasks.audiences.settling import meant_by, words_of
from tasks.senders.sender import addressed
from tasks.senders.ways_out import mail_out
from tasks.sending.batch import Errand
from tasks.world import World
from templates.bodies import Standing
from templates.locales import spoken
from templates.render import Channel, Rendered

TEST = "test"
"""The purpose of a test, with a number after it: what is counted of announcements has another one."""
HOUR = timedelta(hours=1)
MOST_TESTS, MOST_TO_ONE = 20, 5
"""Of one announcement in an hour, and to one person."""


@dataclass(frozen=True, slots=True)
class Preview:
    """`counts` are by the reason why somebody would not hear it; `""` are those who would, split `by_language`."""

    launch: Launch
    key: str
    as_it_leaves: Ready
    counts: Mapping[str, int]
    by_language: Mapping[str, int]
    not_before: datetime | None
    not_after: datetime | None

    @property
    def audience(self) -> str:
        return announcement_of(self.launch, self.key).announce.audience

    @property
    def meant(self) -> tuple[str, ...]:
        """Whom it is for, in words: `everybody with the role support`, `subscribers of whom list is "beta"`."""
        return words_of(self.as_it_leaves.audience)

    @property
    def reach(self) -> int:
        return self.counts.get("", 0)

    @property
    def window(self) -> str:
        """`mailed between 09:00 and 17:00 of each reader's day`; empty where it has no such hours."""
        hours = announcement_of(self.launch, self.key).announce.window
        return f"mailed between {hours.starts:%H:%M} and {hours.ends:%H:%M} of each reader's day" if hours else ""

    @property
    def after(self) -> str:
        """`30m after “Tell everybody here”`; empty where it waits for no such gap."""
        after = announcement_of(self.launch, self.key).announce.after
        return f"{after.gap} after “{self.launch.items[after.item].item.label}”" if after else ""

    @property
    def untranslated(self) -> dict[str, int]:
        """How many read each language into which nobody has translated the notes, and get them in the first."""
        lacking = set(self.as_it_leaves.languages[1:]).difference(self.as_it_leaves.translated)
        return {one: count for one, count in self.by_language.items() if count and one in lacking}

    @property
    def became(self) -> str:
        """What became of it, in a sentence; empty before it is out."""
        state = self.launch.items[self.key]
        if state.status != "passed":
            return ""
        since = "withdrawn" if state.is_recalled else "corrected" if state.follow_ups else ""
        return f"It is out: {state.summary}" + (f"; {since} since." if since else ".")

    @property
    def excluded(self) -> dict[str, int]:
        return {why: count for why, count in sorted(self.counts.items()) if why and count}


def preview(world: World, launch: Launch, key: str) -> Preview:
    """Raises LaunchError where this is no announcement, or where it cannot be said what it would be."""
    item = announcement_of(launch, key)
    as_it_leaves = ready(world, launch, item)
    split = world.ledger.rosters.split(meant_by(world, launch, key), world.now(), "locale")
    return Preview(
        launch=launch,
        key=key,
        as_it_leaves=as_it_leaves,
        counts=by_reason(split),
        by_language=_by_language(split, as_it_leaves.languages),
        not_before=as_it_leaves.not_before,
        not_after=as_it_leaves.not_after,
    )


def announcement_of(launch: Launch, key: str) -> Announce:
    """Raises LaunchError where there is none of this name."""
    item = launch.items[key].item if key in launch.items else None
    if not isinstance(item, Announce):
        raise LaunchError(f"{launch.id}: {key} is not an announcement of this launch")
    return item


def shown_with(launch: Launch, key: str) -> str:
    """The announcement that this item is, or that its gate signs; empty where there is none."""
    bound = binding(launch.items[key].item).item or ""
    found = [one for one in (key, bound) if one in launch.items and isinstance(launch.items[one].item, Announce)]
    return found[0] if found else ""


def _by_language(split: Mapping[tuple[str, str], int], languages: Sequence[str]) -> dict[str, int]:
    """How many would get which language; people of the house have none, so they get the first."""
    found: Counter[str] = Counter()
    for (why, locale), many in split.items():
        found[spoken(locale, languages)] += 0 if why else many
    return {language: found[language] for language in languages}


def as_read(
    world: World,
    shown: Preview,
    kind: Channel,
    locale: str = "",
    name: str = "",
    standing: Standing | None = None,
) -> Rendered:
    """One rendering as its reader sees it; the addresses in it lead to nobody's preferences."""
    why = standing or shown.as_it_leaves.standing_of(None)
    return made_out(world, shown.as_it_leaves.body(kind, locale, why), name, why)


def made_out(world: World, message: Rendered, name: str = "", standing: Standing = "subscribed") -> Rendered:
    """With what is its reader's own, for somebody of this name."""
    return addressed(message, _sample(world, standing, name))


def _sample(world: World, standing: Standing, name: str, email: str = "") -> dict[str, str]:
    """What stands in the mail of one reader; nobody leaves what their role asks for."""
    to, person = world.settings.public_url, {"name": name, "email": email}
    links = {"unsubscribe": f"{to}/unsubscribe/preview", "preferences": f"{to}/subscriptions/preview"}
    return person if standing == "role" else person | links


def send_test(
    world: World, launch: Launch, key: str, to: str, locale: str = "", standing: Standing | None = None
) -> str | Refusal:
    """Mail it to one person of the organisation, marked as a test and counted nowhere. Says what became of it.

    It is what they would get themselves, unless it is asked for as others of the audience get it.
    """
    person = world.organisation.people.get(to.strip().lower())
    if person is None:
        return Refusal(f"{to} is nobody of this organisation; a test goes to people of its organisation file only")
    as_it_leaves, address = ready(world, launch, announcement_of(launch, key)), to.strip().lower()
    now, own = world.now(), as_it_leaves.standing_of(person)
    why = standing if standing in as_it_leaves.comes_as() else own
    if refusal := _too_many(world, launch, key, address, now):
        return refusal
    of = Of(launch.id, key, "email", f"{TEST}/{uuid4().hex}")
    receiver = Recipient(address, str(Segment(locale, why)), _sample(world, why, person.name, address))
    world.ledger.planning.plan(of, launch.items[key].round, [receiver], now)
    errand = Errand(
        world=world,
        of=of,
        owner=str(uuid4()),
        sender=mail_out(world, launch),
        content=lambda _: as_it_leaves.body("email", locale, why, is_test=True),
        comes_from=(as_it_leaves.sender.address, as_it_leaves.sender.name),
        reply_to=as_it_leaves.sender.reply_to,
    )
    errand.carry_out()
    if errand.refused:
        return f"not sent: {errand.refused[0]}"
    (state,) = world.ledger.deliveries.counts(launch.id, key, of.purpose)
    return "not sent" if state in ("planned", "claimed") else state


def _too_many(world: World, launch: Launch, key: str, address: str, now: datetime) -> Refusal | None:
    """Whoever clicks again and again fills no mailbox."""
    tests = world.ledger.trials.recent(launch.id, key, f"{TEST}/", now - HOUR)
    if len(tests) >= MOST_TESTS or tests.count(address) >= MOST_TO_ONE:
        return Refusal(f"{len(tests)} tests of {key} left in the last hour; wait a while before the next one")
    return None

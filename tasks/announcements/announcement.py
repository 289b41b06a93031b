"""An announcement before it leaves: what it says on each of its channels, and to whom."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from checklists.audience import Audience
from checklists.audiences import audience_of, closed_ways
from checklists.brand import Brand
from checklists.errors import LaunchError
from checklists.items import Announce
from checklists.launch import Launch
from checklists.organisation import Channel as Way
from checklists.organisation import Organisation, Person
from ledger.planning import Recipient
from tasks.announcements.leading import place_of
from tasks.announcements.publishing import page_of
from tasks.announcements.segment import segment_of
from tasks.speaking import messages_of
from tasks.world import World
from templates.bodies import Frame, Standing, render_body
from templates.entry import titled
from templates.locales import spoken
from templates.look import look
from templates.messages import Messages
from templates.render import Channel, Rendered

PERSONAL: tuple[Channel, ...] = ("email",)
"""Kinds of channels that go to people one by one; the others post once."""
RENDERED_AS: Mapping[str, Channel] = {
    "email": "email",
    "slack": "slack",
    "teams": "teams",
    "feed": "feed",
    "webhook": "email",
}
"""Which rendering a kind of channel carries."""
READERS = {"subscribed": "somebody outside", "role": "somebody with a role"}
"""Who is told which reason, where there are several."""
STANDINGS: tuple[Standing, ...] = ("listed", "role", "subscribed")


class NothingToSend(LaunchError):
    """An announcement that would reach nobody, or must not leave as it is; a person has to look."""


@dataclass(frozen=True, slots=True)
class From:
    """Who mails come from, and what has to stand in them."""

    address: str
    name: str
    reply_to: str | None
    postal_address: str


@dataclass(frozen=True)
class Ready:
    """The announcement as it would leave now: its messages and its recipients, by channel."""

    audience: Audience
    message: str
    sender: From
    ways: Mapping[str, Way]
    languages: tuple[str, ...]
    recipients: Mapping[str, tuple[str, ...]]
    values: Mapping[str, object]
    brand: Brand
    templates: Messages
    not_before: datetime | None
    not_after: datetime | None
    names: Mapping[str, str] = field(default_factory=dict)
    """Of people, by address."""
    translations: Mapping[str, str] = field(default_factory=dict)
    """The notes in other languages than the first, where somebody wrote them."""
    also: Mapping[str, Mapping[str, object]] = field(default_factory=dict)
    """Values that are others in a language."""
    page: str = ""
    """Where everybody can read it on the change channel, if it is told there as well."""
    _made: dict[tuple[Channel, str, Standing, bool], Rendered] = field(default_factory=dict)

    @property
    def kinds(self) -> dict[str, Channel]:
        """As what each channel carries it."""
        return {name: RENDERED_AS[way.kind] for name, way in self.ways.items()}

    @property
    def leads(self) -> dict[str, str]:
        """Where each channel leads, in words."""
        return {name: place_of(way) for name, way in self.ways.items()}

    @property
    def reach(self) -> int:
        """How many deliveries it would be."""
        return sum(map(len, self.recipients.values()))

    @property
    def translated(self) -> tuple[str, ...]:
        """The languages besides the first in which all of it is: the notes, too, where it shows them."""
        shows_notes = self.values["notes"] and self.templates.mentions(self.message, "notes")
        return tuple(one for one in self.languages[1:] if self.translations.get(one) or not shows_notes)

    @property
    def asked(self) -> frozenset[str]:
        """What its mails say of their reader, such as `name` and `company`, in whatever language they are."""
        kinds = [kind for kind in PERSONAL if kind in self.kinds.values()]
        mails = (self.body(kind, locale, one) for kind in kinds for locale in self.languages for one in STANDINGS)
        return frozenset(name for one in mails for name in one.asked)

    def receivers(self, channel: str) -> Iterator[Recipient]:
        """Everybody on this channel, with what stands in their message alone."""
        for address in self.recipients[channel]:
            name = self.names.get(address, "")
            yield Recipient(address, facts={"name": name} if name else {})

    def segment(self, channel: str, segment: str = "") -> Rendered:
        """What everybody of a segment gets, rendered once. The change channel gets all of its languages at once."""
        shared, kind = segment_of(segment), self.kinds[channel]
        made = self.body(kind, shared.locale, shared.standing)
        others = {one: self.body(kind, one) for one in self.translated} if kind == "feed" else {}
        return made.model_copy(update={"others": others}) if others else made

    def body(
        self, kind: Channel, locale: str = "", standing: Standing = "listed", *, is_test: bool = False
    ) -> Rendered:
        """The message in this language, or the nearest one it is made in. A channel that posts once has no reader."""
        told = standing if kind in PERSONAL else "nobody"
        key = (kind, spoken(locale, self.languages), told, is_test)
        if key not in self._made:
            frame = Frame(look(self.brand), key[1], told, is_test, self.templates)
            said = {**self.values, **self.words(key[1]), **self.also.get(key[1], {})}
            if self.page and kind != "feed":
                said["link"] = self.page + (f"?lang={key[1]}" if len(self.languages) > 1 else "")
            self._made[key] = render_body(self.message, kind, said, frame)
        return self._made[key]

    def words(self, locale: str, notes: str = "") -> dict[str, str]:
        """Its notes in this language, or others, and the title that they begin with."""
        found = notes or self.translations.get(locale) or str(self.values["notes"])
        title, rest = titled(found, str(self.values["product"]), str(self.values["version"]))
        return {"headline": title, "notes": rest}

    def comes_as(self, channel: str = "") -> tuple[Standing, ...]:
        """For which reasons it reaches people by mail, or on this channel: each is told another one."""
        if channel and self.ways[channel].kind != "email":
            return (segment_of("").standing,)
        is_for_others = self.audience.addresses or self.audience.subscribers or not self.audience.roles
        return (*(("subscribed",) if is_for_others else ()), *(("role",) if self.audience.roles else ()))

    def standing_of(self, person: Person | None, channel: str = "") -> Standing:
        """Why it would come to this person of the organisation, or to nobody in particular."""
        reasons = self.comes_as(channel)
        has_role = person and set(person.roles).intersection(self.audience.roles)
        return "role" if has_role and "role" in reasons else reasons[0]

    def bodies(self) -> Iterator[Rendered]:
        """Every one that could leave, in whatever language and for whatever reason: what is signed."""
        for kind in dict.fromkeys(self.kinds.values()):
            standings = STANDINGS if kind in PERSONAL else ("nobody",)
            yield from (self.body(kind, locale, one) for locale in self.languages for one in standings)


def ready(world: World, launch: Launch, item: Announce) -> Ready:
    """Raises NothingToSend where its audience or a channel is gone; a rendering Unrenderable where it cannot be."""
    known, channels = world.organisation, item.announce.channels
    audience, templates = _audience(known, launch, item), messages_of(world)
    return Ready(
        audience=audience,
        message=item.announce.message,
        sender=sender_of(world, launch.release.product),
        ways={channel: known.channels[channel] for channel in channels},
        languages=templates.offered(item.announce.message, known.languages),
        recipients={channel: recipients(known, audience, channel) for channel in channels},
        values=values(world, launch, audience),
        brand=known.brand_of(launch.release.product),
        templates=templates,
        not_before=_moment(launch.dates.not_before, launch, item),
        not_after=_moment(launch.dates.not_after, launch, item),
        names={address: person.name for address, person in known.people.items()},
        translations={one: templates.translated(launch.id, audience.notes, one) for one in known.languages[1:]},
        page=next((page_of(world, launch, key) for key, one in launch.items.items() if one.item is item), ""),
    )


def _moment(of: Mapping[str, datetime], launch: Launch, item: Announce) -> datetime | None:
    return next((at for key, at in of.items() if launch.items[key].item is item), None)


def sender_of(world: World, product: str = "") -> From:
    """Who mails about a product come from: its brand says, the organisation's, then the settings. Without a product it
    is whoever mails about several."""
    brand, settings = world.organisation.brand_of(product), world.settings
    return From(
        address=brand.sender or settings.mail_from,
        name=brand.sender_name or world.organisation.organisation,
        reply_to=brand.reply_to,
        postal_address=brand.postal_address or settings.postal_address,
    )


def _audience(known: Organisation, launch: Launch, item: Announce) -> Audience:
    """The audience; the organisation file may have lost it, or a channel, or have one of the same name by now."""
    for _, problem in closed_ways(item.announce, known, launch.checklist):
        raise NothingToSend(problem)
    try:
        return audience_of(item.announce.audience, known, launch.checklist)
    except LaunchError as gone:
        raise NothingToSend(str(gone)) from gone


def recipients(organisation: Organisation, audience: Audience, channel: str) -> tuple[str, ...]:
    """Mail addresses for a mail channel, each once; the channel itself for one that posts."""
    if organisation.channels[channel].kind != "email":
        return (channel,)
    wanted = set(audience.roles)
    people = [address for address, person in organisation.people.items() if wanted & set(person.roles)]
    return tuple(dict.fromkeys((*people, *audience.addresses)))


def values(world: World, launch: Launch, audience: Audience) -> Mapping[str, object]:
    """What an announcement's templates are filled with."""
    release = launch.release
    return {
        "product": release.title,
        "version": release.version,
        "notes": notes_for(launch, audience),
        "link": release.url or "",
        "organisation": world.organisation.organisation,
        "postal_address": sender_of(world, release.product).postal_address if audience.external else "",
    }


def notes_for(launch: Launch, audience: Audience) -> str:
    """The notes that were written for this audience, or else what the release itself says."""
    written = (state.wordings.get(audience.notes) for state in launch.items.values())
    return next((one.words for one in written if one), launch.release.notes)

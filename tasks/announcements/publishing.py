"""The change channel is told: exactly the words that were approved, once, corrected and withdrawn in their place."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from checklists.audiences import audience_of
from checklists.errors import LaunchError
from checklists.items import Announce
from checklists.launch import Launch
from ledger.publication import Publication, Shown, Told, Words, id_of
from ledger.publication_search import folded
from tasks.world import World
from templates import entry
from templates.render import Rendered
from templates.words import one_line

NOTE = 300  # signs; what a correction says of itself
RESERVED = ("of", "embed.js")


class NothingPublished(LaunchError):
    """A correction of something that never stood on the change channel."""


def publish(world: World, launch: Launch, key: str, said: Rendered, **variants: Rendered) -> Publication:
    """Put it on the change channel; what stands there for this announcement already stays as it is.

    `variants` are the same words in other languages, by locale.
    """
    item = launch.items[key].item
    if not isinstance(item, Announce):
        raise LaunchError(f"{launch.id}: {key} is no announcement; only those are published")
    about, now = item.announce, world.now()
    audience = audience_of(about.audience, world.organisation, launch.checklist)
    words, others = words_of(said), {locale: words_of(one) for locale, one in variants.items()}
    new = Publication(
        id=id_of(launch.id, key),
        slug="",
        launch_id=launch.id,
        item=key,
        product=launch.release.product,
        version=launch.release.version,
        title=words.title,
        body=words.body,
        audience=about.audience,
        is_public=audience.public,
        published_at=now,
        updated_at=now,
        topics=about.topics,
        types=about.types or entry.types(words.body),
        locale=said.locale,
        variants=others,
        shown=shown(words, launch.release.title, launch.release.version, others=others),
    )
    return world.ledger.publications.publish(new, tuple(_slugs(new)))


def page_of(world: World, launch: Launch, key: str) -> str:
    """Where this announcement stands for everybody once it is out; empty where it does not."""
    item, known = launch.items[key].item, world.organisation
    if not isinstance(item, Announce) or launch.rehearsal:
        return ""
    is_told_there = any(known.channels[one].kind == "feed" for one in item.announce.channels if one in known.channels)
    is_public = audience_of(item.announce.audience, known, launch.checklist).public
    return f"{world.settings.public_url}/changes/{id_of(launch.id, key)}" if is_told_there and is_public else ""


def stands(world: World, launch_id: str, item: str) -> bool:
    """Whether it was published."""
    return world.ledger.publications.get(id_of(launch_id, item)) is not None


def excerpt_in(one: Publication, locale: str) -> str:
    """The few words that stand for it, in this one of its languages."""
    if one.shown.drawn != entry.DRAWN:
        return entry.excerpt(one.words(locale).body)
    drawn = one.shown.translated.get(locale)
    return drawn["excerpt"] if drawn else one.shown.excerpt


def correct(
    world: World,
    launch_id: str,
    item: str,
    key: str,
    said: Rendered | None,
    note: str = "",
    variants: Mapping[str, Rendered] | None = None,
    notes: Mapping[str, str] | None = None,
) -> Publication:
    """The same entry with these words, or only with a note. `key` names the correction: twice is once.

    Other words take the place of those in every language: what is not among the `variants` nobody has corrected.
    Raises NothingPublished.
    """
    old = _standing(world, launch_id, item)
    words, others = old.words(), old.variants
    if said:
        words, others = words_of(said), {locale: words_of(one) for locale, one in (variants or {}).items()}
    about, told = shown(words, old.product, old.version, others=others), _on_one_line(notes)
    return world.ledger.publications.correct(old.id, key, words, about, world.now(), one_line(note, NOTE), others, told)


def recall(
    world: World, launch_id: str, item: str, reason: str = "", reasons: Mapping[str, str] | None = None
) -> Publication:
    """Withdraw what was said: the entry stays at its address and says so. Raises NothingPublished."""
    old = _standing(world, launch_id, item)
    return world.ledger.publications.recall(old.id, one_line(reason, NOTE), world.now(), _on_one_line(reasons))


def _on_one_line(notes: Mapping[str, str] | None) -> dict[str, str]:
    return {locale: one_line(note, NOTE) for locale, note in (notes or {}).items()}


def _standing(world: World, launch_id: str, item: str) -> Publication:
    found = world.ledger.publications.get(id_of(launch_id, item))
    if found is None:
        raise NothingPublished(f"{launch_id}: {item} does not stand on the change channel; publish it first")
    return found


def words_of(said: Rendered) -> Words:
    return Words(entry.title(said.subject), entry.body(said.text))


def shown(words: Words, *about: str, others: Mapping[str, Words] | None = None) -> Shown:
    """What is made of the words, in each language, for those who read and search."""
    translated = {locale: _told(one) for locale, one in (others or {}).items()}
    texts = [text for one in (others or {}).values() for text in (one.title, entry.plain(one.body))]
    found = folded(entry.findable(words.title, entry.plain(words.body), *about, *texts))
    return Shown(entry.html(words.body), entry.excerpt(words.body), found, entry.DRAWN, translated)


def _told(words: Words) -> Told:
    return {"title": words.title, "html": entry.html(words.body), "excerpt": entry.excerpt(words.body)}


def _slugs(new: Publication) -> Iterator[str]:
    """Addresses in the order in which they are tried: the plain one is for what everybody may read."""
    name = _slug(new.launch_id)
    if new.is_public and name not in RESERVED:
        yield name
    yield f"{name}-{new.audience}"
    yield f"{name}-{_slug(new.item)}"
    yield f"{name}-{new.id[:8]}"


def _slug(text: str) -> str:
    return re.sub(r"[^a-z0-9.]+", "-", text.casefold()).strip("-.")[:100] or "change"

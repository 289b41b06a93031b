from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace as changed
from datetime import timedelta
from pathlib import Path

import pytest

from checklists.decide import Refusal
from checklists.errors import LaunchError
from checklists.items import Announce, Announcement, Todo
from checklists.launch import Launch
from checklists.request import LaunchRequest
from ledger.publication_search import Sought
from tasks.advance import advance
from tasks.announcements.announcement import ready
from tasks.announcements.announcing import batches_of, drain, plan, tally
from tasks.announcements.publishing import NothingPublished, correct, publish, recall
from tasks.audiences.settling import may_wait
from tasks.changes.contents import content_of
from tasks.opening import open_launch
from tasks.world import World
from templates.render import Rendered
from tests.tasks.channel import NOTES, announced, channel_world, launched
from tests.tasks.newsroom import RUN

OTHER = Rendered(channel="feed", subject="Acme 2.4.0, corrected", text="Exports are slower.\n")


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    made = channel_world(tmp_path)
    yield made
    made.ledger.dispose()


def test_exactly_the_approved_words_are_published(world: World) -> None:
    launch = launched(world)
    item = launch.items[RUN.item].item
    assert isinstance(item, Announce)
    approved = ready(world, launch, item).segment("feed")
    plan(world, RUN)
    assert drain(world, RUN)
    made = world.ledger.publications.find("acme-2.4.0")
    assert made is not None
    assert (made.title, made.body) == (approved.subject, approved.text)
    assert (made.body.strip(), made.title) == (NOTES.strip(), "Acme 2.4.0")
    assert approved.text.strip() in content_of(world, launch, RUN.item).text
    assert (made.topics, made.types, made.is_public) == (("exports",), ("new", "fixed"), True)
    assert tally(world, RUN) == (True, "1 of 1 handed over", ())


def test_sending_again_publishes_nothing_again(world: World) -> None:
    first = announced(world)
    for _ in range(2):
        plan(world, RUN)
        assert drain(world, RUN)
    assert world.ledger.publications.get(first.id) == first


def test_a_worker_killed_while_it_publishes_does_it_once(world: World) -> None:
    """`writing` was committed and the entry, too, but not the outcome."""
    launch = launched(world)
    plan(world, RUN)
    batches = world.ledger.batches
    taken = batches.claim(batches_of(RUN, "feed"), "the dead", world.now(), timedelta(seconds=30))
    assert taken is not None
    assert batches.writing(taken.id, "the dead", world.now())
    item = launch.items[RUN.item].item
    assert isinstance(item, Announce)
    first = publish(world, launch, RUN.item, ready(world, launch, item).segment("feed"))
    world.now.wait(timedelta(minutes=5))  # type: ignore[attr-defined]
    assert drain(world, RUN)
    assert world.ledger.deliveries.counts(launch.id, RUN.item) == {"accepted": 1}
    assert world.ledger.publications.get(first.id) == first


def test_who_signs_is_told_that_everybody_will_read_it(world: World) -> None:
    launch = launched(world)
    assert "everybody who reads the change channel" in content_of(world, launch, RUN.item).text


def test_what_an_audience_is_told_in_private_is_not_public(world: World) -> None:
    file = world.settings.organisation
    file.write_text(file.read_text().replace("external: true, public: true", "external: true"))
    made = announced(world)
    assert (made.is_public, made.slug) == (False, "acme-2.4.0-customers")


def test_a_correction_and_a_recall_change_the_entry_that_is_there(world: World) -> None:
    first = announced(world)
    made = correct(world, RUN.launch_id, RUN.item, "c1", OTHER, "it was \nwrong")
    assert correct(world, RUN.launch_id, RUN.item, "c1", OTHER) == made
    assert (made.id, made.slug, made.title) == (first.id, first.slug, "Acme 2.4.0, corrected")
    assert [one.note for one in made.corrections] == ["it was wrong"]
    gone = recall(world, RUN.launch_id, RUN.item, "too early")
    assert (gone.id, gone.recall_reason) == (first.id, "too early")


def test_what_does_not_stand_there_cannot_be_corrected(world: World) -> None:
    launch = launched(world)
    with pytest.raises(NothingPublished, match="publish it first"):
        correct(world, launch.id, RUN.item, "c1", OTHER)


def test_only_announcements_are_published(world: World) -> None:
    launch = launched(world)
    state = launch.items[RUN.item]
    todo = changed(state, item=Todo(todo="look"))
    with pytest.raises(LaunchError, match="no announcement"):
        publish(world, changed(launch, items={RUN.item: todo}), RUN.item, OTHER)


@pytest.mark.parametrize(
    ("channels", "urgent", "waits"),
    [(("email", "feed"), False, True), (("email", "feed"), True, False), (("email",), False, False)],
)
def test_only_what_stands_on_the_channel_can_wait_for_a_digest(
    world: World, channels: tuple[str, ...], urgent: bool, waits: bool
) -> None:
    about = Announcement(audience="customers", channels=channels, urgent=urgent)
    assert may_wait(world.organisation, about) is waits


OWN = """checklist: news-for-testers
audiences: {testers: {title: Testers, rule: {list: beta}, external: true, public: true}}
items: {tell: {announce: {audience: testers, channels: [feed]}}}
"""


def started(world: World, text: str) -> Launch | Refusal:
    (folder := world.settings.home / "checklists").mkdir(exist_ok=True)
    (folder / "news-for-testers.yaml").write_text(text)
    ours = changed(world, settings=world.settings.model_copy(update={"checklists": (folder,)}))
    request = LaunchRequest(product="acme", version="2.4.0", checklist="news-for-testers", notes=NOTES)
    return open_launch(ours, request)


def test_what_an_audience_of_the_checklist_is_told_is_published_where_everybody_may_read_it(world: World) -> None:
    launch = started(world, OWN)
    assert isinstance(launch, Launch), launch
    advance(world, launch.id)
    plan(world, RUN)
    assert drain(world, RUN)
    (made,) = world.ledger.publications.search(Sought(), 5)
    assert (made.audience, made.is_public) == ("testers", True)


def test_what_nobody_could_be_shown_in_private_starts_no_launch(world: World) -> None:
    refused = started(world, OWN.replace(", public: true", ""))
    assert isinstance(refused, Refusal)
    assert 'items.tell.announce.channels: "feed" shows what is for "testers" alone to audiences of' in refused.reason

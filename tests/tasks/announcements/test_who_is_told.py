"""Who an announcement reaches when people change their minds, and nobody or somebody new is in its audience."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from pydantic import SecretStr

from checklists.commands import FollowUp
from checklists.due import wanted
from checklists.launch import Launch
from checklists.people import Actor
from checklists.subscriber import Subscriber
from ledger.newcomers import Newcomer
from ledger.wishes import Preferences
from tasks.advance import advance
from tasks.announcements.announcement import NothingToSend
from tasks.announcements.announcing import drain, plan, tally
from tasks.announcements.following import send_follow_ups
from tasks.announcements.reaching import reach_of
from tasks.audiences.settling import settle
from tasks.carrying_out import carry_out
from tasks.checking import report
from tasks.digests.planning import plan_digests
from tasks.notices.delivering import deliver_notices
from tasks.world import World
from tests.peers.sendgrid import KEY, SendGridPeer
from tests.tasks.channel import ORGANISATION, channel_world, launched
from tests.tasks.newsroom import RUN, sent

RULE = "rule: {attributes: {plan: pro}}"
ORGANISED = ORGANISATION.replace("addresses: [customer@example.net]", RULE)
CHECKLIST = """
checklist: news-on-the-channel
items:
  tell:
    announce: {audience: customers, channels: [email, feed], topics: [exports], types: [new]}
"""
NAMES = ("ada@example.net", "ben@example.net")


@pytest.fixture
def world(tmp_path: Path) -> World:
    home = tmp_path / "home"
    home.mkdir()
    (home / "organisation.yaml").write_text(ORGANISED)
    (home / "news-on-the-channel.yaml").write_text(CHECKLIST)
    return channel_world(home, checklists=(home,))


def person(world: World, address: str, *topics: str, plan_: str = "pro") -> Subscriber:
    new = Newcomer(address, "confirmed", attributes={"plan": plan_}, topics=frozenset(topics))
    world.ledger.newcomers.add([new], "import", "a list", world.now())
    who = world.ledger.subscribers.find(address)
    assert who is not None
    return who


def chose(world: World, who: Subscriber, **own: object) -> None:
    given = {
        "topics": who.topics, "offered": who.topics | {"acme", "exports"}, "change_types": who.change_types,
        "channels": who.channels, "pace": who.pace, "locale": "", "timezone": "", "paused_until": None,
    }  # fmt: skip
    wanted = Preferences(**(given | own))  # type: ignore[arg-type]
    assert world.ledger.wishes.prefer(who.id, wanted, "page", "page", world.now())


def mailed(world: World) -> dict[str, str]:
    """What became of every mail."""
    return {one.recipient: one.state for one in world.ledger.deliveries.of(RUN.launch_id) if "@" in one.recipient}


def test_mail_that_reaches_nobody_is_said_also_where_a_channel_posts(world: World) -> None:
    person(world, "free@example.net", plan_="free")
    launched(world)
    with pytest.raises(NothingToSend, match="nobody is in the audience customers"):
        plan(world, RUN)
    assert not world.ledger.deliveries.of(RUN.launch_id)
    assert world.ledger.publications.revision() == 0


def test_nobody_told_by_mail_is_no_success_because_a_channel_posts(world: World) -> None:
    """All of them left between the freeze and the mail."""
    people = [person(world, f"{name}@example.net") for name in ("a", "b")]
    launched(world)
    plan(world, RUN)
    for who in people:
        world.ledger.wishes.unsubscribe(who.id, "page", "page", world.now())
    drain(world, RUN)
    said = "1 of 3 handed over, 2 suppressed; nobody was told by email"
    assert tally(world, RUN) == (False, said, ())
    report(world, RUN, ok=False, summary=said)
    launch = advance(world, RUN.launch_id)
    assert (launch.items["tell"].status, launch.is_over, wanted(launch.items["tell"], launch)) == (
        "failed", False, "rescue"
    )  # fmt: skip


def test_a_mail_that_nobody_may_send_is_no_success_because_a_channel_posts(world: World, peer: SendGridPeer) -> None:
    settings = {"sendgrid_api_key": SecretStr(KEY), "sendgrid_host": peer.host, "postal_address": "Example, 1 Street"}
    world = replace(world, settings=world.settings.model_copy(update=settings))
    person(world, "a@example.net")
    launched(world)
    peer.answer("forbidden")
    plan(world, RUN)
    drain(world, RUN)
    ok, summary, _ = tally(world, RUN)
    assert (ok, "nobody was told by email; email: SendGrid answered 403" in summary) == (False, True)


def test_who_left_what_it_is_about_is_not_told_by_a_rule_either(world: World) -> None:
    """Neither before it is settled nor after."""
    left, later, stays, other = (person(world, f"{name}@example.net", "acme") for name in ("a", "b", "c", "d"))
    person(world, "e@example.net")
    chose(world, left, topics=frozenset())
    chose(world, other, topics=frozenset({"exports"}))
    launched(world)
    plan(world, RUN)
    chose(world, later, topics=frozenset())
    drain(world, RUN)
    assert mailed(world) == {
        later.address: "suppressed", stays.address: "accepted", other.address: "accepted", "e@example.net": "accepted"
    }  # fmt: skip


def test_what_people_choose_after_it_was_settled_holds(world: World) -> None:
    channel, kind, stays = (person(world, f"{name}@example.net") for name in ("a", "b", "c"))
    launched(world)
    plan(world, RUN)
    chose(world, channel, channels=frozenset({"feed"}))
    chose(world, kind, change_types=frozenset({"security"}))
    chose(world, stays, change_types=frozenset({"new"}))
    drain(world, RUN)
    assert mailed(world) == {channel.address: "suppressed", kind.address: "suppressed", stays.address: "accepted"}


def test_reach_says_why_who_was_to_hear_it_did_not(world: World) -> None:
    paused, left, gone, away, stays = (person(world, f"{name}@example.net", "acme") for name in "abcde")
    launch = launched(world)
    plan(world, RUN)
    chose(world, paused, paused_until=world.now() + timedelta(days=3))
    world.ledger.wishes.unsubscribe(left.id, "page", "page", world.now())
    world.ledger.wishes.bounced(gone.address, "550", "sendgrid", world.now())
    world.ledger.wishes.forget(away.id, world.now())
    drain(world, RUN)
    assert mailed(world)[stays.address] == "accepted"
    (told,) = reach_of(world, launch)
    mail = next(row for row in told.channels if row.channel == "email")
    assert (mail.audience, mail.handed_over) == (5, 1)
    assert mail.excluded == {"bounced": 1, "opted-out": 1, "paused": 1, "unsubscribed": 1}


def test_reach_says_who_is_not_meant_any_more(world: World) -> None:
    told, other = person(world, "a@old.example"), person(world, "b@new.example", plan_="free")
    launch = launched(world)
    plan(world, RUN)
    world.settings.organisation.write_text(ORGANISED.replace(RULE, "rule: {domain: new.example}"))
    plan(world, RUN)
    drain(world, RUN)
    assert mailed(world) == {told.address: "suppressed", other.address: "accepted"}
    (reached,) = reach_of(world, launch)
    mail = next(row for row in reached.channels if row.channel == "email")
    assert (mail.audience, mail.handed_over, mail.excluded) == (2, 1, {"not-meant": 1})


def test_who_is_left_out_once_it_is_settled_anew_is_counted_once(world: World) -> None:
    told, left, never = person(world, "a@new.example"), person(world, "b@new.example"), person(world, "c@new.example")
    world.ledger.wishes.unsubscribe(never.id, "page", "page", world.now())
    launch = launched(world)
    plan(world, RUN)
    world.ledger.wishes.unsubscribe(left.id, "page", "page", world.now())
    world.settings.organisation.write_text(ORGANISED.replace(RULE, "rule: {domain: new.example}"))
    plan(world, RUN)
    drain(world, RUN)
    assert mailed(world) == {told.address: "accepted", left.address: "suppressed"}
    (reached,) = reach_of(world, launch)
    mail = next(row for row in reached.channels if row.channel == "email")
    assert (mail.audience, mail.handed_over, mail.excluded) == (3, 1, {"unsubscribed": 2})


def test_who_is_named_hears_of_every_kind_and_not_against_their_will(world: World) -> None:
    world.settings.organisation.write_text(ORGANISED.replace(RULE, f"addresses: [{', '.join(NAMES)}]"))
    launched(world)
    plan(world, RUN)
    kind, channel = (world.ledger.subscribers.find(name) for name in NAMES)
    assert kind and channel
    chose(world, kind, change_types=frozenset({"security"}))
    chose(world, channel, channels=frozenset({"feed"}))
    drain(world, RUN)
    assert mailed(world) == {kind.address: "accepted", channel.address: "suppressed"}


def test_who_is_named_hears_before_they_have_confirmed_and_is_told_of_a_recall(world: World) -> None:
    world.settings.organisation.write_text(ORGANISED.replace(RULE, f"addresses: [{', '.join(NAMES)}]"))
    signed_up = Newcomer(NAMES[0], topics=frozenset({"acme"}))
    world.ledger.newcomers.add([signed_up], "sign-up", "203.0.113.9", world.now())
    launched(world)
    sent(world)
    assert mailed(world) == dict.fromkeys(NAMES, "accepted")
    launch_manager = Actor("ada@example.com", "Ada", ("launch-managers",))
    carry_out(world, RUN.launch_id, FollowUp(by=launch_manager, item="tell", what="recall", note="Not for sale yet."))
    send_follow_ups(world)
    recalls = world.ledger.deliveries.counts(RUN.launch_id, "tell", "recall/1")
    assert recalls == {"accepted": 3}, "two mails, and the entry on the change channel"
    states = {found.state for name in NAMES if (found := world.ledger.subscribers.find(name))}
    assert states == {"unconfirmed"}


def test_who_joins_later_is_not_told_by_another_round(world: World) -> None:
    person(world, "a@example.net")
    launched(world)
    plan(world, RUN)
    person(world, "late@example.net")
    launch = world.launch(RUN.launch_id)
    assert launch
    again = _settled_in_round(world, launch, 2)
    assert list(again) == ["a@example.net"]


def _settled_in_round(world: World, launch: Launch, round_: int) -> list[str]:
    state = replace(launch.items["tell"], round=round_)
    settle(world, replace(launch, items={**launch.items, "tell": state}), "tell")
    return [one.address for one in world.ledger.rosters.roster(launch.id, "tell", round_)]


def test_who_reads_digests_hears_there_what_a_rule_means_for_them(world: World) -> None:
    daily, left = person(world, "daily@example.net"), person(world, "left@example.net", "acme")
    person(world, "free@example.net", plan_="free")
    person(world, "at-once@example.net")
    for who in (daily, left):
        chose(world, who, pace="daily", topics=who.topics - {"acme"})
    chose(world, world.ledger.subscribers.find("free@example.net"), pace="daily")  # type: ignore[arg-type]
    world.now.wait(timedelta(hours=1))  # type: ignore[attr-defined]  # what is published at nine is of that day
    launched(world)
    plan(world, RUN)
    drain(world, RUN)
    assert mailed(world) == {"at-once@example.net": "accepted"}
    world.now.wait(timedelta(days=1))  # type: ignore[attr-defined]
    assert plan_digests(world) == 1
    deliver_notices(world)
    told = [path.read_text() for path in world.settings.outbox.glob("*.eml")]
    assert sum("To: daily@example.net" in one for one in told) == 1
    assert not any("To: left@example.net" in one or "To: free@example.net" in one for one in told)

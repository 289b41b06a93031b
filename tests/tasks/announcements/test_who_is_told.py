"""Who an announcement reaches when people change their minds, and nobody or somebody new is in its audience."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from email.parser import BytesParser
from email.policy import default
from pathlib import Path

import pytest
from pydantic import SecretStr

from checklists.commands import TMINUS, FollowUp, Rerun
from checklists.due import wanted
from checklists.items import Announce
from checklists.launch import Launch
from checklists.people import Actor
from checklists.subscriber import Subscriber
from ledger.newcomers import Newcomer
from ledger.publication import id_of
from ledger.wishes import Preferences
from tasks.act import act
from tasks.advance import advance
from tasks.announcements.announcement import NothingToSend, ready
from tasks.announcements.announcing import drain, plan, tally
from tasks.announcements.following import send_follow_ups
from tasks.announcements.previewing import preview
from tasks.announcements.publishing import correct, recall
from tasks.announcements.reaching import reach_of
from tasks.audiences.settling import settle
from tasks.carrying_out import carry_out
from tasks.changes.contents import of_announcement
from tasks.checking import report
from tasks.digests.planning import plan_digests
from tasks.notices.delivering import deliver_notices
from tasks.senders import ways_out
from tasks.senders.sender import OneByOne, Outcome, Parcel, rejected
from tasks.world import World
from templates.render import Rendered
from tests.peers.sendgrid import KEY, SendGridPeer
from tests.tasks.channel import NOTES, ORGANISATION, Draft, channel_world, launched, put
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


def test_it_is_said_beforehand_who_reads_the_notes_in_another_language(world: World) -> None:
    file = world.settings.organisation
    file.write_text(f"languages: [en, de, fr]\n{file.read_text()}")
    spoken = ("de", "de-AT", "fr", "en", "")
    people = [Newcomer(f"{one}-@example.net", "confirmed", locale=one, attributes={"plan": "pro"}) for one in spoken]
    world.ledger.newcomers.add(people, "import", "a list", world.now())
    launch = launched(world)
    assert preview(world, launch, "tell").untranslated == {"de": 2, "fr": 1}
    folder = file.parent / "messages" / "translations" / launch.id
    folder.mkdir(parents=True)
    (folder / "customer.de.md").write_text("Exporte sind schneller.")
    assert preview(world, launch, "tell").untranslated == {"fr": 1}


def test_mails_wait_for_the_page_that_they_lead_to(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    class Broken(OneByOne):
        repeatable = True

        def send(self, _: Parcel) -> Outcome:
            return rejected("the entry cannot be published")

    person(world, "a@example.net")
    launched(world)
    monkeypatch.setattr(ways_out, "WAYS", {**ways_out.WAYS, "feed": lambda *_: Broken()})
    plan(world, RUN)
    drain(world, RUN)
    assert (mailed(world), tally(world, RUN)[0]) == ({"a@example.net": "planned"}, False)
    monkeypatch.undo()
    report(world, RUN, ok=False, summary="the change channel refused it")
    act(world, RUN.launch_id, Rerun(by=TMINUS, item="tell"))
    run = advance(world, RUN.launch_id).items["tell"].run
    assert run is not None
    assert sent(world, RUN.model_copy(update={"round": 2, "number": run.number})).items["tell"].status == "passed"
    assert mailed(world) == {"a@example.net": "accepted"}


def test_where_our_page_is_served_is_nothing_that_is_signed(world: World) -> None:
    """A colleague's shell may know another address of it, and would void every approval."""
    state = launched(world).items["tell"]
    assert isinstance(state.item, Announce)
    other = replace(world, settings=world.settings.model_copy(update={"public_url": "https://news.example.com"}))
    launches = ((one, one.ledger.launch(RUN.launch_id)) for one in (world, other))
    messages = [ready(one, launch, launch.items["tell"].item) for one, launch in launches]  # type: ignore
    assert [one.page.partition("/changes/")[0] for one in messages] == [
        world.settings.public_url,
        "https://news.example.com",
    ]
    here, there = (of_announcement(state, state.item, one) for one in messages)
    assert (here.sha256, here.text) == (there.sha256, there.text)
    assert f"/changes/{id_of(RUN.launch_id, 'tell')}" in here.text


def test_a_round_after_one_that_all_heard_in_digests_mails_nobody_who_was_not_approved(world: World) -> None:
    daily = person(world, "daily@example.net")
    chose(world, daily, pace="daily")
    launched(world)
    assert settle(world, world.ledger.launch(RUN.launch_id), "tell").counts.get("digest") == 1  # type: ignore[arg-type]
    chose(world, daily, pace="immediate")
    person(world, "came-later@example.net")
    report(world, RUN, ok=False, summary="a channel refused it")
    act(world, RUN.launch_id, Rerun(by=TMINUS, item="tell"))
    launch = advance(world, RUN.launch_id)
    assert launch.items["tell"].round == 2
    assert settle(world, launch, "tell").counts == {"digest": 1}


def test_who_hears_in_a_digest_makes_up_for_mails_that_nobody_wants_any_more(world: World) -> None:
    chose(world, person(world, "daily@example.net"), pace="daily")
    leaves = person(world, "leaves@example.net")
    launched(world)
    plan(world, RUN)
    world.ledger.wishes.unsubscribe(leaves.id, "page", "page", world.now())
    drain(world, RUN)
    assert tally(world, RUN)[:2] == (True, "1 of 2 handed over, 1 suppressed")


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


def tomorrow(world: World, days: int = 1) -> dict[str, str]:
    """What each reader of digests is told in these days, by address."""
    before = {path.name for path in world.settings.outbox.glob("*.eml")}
    for _ in range(24 * days):
        world.now.wait(timedelta(hours=1))  # type: ignore[attr-defined]
        plan_digests(world)
        deliver_notices(world)
    new = (path for path in world.settings.outbox.glob("*.eml") if path.name not in before)
    mails = [BytesParser(policy=default).parsebytes(path.read_bytes()) for path in new]
    return {str(mail["To"]): str(mail.get_body(("plain",)).get_content()) for mail in mails}  # type: ignore[union-attr]


def told_all(world: World, notes: str = NOTES) -> None:
    """The announcement, an hour after nine: what is published until then is in the digest of that day."""
    person(world, "at-once@example.net")
    world.now.wait(timedelta(hours=1))  # type: ignore[attr-defined]
    launched(world, notes=notes)
    plan(world, RUN)
    drain(world, RUN)
    assert mailed(world) == {"at-once@example.net": "accepted"}


def again(world: World, who: Subscriber) -> Subscriber:
    found = world.ledger.subscribers.get(who.id)
    assert found
    return found


def test_who_subscribes_to_the_topic_of_an_audience_hears_in_a_digest_what_it_is_told(world: World) -> None:
    topics = "topics: {sso: {title: Single sign-on}}\n"
    world.settings.organisation.write_text(topics + ORGANISED.replace(RULE, "topics: [sso]"))
    chose(world, person(world, "daily@example.net", "sso"), pace="daily")
    person(world, "at-once@example.net", "sso")
    told_all(world)
    assert list(tomorrow(world)) == ["daily@example.net"]


def test_who_was_left_to_a_digest_hears_there_though_a_rule_means_them_no_more(world: World) -> None:
    chose(world, person(world, "daily@example.net"), pace="daily")
    told_all(world)
    person(world, "daily@example.net", plan_="free")
    assert list(tomorrow(world)) == ["daily@example.net"]
    assert tomorrow(world, 2) == {}


def test_who_comes_under_a_rule_later_is_not_told_in_a_digest(world: World) -> None:
    """As nobody who comes later is by mail."""
    chose(world, person(world, "daily@example.net", plan_="free"), pace="daily")
    told_all(world)
    person(world, "daily@example.net")
    assert tomorrow(world) == {}


def test_whom_a_later_round_leaves_to_a_digest_hears_there_too(world: World) -> None:
    chose(world, person(world, "daily@example.net", "acme-sdk", plan_="free"), pace="daily")
    told_all(world)
    put(world, Draft("1.0.0", product="acme-sdk"))
    assert "Acme 2.4.0" not in tomorrow(world)["daily@example.net"]
    world.settings.organisation.write_text(ORGANISED.replace("plan: pro", "plan: [pro, free]"))
    launch = world.launch(RUN.launch_id)
    assert launch
    assert _settled_in_round(world, launch, 2) == ["at-once@example.net"]
    assert "Acme 2.4.0" in tomorrow(world)["daily@example.net"]
    assert tomorrow(world, 2) == {}


def test_who_was_left_to_a_digest_hears_there_though_the_audience_has_another_name(world: World) -> None:
    chose(world, person(world, "daily@example.net"), pace="daily")
    told_all(world)
    world.settings.organisation.write_text(ORGANISED.replace("customers:", "clients:"))
    assert list(tomorrow(world)) == ["daily@example.net"]


@pytest.mark.parametrize("pace", ["daily", "weekly"])
def test_who_hears_at_once_before_it_leaves_was_left_to_a_digest_all_the_same(world: World, pace: str) -> None:
    who = person(world, "daily@example.net")
    person(world, "at-once@example.net")
    chose(world, who, pace=pace)
    launch = launched(world)
    settle(world, launch, "tell")
    chose(world, again(world, who), pace="immediate")
    assert tomorrow(world) == {}
    plan(world, RUN)
    drain(world, RUN)
    assert mailed(world) == {"at-once@example.net": "accepted"}
    assert list(tomorrow(world, 2)) == ["daily@example.net"]
    assert tomorrow(world, 2) == {}


def test_what_a_rule_means_for_who_is_paused_comes_in_a_digest_after_the_pause(world: World) -> None:
    who, other = person(world, "daily@example.net"), person(world, "other@example.net")
    until = world.now() + timedelta(days=3)
    chose(world, who, pace="daily", paused_until=until)
    chose(world, other, paused_until=until)
    told_all(world)
    world.now.wait(timedelta(hours=1))  # type: ignore[attr-defined]
    chose(world, again(world, other), pace="daily", paused_until=until)
    assert tomorrow(world, 2) == {}
    assert list(tomorrow(world, 2)) == ["daily@example.net"]


@pytest.mark.parametrize("gave_up", ["acme", "exports"])
def test_who_gave_up_what_it_is_about_is_told_in_no_digest(world: World, gave_up: str) -> None:
    who = person(world, "daily@example.net", gave_up)
    chose(world, who, pace="daily")
    told_all(world)
    chose(world, again(world, who), pace="daily", topics=frozenset())
    assert tomorrow(world, 2) == {}


def test_who_gives_up_a_topic_after_it_was_planned_is_told_in_no_digest(world: World) -> None:
    who = person(world, "daily@example.net", "acme")
    chose(world, who, pace="daily")
    told_all(world)
    world.now.wait(timedelta(days=1))  # type: ignore[attr-defined]
    assert plan_digests(world) == 1
    chose(world, again(world, who), pace="daily", topics=frozenset())
    assert tomorrow(world) == {}


@pytest.mark.parametrize("is_theirs", [True, False])
def test_what_is_private_comes_in_a_digest_as_long_as_they_may_read_it(world: World, is_theirs: bool) -> None:
    world.settings.organisation.write_text(ORGANISED.replace(", public: true", ""))
    chose(world, person(world, "daily@example.net"), pace="daily")
    told_all(world, notes="Secret. " + "More words. " * 80 + "THE VERY END.")
    if not is_theirs:
        person(world, "daily@example.net", plan_="free")
    found = tomorrow(world)
    assert list(found) == ["daily@example.net"] * is_theirs
    assert not is_theirs or ("Secret." in found["daily@example.net"], "VERY END" in found["daily@example.net"]) == (
        True,
        False,
    )


def test_what_was_corrected_comes_in_a_digest_as_it_is_now(world: World) -> None:
    chose(world, person(world, "daily@example.net"), pace="daily")
    told_all(world)
    said = Rendered(channel="feed", subject="Acme 2.4.0", text="The price is **20**.")
    correct(world, RUN.launch_id, "tell", "correction/1", said)
    assert "The price is 20." in tomorrow(world)["daily@example.net"]


def test_what_was_recalled_comes_in_no_digest(world: World) -> None:
    chose(world, person(world, "daily@example.net"), pace="daily")
    told_all(world)
    recall(world, RUN.launch_id, "tell", "not for sale")
    assert tomorrow(world, 2) == {}


def test_an_announcement_of_which_all_hear_in_digests_is_published(world: World) -> None:
    chose(world, person(world, "daily@example.net"), pace="daily")
    world.now.wait(timedelta(hours=1))  # type: ignore[attr-defined]
    launched(world)
    plan(world, RUN)
    drain(world, RUN)
    assert mailed(world) == {}
    assert tally(world, RUN)[:2] == (True, "1 of 1 handed over")
    assert list(tomorrow(world)) == ["daily@example.net"]


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

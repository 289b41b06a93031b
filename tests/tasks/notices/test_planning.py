"""Who is written to, how, and from when on: written down before the record says so, and never twice."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from checklists.commands import Actor, Ask, Command, Complete, Reschedule
from checklists.dates import Calendar
from checklists.decide import Refusal
from checklists.due import Record, due
from checklists.entries import Asked, Reminded
from checklists.errors import Unreachable
from checklists.launch import Launch
from checklists.reminders import Notice
from ledger.deliveries import Delivery
from tasks.act import act, begin
from tasks.advance import advance, record
from tasks.notices.planning import plan_notices
from tests.checklists.launches import BEN, DAN, EVE, FAY, sign, start
from tests.tasks.notices.organised import say_more
from tests.tasks.worlds import Place

TRAINING_DUE = datetime(2026, 11, 27, 17, 0, tzinfo=UTC)  # a Friday, when nobody works any more


def planned(at: Place, item: str = "") -> set[tuple[str, str]]:
    """Who is told what, of one item or of all."""
    rows = [row for row in at.ledger.notices.of("acme-2.4.0") if item in ("", row.item)]
    assert len(rows) == len({(row.item, row.recipient, row.channel, row.purpose) for row in rows})
    return {(row.recipient.partition("@")[0], row.purpose) for row in rows}


def then(at: Place, *commands: Command) -> Launch:
    for command in commands:
        assert not isinstance(act(at.world, "acme-2.4.0", command), Refusal)
    return advance(at.world, "acme-2.4.0")


def row(at: Place, purpose: str) -> Delivery:
    return next(one for one in at.ledger.notices.of("acme-2.4.0") if one.purpose == purpose)


def test_everybody_who_is_asked_gets_a_mail_at_once(at: Place) -> None:
    at.begun()
    assert planned(at, "qa") == {(who, "ask/1/1") for who in ("ada", "ben", "cat")}
    assert planned(at, "guide") == {("dan", "ask/1/1")}
    assert {one.not_before for one in at.ledger.notices.of("acme-2.4.0")} == {None}
    assert at.launch("acme-2.4.0").items["qa"].asked == ("ada@example.com", "ben@example.com", "cat@example.com")


def test_slack_comes_beside_the_mail_for_those_who_read_it(at: Place) -> None:
    say_more(at, BEN.email, "slack-env: BEN_SLACK")
    at.begun()
    channels = [(one.recipient, one.channel) for one in at.ledger.notices.of("acme-2.4.0") if one.item == "qa"]
    assert sorted(channels) == [
        ("ada@example.com", "email"),
        ("ben@example.com", "email"),
        ("ben@example.com", "slack"),
        ("cat@example.com", "email"),
    ]


def test_advancing_again_plans_nothing_again(at: Place) -> None:
    launch = at.begun()
    before = at.ledger.notices.of(launch.id)
    for _ in range(3):
        advance(at.world, launch.id)
    assert at.ledger.notices.of(launch.id) == before


def test_everybody_advancing_at_once_asks_once(at: Place) -> None:
    begin(at.world, start())
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda _: advance(at.world, "acme-2.4.0"), range(16)))
    asked = [entry.data.item for entry in at.ledger.read("acme-2.4.0") if isinstance(entry.data, Asked)]
    assert sorted(asked) == ["docs", "guide", "qa", "training"]
    assert {purpose for _, purpose in planned(at)} == {"ask/1/1"}


def test_people_are_asked_though_prefect_is_away(at: Place) -> None:
    begin(at.world, start())
    at.board.is_reachable = False
    with pytest.raises(Unreachable):
        advance(at.world, "acme-2.4.0")
    assert at.launch("acme-2.4.0").items["qa"].mailing == 1
    assert planned(at, "docs") == {("dan", "ask/1/1")}


def test_a_crash_after_planning_plans_the_same_again(at: Place) -> None:
    begin(at.world, start())
    launch = at.launch("acme-2.4.0")
    opened = record(at.world, launch, [step.data for step in due(launch, at.clock()) if isinstance(step, Record)])
    steps = [step for step in due(opened, at.clock()) if isinstance(step, Notice)]
    plan_notices(at.world, opened, steps)  # and dies before the record says so
    before = planned(at)
    launch = advance(at.world, opened.id)
    assert planned(at) == before
    assert launch.items["qa"].mailing == 1


def test_changes_are_told_to_all_who_sign_and_to_whom_they_concern(at: Place) -> None:
    at.begun()
    then(at, sign(DAN, "docs", "request-changes", "the price is missing"))
    assert planned(at, "docs") == {("dan", "ask/1/1"), ("dan", "changes/2/1"), ("eve", "changes/2/1")}
    assert at.launch("acme-2.4.0").items["docs"].asked == (DAN.email,)


def test_what_failed_asks_those_who_decide(at: Place) -> None:
    at.begun()
    then(at, sign(FAY, "training", "reject", "no slides"))
    assert planned(at, "training") == {("fay", "ask/1/1"), ("eve", "ask/1/2")}


def test_asked_again_goes_to_whom_it_was_said(at: Place) -> None:
    at.begun()
    launch = then(at, Ask(by=EVE, item="qa", people=(BEN.email,)))
    assert {who for who, purpose in planned(at, "qa") if purpose == "ask/1/2"} == {"ben"}
    assert (launch.items["qa"].mailing, launch.items["qa"].ask_again) == (2, None)
    then(at, Ask(by=EVE, item="qa"))
    assert {who for who, purpose in planned(at, "qa") if purpose == "ask/1/3"} == {"ada", "ben", "cat"}


def test_reminders_wait_for_the_working_hours_of_each(at: Place) -> None:
    say_more(at, FAY.email, "timezone: America/New_York, hours: '08:30-16:00'")
    at.begun()
    at.clock.at = TRAINING_DUE
    launch = advance(at.world, "acme-2.4.0")
    found = row(at, "remind/1/due/2026-11-27")
    assert (found.recipient, found.not_before) == (FAY.email, TRAINING_DUE)  # noon in New York
    assert launch.items["training"].reminded == {"before", "due"}
    assert not [one for one in at.ledger.notices.of(launch.id) if "before" in one.purpose]
    facts = [entry.data for entry in at.ledger.read(launch.id) if isinstance(entry.data, Reminded)]
    assert [(fact.step, fact.people) for fact in facts] == [("before", ()), ("due", (FAY.email,))]


def test_nobody_is_reminded_at_a_weekend_or_on_a_holiday(at: Place) -> None:
    say_more(at, "acme", "timezone: Europe/Berlin, holidays: [2026-11-30]")
    at.begun()
    at.clock.at = TRAINING_DUE
    advance(at.world, "acme-2.4.0")
    assert row(at, "remind/1/due/2026-11-27").not_before == datetime(2026, 12, 1, 8, 0, tzinfo=UTC)


def test_after_a_rescheduling_people_are_reminded_of_the_new_date(at: Place) -> None:
    at.begun()
    at.clock.at = TRAINING_DUE
    advance(at.world, "acme-2.4.0")
    then(at, Reschedule(by=EVE, launch_on=date(2026, 12, 8), calendar=Calendar()))
    at.clock.wait(timedelta(days=7))
    advance(at.world, "acme-2.4.0")
    purposes = {purpose for who, purpose in planned(at, "training") if purpose.startswith("remind")}
    assert purposes == {"remind/1/due/2026-11-27", "remind/1/due/2026-12-04"}


def test_nobody_is_reminded_of_what_they_have_done(at: Place) -> None:
    at.begun()
    then(at, sign(FAY, "training"), Complete(by=DAN, item="guide"))
    at.clock.at = TRAINING_DUE
    advance(at.world, "acme-2.4.0")
    assert not [one for one in planned(at) if one[1].startswith("remind")]


def test_a_stranger_who_started_it_is_not_written_to(at: Place) -> None:
    begin(at.world, replace(start(), by=Actor("release-bot", "release-bot")))
    advance(at.world, "acme-2.4.0")
    then(at, sign(DAN, "docs", "request-changes", "the price is missing"))
    assert planned(at, "docs") == {("dan", "ask/1/1"), ("dan", "changes/2/1")}

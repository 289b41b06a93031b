"""What people say about hearing from us: honoured at once, and twice is the same as once."""

from __future__ import annotations

from datetime import timedelta

import pytest

from ledger.newcomers import Newcomer
from ledger.store import Ledger
from ledger.subscribers import Subscriber
from ledger.wishes import Preferences
from tests.ledger.examples import NOON

ADDRESS = "ada@example.com"


@pytest.fixture
def ada(ledger: Ledger) -> Subscriber:
    topics = frozenset({"acme", "sdk"})
    ledger.newcomers.add([Newcomer(ADDRESS, state="confirmed", topics=topics)], "import", "a.csv", NOON)
    return now(ledger)


def now(ledger: Ledger) -> Subscriber:
    found = ledger.subscribers.find(ADDRESS)
    assert found is not None
    return found


def said(ledger: Ledger) -> list[str]:
    return [one.what for one in ledger.wishes.consents(now(ledger).id)][1:]


def test_unsubscribing_from_all_is_known_at_once_and_once(ledger: Ledger, ada: Subscriber) -> None:
    assert ledger.wishes.unsubscribe(ada.id, "one-click", "203.0.113.9", NOON)
    assert not ledger.wishes.unsubscribe(ada.id, "one-click", "203.0.113.9", NOON)
    assert said(ledger) == ["unsubscribed"]
    for who in (ada.id, ADDRESS, ADDRESS.upper()):
        assert ledger.subscribers.opted_out([who], ["acme"], NOON) == {who: "unsubscribed"}


def test_unsubscribing_from_one_leaves_the_others(ledger: Ledger, ada: Subscriber) -> None:
    assert ledger.wishes.unsubscribe(ada.id, "one-click", "", NOON, ["acme"])
    assert not ledger.wishes.unsubscribe(ada.id, "one-click", "", NOON, ["acme"])
    assert ledger.subscribers.opted_out([ada.id], ["acme"], NOON) == {ada.id: "topic"}
    assert ledger.subscribers.opted_out([ada.id], ["sdk"], NOON) == {}
    assert ledger.subscribers.opted_out([ada.id], ["acme", "sdk"], NOON) == {}
    assert ledger.subscribers.opted_out([ada.id], [], NOON) == {}


def test_a_topic_one_never_had_can_be_refused(ledger: Ledger, ada: Subscriber) -> None:
    assert ledger.subscribers.opted_out([ada.id], ["sso"], NOON) == {}
    assert ledger.wishes.unsubscribe(ada.id, "one-click", "", NOON, ["sso"])
    assert ledger.subscribers.opted_out([ada.id], ["sso"], NOON) == {ada.id: "topic"}


def test_what_was_said_of_a_topic_is_written_down_whole(ledger: Ledger, ada: Subscriber) -> None:
    topics = ["roadmap-single-sign-on", "roadmap-single-sign-off"]
    ledger.wishes.unsubscribe(ada.id, "one-click", "", NOON, topics)
    assert {one.what for one in ledger.wishes.consents(ada.id)} >= {f"no:{topic}" for topic in topics}


def test_strangers_have_not_opted_out_and_are_told_apart(ledger: Ledger, ada: Subscriber) -> None:
    many = [f"p{number}@example.com" for number in range(2_100)]
    ledger.wishes.bounced("P7@example.com", "550 no such user", "sendgrid", NOON)
    assert ledger.subscribers.opted_out([*many, "0" * 32, ada.id], [], NOON) == {"p7@example.com": "bounced"}


def test_what_a_role_asks_for_is_only_kept_back_from_dead_addresses(ledger: Ledger, ada: Subscriber) -> None:
    ledger.wishes.unsubscribe(ada.id, "page", "", NOON)
    assert ledger.subscribers.opted_out([ada.id], [], NOON, required=True) == {}
    ledger.wishes.complained(ADDRESS, "", "sendgrid", NOON)
    assert ledger.subscribers.opted_out([ada.id], [], NOON, required=True) == {ada.id: "blocked"}


def test_a_pause_holds_until_its_end(ledger: Ledger, ada: Subscriber) -> None:
    wanted = Preferences(
        ada.topics, ada.topics, frozenset(), ada.channels, "immediate", "", "", NOON + timedelta(days=7)
    )
    assert ledger.wishes.prefer(ada.id, wanted, "page", "", NOON)
    assert not ledger.wishes.prefer(ada.id, wanted, "page", "", NOON)
    assert ledger.subscribers.opted_out([ada.id], [], NOON + timedelta(days=6)) == {ada.id: "paused"}
    assert ledger.subscribers.opted_out([ada.id], [], NOON + timedelta(days=7)) == {}


def test_when_somebody_reads_digests_is_known(ledger: Ledger, ada: Subscriber) -> None:
    day = timedelta(days=1)
    for at, pace, expected in (
        (0 * day, "daily", (0 * day, None)),
        (1 * day, "weekly", (0 * day, None)),
        (3 * day, "immediate", (0 * day, 3 * day)),
        (3.5 * day, "weekly", (0 * day, None)),  # what was kept back for one may not have left yet
        (4 * day, "immediate", (0 * day, 4 * day)),
        (9 * day, "daily", (9 * day, None)),
    ):
        wanted = Preferences(ada.topics, ada.topics, frozenset(), ada.channels, pace, "", "", None)  # type: ignore[arg-type]
        ledger.wishes.prefer(ada.id, wanted, "page", "", NOON + at)
        found = now(ledger)
        assert (found.digests_from, found.digests_until) == tuple(
            NOON + one if one is not None else None for one in expected
        )
        readers = ledger.subscribers.digest_readers(NOON + 4 * day)
        assert [one.id for one in readers] == [ada.id] * (pace != "immediate" or at >= 4 * day)


def test_topics_that_were_not_offered_stay_as_they_are(ledger: Ledger, ada: Subscriber) -> None:
    offered = frozenset({"acme", "sso", "new"})
    fixes, mail = frozenset({"fix"}), frozenset({"email"})
    wanted = Preferences(frozenset({"sso"}), offered, fixes, mail, "weekly", "de", "", None)
    assert ledger.wishes.prefer(ada.id, wanted, "page", "", NOON)
    found = now(ledger)
    assert found.topics == {"sdk", "sso"}
    assert found.refused == {"acme"}
    assert found.change_types == fixes
    assert found.channels == mail
    assert (found.pace, found.locale) == ("weekly", "de")
    assert not ledger.wishes.prefer("nobody", wanted, "page", "", NOON)


def test_a_bounce_does_not_undo_that_somebody_left(ledger: Ledger, ada: Subscriber) -> None:
    ledger.wishes.unsubscribe(ada.id, "page", "", NOON)
    assert not ledger.wishes.bounced(ADDRESS, "550", "sendgrid", NOON)
    assert now(ledger).state == "unsubscribed"


def test_a_complaint_ends_everything_and_nothing_undoes_it(ledger: Ledger, ada: Subscriber) -> None:
    assert ledger.wishes.complained("ADA@example.com", "spam", "sendgrid", NOON)
    assert not ledger.wishes.complained(ADDRESS, "spam", "sendgrid", NOON)
    assert not ledger.wishes.confirm(ada.id, "link", "", NOON)
    assert not ledger.wishes.unsubscribe(ada.id, "page", "", NOON)
    assert (now(ledger).state, said(ledger)) == ("blocked", ["blocked"])


def test_who_left_comes_back_by_their_own_confirmation_only(ledger: Ledger, ada: Subscriber) -> None:
    ledger.wishes.unsubscribe(ada.id, "page", "", NOON)
    assert ledger.wishes.confirm(ada.id, "link", "", NOON)
    assert now(ledger) == ada
    assert said(ledger) == ["unsubscribed", "confirmed"]


def test_an_address_nobody_knew_is_remembered_with_what_befell_it(ledger: Ledger) -> None:
    assert ledger.wishes.bounced("new@example.com", "550 no such user\n", "sendgrid", NOON)
    assert not ledger.wishes.bounced("NEW@example.com", "550", "sendgrid", NOON)
    assert ledger.newcomers.add([Newcomer("new@example.com", state="confirmed")], "import", "", NOON)["left"] == 1


def test_forgetting_leaves_nothing_of_them(ledger: Ledger, ada: Subscriber) -> None:
    assert ledger.wishes.forget(ada.id, NOON)
    assert ledger.wishes.consents(ada.id) == ()
    assert ledger.subscribers.opted_out([ada.id, ADDRESS], [], NOON) == {ada.id: "blocked", ADDRESS: "blocked"}
    assert not ledger.wishes.bounced(ADDRESS, "550", "sendgrid", NOON)

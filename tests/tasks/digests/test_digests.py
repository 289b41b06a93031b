"""Digests from planning to the letter, with a real ledger and the outbox."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from email.message import EmailMessage
from email.parser import BytesParser
from email.policy import default
from functools import partial
from itertools import count
from pathlib import Path
from typing import Any

import pytest
from pydantic import SecretStr

from checklists.subscriber import Pace, Subscriber
from ledger.batches import Of
from ledger.deliveries import ANNOUNCEMENT
from ledger.newcomers import Newcomer
from ledger.planning import Recipient
from ledger.publication import Words
from ledger.wishes import Preferences
from tasks.audiences.addresses import read_unsubscribe
from tasks.audiences.signing_up import sign_up
from tasks.digests.planning import plan_digests
from tasks.notices import office
from tasks.notices.delivering import deliver_notices
from tasks.notices.letters import compose
from tasks.world import World
from templates.render import Rendered
from tests.peers.sendgrid import KEY, SendGridPeer
from tests.peers.smtp import smtp_peer
from tests.tasks.channel import NOW, Draft, channel_world, put

NEXT_DAY = timedelta(days=1)
NEXT_MORNING = NOW + NEXT_DAY + timedelta(minutes=30)
READER = "reader@example.net"


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    made = channel_world(tmp_path / "home")
    wait(made, timedelta(hours=1))  # what is published at nine is in the digest of that day
    yield made
    made.ledger.dispose()


def reader(
    world: World,
    address: str = READER,
    pace: Pace = "daily",
    zone: str = "UTC",
    topics: tuple[str, ...] = ("acme",),
    locale: str = "",
) -> Subscriber:
    new = Newcomer(address, timezone=zone, topics=frozenset(topics), state="confirmed", locale=locale)
    world.ledger.newcomers.add([new], "import", "a list", world.now())
    who = world.ledger.subscribers.find(address)
    assert who is not None
    prefer(world, who, pace)
    return who


def prefer(world: World, who: Subscriber, pace: Pace, paused_until: datetime | None = None) -> None:
    chosen = who.topics, who.topics, who.change_types, who.channels
    wanted = Preferences(*chosen, pace, who.locale, who.timezone, paused_until)
    world.ledger.wishes.prefer(who.id, wanted, "preferences", "page", world.now())


def wait(world: World, time: timedelta) -> None:
    world.now.wait(time)  # type: ignore[attr-defined]


def mails(world: World) -> list[EmailMessage]:
    files = sorted(world.settings.outbox.glob("*.eml"), key=lambda file: file.stat().st_mtime_ns)
    return [BytesParser(policy=default).parsebytes(file.read_bytes()) for file in files]


def text(mail: EmailMessage) -> str:
    body = mail.get_body(("plain",))
    assert body is not None
    return str(body.get_content())


def go(world: World) -> int:
    planned = plan_digests(world)
    deliver_notices(world)
    return planned


def test_a_days_changes_come_in_one_mail_in_the_morning(world: World) -> None:
    reader(world)
    put(world, Draft("2.4.0", topics=("exports",), title="Faster exports"))
    wait(world, timedelta(hours=1))
    put(world, Draft("2.4.1", topics=("exports",), title="Exports as CSV"))
    put(world, Draft("1.0.0", product="acme-sdk", title="Nothing they follow"))
    assert (go(world), mails(world)) == (0, [])
    world.now.at = NEXT_MORNING  # type: ignore[attr-defined]
    assert go(world) == 1
    (mail,) = mails(world)
    assert (mail["To"], mail["Subject"]) == (READER, "2 changes in Acme")
    said = text(mail)
    assert said.index("Exports as CSV") < said.index("Faster exports")
    assert f"{world.settings.public_url}/changes/acme-2.4.0" in said.split()
    assert f"{world.settings.public_url}/changes" in said.split()
    assert "Nothing they follow" not in said
    assert mail["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    leaving = read_unsubscribe(world, str(mail["List-Unsubscribe"]).strip("<>").rpartition("/")[2])
    assert leaving is not None
    assert (leaving.who.address if leaving.who else "", leaving.topics) == (READER, frozenset())
    assert f"{world.settings.public_url}/subscriptions/" in said


@pytest.mark.parametrize(
    ("locale", "subject", "title", "says", "gets"),
    [
        ("de-AT", "2 Neuigkeiten zu Acme", "Schnellere Exporte", "Einstellungen ändern oder abmelden", "de"),
        ("fr", "2 nouveautés dans Acme", "Faster exports", "Modifier ce choix ou se désabonner :", "fr"),
        ("ja", "2 changes in Acme", "Faster exports", "Change that, or unsubscribe:", "en"),
    ],
)
def test_a_digest_is_in_its_readers_language(
    world: World, locale: str, subject: str, title: str, says: str, gets: str
) -> None:
    """What it gathers is, where somebody wrote it."""
    file = world.settings.organisation
    file.write_text(f"languages: [en, de, fr]\n{file.read_text()}")
    reader(world, locale=locale)
    german = Words("Schnellere Exporte", "Exporte sind schneller.")
    put(world, Draft("2.4.0", title="Faster exports", variants=(("de", german),)))
    put(world, Draft("2.4.1"))
    world.now.at = NEXT_MORNING  # type: ignore[attr-defined]
    assert go(world) == 1
    (mail,) = mails(world)
    assert mail["Subject"] == subject
    assert (title in text(mail), says in text(mail).replace("\u00a0", " ")) == (True, True)
    html = mail.get_body(("html",))
    assert html is not None
    assert f'<html lang="{gets}"' in html.get_content()
    assert f"{world.settings.public_url}/changes/acme-2.4.0?lang={gets}" in text(mail).split()
    assert f"{world.settings.public_url}/changes?lang={gets}" in text(mail).split()
    assert ('lang="en"' in html.get_content()) is (gets != "ja")


def test_twice_is_once_and_nothing_new_is_no_mail(world: World) -> None:
    reader(world)
    put(world, Draft("2.4.0"))
    world.now.at = NEXT_MORNING  # type: ignore[attr-defined]
    assert [go(world) for _ in range(3)] == [1, 0, 0]
    for _ in range(20):
        wait(world, timedelta(hours=6))
        assert go(world) == 0
    assert len(mails(world)) == 1


def test_a_process_that_dies_after_planning_sends_the_same_digest_later(world: World) -> None:
    reader(world)
    put(world, Draft("2.4.0"))
    world.now.at = NEXT_MORNING  # type: ignore[attr-defined]
    assert plan_digests(world) == 1
    wait(world, timedelta(hours=1))
    put(world, Draft("2.5.0", title="Too late for it"))
    assert go(world) == 0
    (mail,) = mails(world)
    assert "Too late for it" not in text(mail)
    wait(world, NEXT_DAY)
    assert go(world) == 1
    assert "Too late for it" in text(mails(world)[-1])


@pytest.mark.parametrize("mailed_to", [READER, "Reader@Example.NET"])
def test_what_was_mailed_to_them_is_not_told_again(world: World, mailed_to: str) -> None:
    reader(world)
    told = put(world, Draft("2.4.0", title="They know that"))
    world.ledger.planning.plan(
        Of(told.launch_id, told.item, "email", ANNOUNCEMENT), 1, [Recipient(mailed_to)], world.now()
    )
    world.now.at = NEXT_MORNING  # type: ignore[attr-defined]
    assert go(world) == 0
    put(world, Draft("2.5.0"))
    wait(world, NEXT_DAY)
    assert go(world) == 1
    assert "They know that" not in text(mails(world)[0])


def test_an_outage_of_days_loses_nothing(world: World) -> None:
    reader(world)
    put(world, Draft("2.4.0"))
    world.now.at = NEXT_MORNING  # type: ignore[attr-defined]
    go(world)
    put(world, Draft("2.5.0", title="Said while we were away"))
    wait(world, timedelta(days=4))
    assert go(world) == 1
    assert "Said while we were away" in text(mails(world)[-1])


def hours(world: World, count: int) -> int:
    """How many digests are planned while the flow runs every hour."""
    planned = 0
    for _ in range(count):
        wait(world, timedelta(hours=1))
        planned += go(world)
    return planned


def test_an_outage_loses_nothing_for_who_never_had_a_digest(world: World) -> None:
    reader(world)
    put(world, Draft("2.4.0", title="Said before we were away"))
    wait(world, 2 * NEXT_DAY)
    assert go(world) == 1
    assert "Said before we were away" in text(mails(world)[0])


def test_a_pause_loses_nothing_for_who_never_had_a_digest(world: World) -> None:
    prefer(world, reader(world), "daily", paused_until=world.now() + 3 * NEXT_DAY)
    put(world, Draft("2.4.0", title="Said in the pause"))
    assert hours(world, 24 * 8) == 1
    assert "Said in the pause" in text(mails(world)[0])


def test_nobody_is_told_what_came_before_they_chose_digests(world: World) -> None:
    put(world, Draft("2.4.0", title="Before they came"))
    wait(world, timedelta(hours=1))
    reader(world)
    assert hours(world, 24 * 3) == 0


def test_without_a_postal_address_changes_wait_for_one(tmp_path: Path) -> None:
    with smtp_peer() as peer:
        world = channel_world(tmp_path / "home", smtp_url=SecretStr(f"smtp://127.0.0.1:{peer.port}"))
        wait(world, timedelta(hours=1))
        reader(world)
        put(world, Draft("2.4.0", title="Said without an address"))
        assert hours(world, 24 * 3) == 0
        world = replace(world, settings=world.settings.model_copy(update={"postal_address": "1 Example Street"}))
        assert hours(world, 24) == 1
        assert "Said without an address" in text(peer.mails[0])
    world.ledger.dispose()


@pytest.mark.parametrize("pace", ["daily", "weekly"])
def test_who_hears_at_once_from_now_on_gets_what_was_kept_back(world: World, pace: Pace) -> None:
    who = reader(world, pace=pace)
    put(world, Draft("2.4.0", title="Kept back"))
    wait(world, timedelta(hours=2))
    prefer(world, who, "immediate")
    wait(world, timedelta(hours=1))
    put(world, Draft("2.5.0", title="Told at once"))
    assert hours(world, 24 * 14) == 1
    (mail,) = mails(world)
    assert ("Kept back" in text(mail), "Told at once" in text(mail)) == (True, False)
    assert "From now on you hear about news at once" in " ".join(text(mail).split())


def test_who_hears_at_once_gets_no_last_digest_where_there_is_nothing_in_it(world: World) -> None:
    prefer(world, reader(world), "immediate")
    wait(world, timedelta(hours=1))
    put(world, Draft("2.4.0"))
    assert hours(world, 24 * 3) == 0


def test_who_changes_their_mind_twice_loses_nothing(world: World) -> None:
    who = reader(world, pace="weekly")
    put(world, Draft("2.4.0", title="Kept back"))
    again: tuple[Pace, ...] = ("immediate", "weekly")
    for pace in again:
        wait(world, timedelta(hours=1))
        prefer(world, who, pace)
    assert hours(world, 24 * 14) == 1
    assert "Kept back" in text(mails(world)[0])


def test_what_was_in_a_digest_that_was_refused_is_in_the_next_one(tmp_path: Path) -> None:
    with SendGridPeer() as peer:
        given = {"sendgrid_host": peer.host, "postal_address": "Example, 1 Street"}
        world = channel_world(tmp_path / "home", None, sendgrid_api_key=SecretStr(KEY), **given)
        wait(world, timedelta(hours=1))
        reader(world)
        put(world, Draft("2.4.0", title="Day one"))
        world.now.at = NEXT_MORNING  # type: ignore[attr-defined]
        peer.answer("forbidden")
        hours(world, 9)
        assert [row.state for row in world.ledger.notices.of("digest")] == ["rejected"]
        peer.answer("accept")
        put(world, Draft("2.5.0", title="Day two"))
        assert hours(world, 4 * 24) == 1
        (mail,) = peer.mails
        assert ("Day one" in mail["text/plain"], "Day two" in mail["text/plain"]) == (True, True)
    world.ledger.dispose()


def test_what_may_have_arrived_is_in_no_other_digest(tmp_path: Path) -> None:
    with SendGridPeer() as peer:
        given = {"sendgrid_host": peer.host, "postal_address": "Example, 1 Street"}
        world = channel_world(tmp_path / "home", None, sendgrid_api_key=SecretStr(KEY), **given)
        wait(world, timedelta(hours=1))
        reader(world)
        put(world, Draft("2.4.0", title="Day one"))
        world.now.at = NEXT_MORNING  # type: ignore[attr-defined]
        peer.answer("drop")
        go(world)
        assert [row.state for row in world.ledger.notices.of("digest")] == ["unknown"]
        peer.answer("accept")
        put(world, Draft("2.5.0", title="Day two"))
        assert hours(world, 4 * 24) == 1
        assert "Day one" not in peer.mails[-1]["text/plain"]
    world.ledger.dispose()


@pytest.mark.parametrize("is_news", [True, False])
def test_who_paused_when_their_digest_was_to_leave_gets_it_afterwards(world: World, is_news: bool) -> None:
    who = reader(world)
    put(world, Draft("2.4.0", title="Day one"))
    world.now.at = NEXT_MORNING  # type: ignore[attr-defined]
    assert plan_digests(world) == 1
    prefer(world, who, "daily", paused_until=world.now() + timedelta(days=3))
    deliver_notices(world)
    if is_news:
        put(world, Draft("2.5.0", title="Day two"))
    assert hours(world, 24 * 6) == 1
    (mail,) = mails(world)
    assert ("Day one" in text(mail), "Day two" in text(mail)) == (True, is_news)


def test_a_week_comes_on_monday_where_they_are(world: World) -> None:
    reader(world, pace="weekly", zone="America/New_York")
    put(world, Draft("2.4.0"))  # on a Tuesday
    sent: list[datetime] = []
    for _ in range(24 * 8):
        wait(world, timedelta(hours=1))
        sent += [world.now()] if go(world) else []
    assert [f"{moment:%A %H}" for moment in sent] == ["Monday 15"]
    assert mails(world)[0]["Subject"] == "Acme 2.4.0"


def test_who_left_or_paused_since_gets_none(world: World) -> None:
    left, paused = reader(world), reader(world, "other@example.net")
    put(world, Draft("2.4.0"))
    world.now.at = NEXT_MORNING  # type: ignore[attr-defined]
    assert plan_digests(world) == 2
    world.ledger.wishes.unsubscribe(left.id, "mail", "one click", world.now())
    prefer(world, paused, "daily", paused_until=world.now() + timedelta(days=3))
    deliver_notices(world)
    assert mails(world) == []
    rows = world.ledger.notices.of("digest")
    assert {row.state for row in rows} == {"suppressed"}


def test_what_was_withdrawn_since_is_left_out(world: World) -> None:
    reader(world)
    made = put(world, Draft("2.4.0"))
    world.now.at = NEXT_MORNING  # type: ignore[attr-defined]
    assert plan_digests(world) == 1
    world.ledger.publications.recall(made.id, "", world.now())
    deliver_notices(world)
    assert mails(world) == []


def second_of_two(deed: Callable[[], object]) -> Callable[..., Rendered]:
    """Writes letters, and does this in the moment in which the second one is written."""
    written = count(1)

    def composed(*given: Any) -> Rendered:
        if next(written) == 2:
            deed()
        return compose(*given)

    return composed


@pytest.mark.parametrize("by_mail", [True, False])
@pytest.mark.parametrize("deed", ["recall", "unsubscribe"])
def test_what_happens_while_others_are_sent_counts(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, deed: str, by_mail: bool
) -> None:
    with smtp_peer() as peer:
        url = SecretStr(f"smtp://127.0.0.1:{peer.port}") if by_mail else None
        world = channel_world(tmp_path / "home", smtp_url=url, postal_address="Example, 1 Example Street")
        wait(world, timedelta(hours=1))
        reader(world)
        second = reader(world, "zoe@example.net")
        made = put(world, Draft("2.4.0", title="Secret price"))
        world.now.at = NEXT_MORNING  # type: ignore[attr-defined]
        deeds: dict[str, Callable[[], object]] = {
            "recall": partial(world.ledger.publications.recall, made.id, "", world.now()),
            "unsubscribe": partial(world.ledger.wishes.unsubscribe, second.id, "one-click", "a mail", world.now()),
        }
        monkeypatch.setattr(office, "compose", second_of_two(deeds[deed]))
        assert go(world) == 2
        left = peer.mails if by_mail else mails(world)
        assert second.address not in {str(mail["To"]) for mail in left}
        assert all(mail["Subject"] == "Secret price" for mail in left)
        assert len(left) == int(by_mail or deed == "unsubscribe")
        assert {row.recipient: row.state for row in world.ledger.notices.of("digest")}[second.address] == "suppressed"
    world.ledger.dispose()


def turn(world: World, *, is_on: bool) -> None:
    world.ledger.switches.turn("ada@example.com", "command", "an incident", world.now(), is_on=is_on)


def test_what_was_planned_before_all_sending_was_stopped_leaves_once_it_goes_on(world: World) -> None:
    reader(world)
    put(world, Draft("2.4.0"))
    world.now.at = NEXT_MORNING  # type: ignore[attr-defined]
    assert plan_digests(world) == 1
    turn(world, is_on=False)
    for _ in range(3):
        deliver_notices(world)
        wait(world, timedelta(minutes=5))
    assert (mails(world), [row.state for row in world.ledger.notices.of("digest")]) == ([], ["planned"])
    turn(world, is_on=True)
    for _ in range(3):
        go(world)
        wait(world, timedelta(minutes=5))
    assert len(mails(world)) == 1


def test_who_had_none_for_days_gets_one_with_all_of_it_and_by_day(world: World) -> None:
    reader(world)
    turn(world, is_on=False)
    for number in range(3):
        put(world, Draft(f"2.{number}.0", title=f"Of day {number}"))
        assert hours(world, 24) == 1
    turn(world, is_on=True)
    world.now.at = world.now().replace(hour=2, minute=0)  # type: ignore[attr-defined]
    deliver_notices(world)
    assert mails(world) == []
    hours(world, 12)
    (mail,) = mails(world)
    assert [f"Of day {number}" in text(mail) for number in range(3)] == [True] * 3
    assert sorted(row.state for row in world.ledger.notices.of("digest")) == ["accepted", "suppressed", "suppressed"]
    assert hours(world, 48) == 0


@pytest.mark.parametrize("plans_first", [True, False])
@pytest.mark.parametrize("is_news", [True, False])
def test_what_could_not_leave_by_day_is_in_the_digest_of_the_next_one(
    world: World, is_news: bool, plans_first: bool
) -> None:
    reader(world, zone="Europe/Berlin")
    put(world, Draft("2.4.0", title="Day one"))
    world.now.at = NEXT_MORNING  # type: ignore[attr-defined]
    assert plan_digests(world) == 1
    world.now.at = NEXT_MORNING.replace(hour=19, minute=0)  # type: ignore[attr-defined]  # 20:00 in Berlin
    if is_news:
        put(world, Draft("2.5.0", title="Day two"))
    for _ in range(26):
        deliver_notices(world)
        wait(world, timedelta(minutes=30))
    assert mails(world) == []
    if not plans_first:
        wait(world, timedelta(hours=2))
        deliver_notices(world)
        assert mails(world) == []
    hours(world, 3)
    (mail,) = mails(world)
    assert ("Day one" in text(mail), "Day two" in text(mail)) == (True, is_news)


def test_a_digest_that_is_being_written_is_told_by_no_newer_one(world: World) -> None:
    """Nor is it lost where it comes back, though a newer one has left."""
    reader(world)
    put(world, Draft("2.4.0", title="Day one"))
    world.now.at = NEXT_MORNING  # type: ignore[attr-defined]
    assert plan_digests(world) == 1
    (old,) = world.ledger.notices.claim("another process", world.now(), 2 * NEXT_DAY)
    assert world.ledger.notices.writing([old.id], "another process", world.now())
    put(world, Draft("2.5.0", title="Day two"))
    assert hours(world, 24) == 1
    assert ["Day one" in text(mail) for mail in mails(world)] == [False]
    world.ledger.notices.settle([old.id], "another process", "planned", world.now())
    deliver_notices(world)
    assert len(mails(world)) == 1
    assert hours(world, 24) == 1
    assert ["Day one" in text(mail) for mail in mails(world)] == [False, True]


def test_a_digest_is_not_written_any_more_once_there_is_a_newer_one(world: World) -> None:
    reader(world)
    put(world, Draft("2.4.0", title="Day one"))
    world.now.at = NEXT_MORNING  # type: ignore[attr-defined]
    assert plan_digests(world) == 1
    (old,) = world.ledger.notices.claim("another process", world.now(), 2 * NEXT_DAY)
    assert hours(world, 24) == 1
    assert ["Day one" in text(mail) for mail in mails(world)] == [True]
    assert not world.ledger.notices.writing([old.id], "another process", world.now())


@pytest.mark.parametrize("to_sendgrid", [True, False])
def test_the_switch_counts_in_the_last_moment_before_a_digest_is_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, to_sendgrid: bool
) -> None:
    def composed(*given: Any) -> Rendered:
        turn(world, is_on=False)
        return compose(*given)

    def left() -> int:
        return len(peer.received if to_sendgrid else mails(world))

    with SendGridPeer() as peer:
        key = SecretStr(KEY) if to_sendgrid else None
        given = {"sendgrid_host": peer.host, "postal_address": "Example, 1 Street"}
        world = channel_world(tmp_path / "home", None, sendgrid_api_key=key, **given)
        wait(world, timedelta(hours=1))
        reader(world)
        put(world, Draft("2.4.0"))
        world.now.at = NEXT_MORNING  # type: ignore[attr-defined]
        monkeypatch.setattr(office, "compose", composed)
        assert (go(world), left()) == (1, 0)
        assert [row.state for row in world.ledger.notices.of("digest")] == ["planned"]
        monkeypatch.undo()
        turn(world, is_on=True)
        for _ in range(3):
            wait(world, timedelta(minutes=5))
            go(world)
        assert left() == 1
    world.ledger.dispose()


def test_one_whom_the_server_puts_off_keeps_no_other_reader_waiting(tmp_path: Path) -> None:
    with smtp_peer() as peer:
        url = SecretStr(f"smtp://127.0.0.1:{peer.port}")
        world = channel_world(tmp_path / "home", smtp_url=url, postal_address="Example, 1 Example Street")
        wait(world, timedelta(hours=1))
        peer.modes = {"ada@example.net": ["greylisted", "accept"]}
        readers = [reader(world, address).address for address in ("ada@example.net", READER, "zoe@example.net")]
        put(world, Draft("2.4.0"))
        world.now.at = NEXT_MORNING  # type: ignore[attr-defined]
        assert go(world) == 3
        assert [mail["To"] for mail in peer.mails] == readers[1:]
        wait(world, timedelta(minutes=1))
        go(world)
        assert [mail["To"] for mail in peer.mails] == [*readers[1:], readers[0]]
    world.ledger.dispose()


def test_what_is_private_comes_to_its_audience_only_and_as_an_excerpt(world: World) -> None:
    partner = reader(world, "partner@example.net")
    reader(world)
    long = "A secret for partners. " + "More of it. " * 60 + "The very end."
    put(world, Draft("2.4.0", audience="partners", body=long))
    world.now.at = NEXT_MORNING  # type: ignore[attr-defined]
    assert go(world) == 1
    (mail,) = mails(world)
    assert mail["To"] == partner.address
    assert ("A secret for partners" in text(mail), "very end" in text(mail)) == (True, False)
    assert "/changes/of/" in text(mail)


def test_words_come_in_the_readers_language(world: World) -> None:
    who = reader(world)
    prefer(world, replace(who, locale="de"), "daily")
    put(world, Draft("2.4.0", variants=(("de", Words("Schneller", "Exporte sind schneller.")),)))
    world.now.at = NEXT_MORNING  # type: ignore[attr-defined]
    go(world)
    assert "Exporte sind schneller." in text(mails(world)[0])


def saying(world: World, message: str, words: str) -> None:
    folder = world.settings.home / "messages" / message
    folder.mkdir(parents=True)
    (folder / "subject.txt").write_text("News for {{ person.company | otherwise('you') }}")
    (folder / "body.txt").write_text(words)
    (folder / "body.html").write_text(f"<p>{words}</p>")


OWN = "{{ person.company | otherwise('You') }}, {{ person.name | phrase('{name}', 'nobody') }}: {{ person.seats }}, "
OWN += "{{ person.email }}."


def test_a_digest_says_of_each_reader_what_is_known_of_them_and_nothing_of_others(world: World) -> None:
    saying(world, "digest", OWN + " {{ person.preferences }} {{ person.unsubscribe }}")
    known = Newcomer("known@example.net", name="Kim", attributes={"company": "Initech & <Sons>", "seats": 50.0})
    for address in ("known@example.net", READER):
        reader(world, address)
    world.ledger.newcomers.add([known], "import", "a list", world.now())
    put(world, Draft("2.4.0", topics=("exports",), title="{{ 7 * 7 }} \ue000company\ue001"))
    world.now.at = NEXT_MORNING  # type: ignore[attr-defined]
    assert go(world) == 2
    found = {str(mail["To"]): mail for mail in mails(world)}
    said = {to: text(mail).partition(" http")[0] for to, mail in found.items()}
    assert said == {
        "known@example.net": "Initech & <Sons>, Kim: 50, known@example.net.",
        READER: f"You, nobody: , {READER}.",
    }
    assert found[READER]["Subject"] == "News for you"
    assert found["known@example.net"]["Subject"] == "News for Initech & <Sons>"
    html = found["known@example.net"].get_body(("html",))
    assert html is not None
    assert "Initech &amp; &lt;Sons&gt;" in html.get_content()
    for mail in found.values():
        assert f"{world.settings.public_url}/subscriptions/" in text(mail)
        assert str(mail["List-Unsubscribe"]).strip("<>") in text(mail)


def test_the_mail_after_a_sign_up_knows_its_reader_too(world: World) -> None:
    saying(world, "confirm", OWN)
    assert sign_up(world, Newcomer("new@example.net", name="Kim", topics=frozenset({"acme"})), "page")
    deliver_notices(world)
    (mail,) = mails(world)
    assert (mail["Subject"], text(mail).strip()) == ("News for you", "You, Kim: , new@example.net.")

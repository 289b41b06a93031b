"""An announcement before it leaves, and the test somebody sends to themselves."""

from __future__ import annotations

import email
from dataclasses import replace
from datetime import timedelta
from email.message import EmailMessage
from email.policy import default
from pathlib import Path

import pytest

from checklists.commands import TMINUS, Describe
from checklists.decide import Refusal
from checklists.entries import FollowedUp
from checklists.errors import LaunchError
from ledger.newcomers import Newcomer
from tasks.act import act
from tasks.announcements.announcing import tally
from tasks.announcements.previewing import MOST_TO_ONE, as_read, preview, send_test, shown_with
from tasks.audiences.settling import settle
from tasks.observing import observe
from tests.checklists.launches import DAN, sign
from tests.tasks.bound import edit, house, opened
from tests.tasks.newsroom import RUN
from tests.tasks.worlds import Place

FAY = "fay@example.com"
PRO = {"plan": "pro"}


@pytest.fixture
def at(tmp_path: Path) -> Place:
    made = house(tmp_path)
    edit(made, "organisation: Example", "organisation: Example\nlanguages: [en, de, fr]")
    return made


def mails(at: Place) -> list[EmailMessage]:
    files = sorted(at.world.settings.outbox.glob("*.eml"), key=lambda file: file.stat().st_mtime_ns)
    return [email.message_from_bytes(file.read_bytes(), policy=default) for file in files]


def test_it_shows_every_language_and_who_would_hear_it(at: Place) -> None:
    shown = preview(at.world, opened(at), "tell")
    assert shown.as_it_leaves.languages == ("en", "de", "fr")
    assert (shown.reach, shown.by_language, shown.excluded) == (2, {"en": 2, "de": 0, "fr": 0}, {})
    said = [as_read(at.world, shown, "email", locale, "Fay").text for locale in ("en", "de-AT", "fr", "it")]
    assert ["Hello Fay," in said[0], "Guten Tag Fay," in said[1], "Bonjour Fay," in said[2]] == [True] * 3
    assert said[3] == said[0]
    assert not mails(at)


def test_the_languages_add_up_to_those_who_would_hear_it(at: Place) -> None:
    """Whatever they speak, however they came to be meant; who cannot be reached is in none of them."""
    audience = "roles: [support], addresses: [cem@example.net, gone@example.net, kim@example.net]"
    edit(at, "roles: [support], addresses: [cem@example.net]", f"{audience}, rule: {{attributes: {{plan: pro}}}}")
    spoken = ["de-AT", "de-CH", "de", "en-US", "en-GB", "fr-CA", "", *(f"pt-{number}" for number in range(100, 130))]
    pro = [Newcomer(f"p{n}@example.org", "confirmed", locale=one, attributes=PRO) for n, one in enumerate(spoken)]
    listed = [Newcomer("cem@example.net", locale="de"), Newcomer("kim@example.net", locale="fr", attributes=PRO)]
    at.ledger.newcomers.add([*pro, *listed], "import", "", at.world.now())
    at.ledger.wishes.bounced("gone@example.net", "550", "sendgrid", at.world.now())
    launch = opened(at)
    shown = preview(at.world, launch, "tell")
    assert (shown.by_language, shown.reach) == ({"en": 34, "de": 4, "fr": 2}, 40)
    assert shown.excluded == {"bounced": 1}
    assert settle(at.world, launch, "tell").reach == shown.reach


def test_what_became_of_it_is_said_once_it_is_out(at: Place) -> None:
    launch = opened(at)
    shown = preview(at.world, launch, "tell")
    assert shown.became == ""
    out = replace(launch.items["tell"], status="passed", summary="4 of 4 handed over")
    corrected = FollowedUp(item="tell", round=1, what="correction", number=1, note="Wrong.")
    recalled = FollowedUp(item="tell", round=1, what="recall", number=2, note="Wrong.")
    for follow_ups, says in (
        ((), "It is out: 4 of 4 handed over."),
        ((corrected,), "It is out: 4 of 4 handed over; corrected since."),
        ((corrected, recalled), "It is out: 4 of 4 handed over; withdrawn since."),
    ):
        later = replace(launch, items={**launch.items, "tell": replace(out, follow_ups=follow_ups)})
        assert replace(shown, launch=later).became == says


def test_who_asked_to_be_forgotten_is_not_counted(at: Place) -> None:
    at.ledger.newcomers.add([Newcomer("cem@example.net")], "import", "", at.world.now())
    cem = at.ledger.subscribers.find("cem@example.net")
    assert cem is not None
    at.ledger.wishes.forget(cem.id, at.world.now())
    launch = opened(at)
    assert preview(at.world, launch, "tell").reach == settle(at.world, launch, "tell").reach == 1


def test_a_gate_leads_to_what_it_signs(at: Place) -> None:
    launch = opened(at)
    assert [shown_with(launch, key) for key in ("tell", "text", "go", "notes")] == ["tell", "tell", "", ""]
    with pytest.raises(LaunchError, match="go is not an announcement"):
        preview(at.world, launch, "go")


def test_a_test_says_that_it_is_one_and_counts_nowhere(at: Place) -> None:
    launch = opened(at)
    assert send_test(at.world, launch, "tell", f" {FAY.upper()}", "de") == "accepted"
    (sent,) = mails(at)
    body = sent.get_body(("plain",))
    assert body is not None
    assert (sent["Subject"], sent["To"]) == ("[Test] Acme 2.4.0", FAY)
    assert body.get_content().startswith("Dies ist ein Test.")
    assert at.ledger.deliveries.counts(launch.id, "tell") == {}
    assert at.ledger.deliveries.of(launch.id) == ()
    claimed = at.ledger.notices.claim("somebody", at.world.now(), timedelta(minutes=1))
    assert not [one for one in claimed if one.purpose.startswith("test")], "it would be sent again, or judged"
    assert tally(at.world, RUN)[0] is False


SUBSCRIBED, BY_ROLE = "you subscribed to news about Acme", "because of your role in this launch"


@pytest.mark.parametrize(
    ("audience", "reasons", "first"),
    [
        ("roles: [support], addresses: [cem@example.net]", ("subscribed", "role"), SUBSCRIBED),
        ("roles: [support]", ("role",), BY_ROLE),
        ("addresses: [cem@example.net]", ("subscribed",), SUBSCRIBED),
        ("topics: [launched-product]", ("subscribed",), SUBSCRIBED),
    ],
)
def test_it_is_shown_for_each_reason_to_get_it(at: Place, audience: str, reasons: tuple[str, ...], first: str) -> None:
    edit(at, "roles: [support], addresses: [cem@example.net]", audience)
    shown = preview(at.world, opened(at), "tell")
    assert shown.as_it_leaves.comes_as("email") == reasons
    assert first in as_read(at.world, shown, "email").text
    texts = [as_read(at.world, shown, "email", standing=one).text for one in shown.as_it_leaves.comes_as("email")]
    assert [BY_ROLE in text for text in texts] == [one == "role" for one in reasons]
    assert ["/unsubscribe/" in text for text in texts] == [one != "role" for one in reasons]


def test_a_test_is_what_its_receiver_would_get_or_what_is_asked_for(at: Place) -> None:
    launch = opened(at)
    send_test(at.world, launch, "tell", FAY)
    send_test(at.world, launch, "tell", DAN.email)
    send_test(at.world, launch, "tell", FAY, standing="subscribed")
    bodies = [body.get_content() for one in mails(at) if (body := one.get_body(("plain",)))]
    assert [BY_ROLE in one for one in bodies] == [True, False, False]
    assert [SUBSCRIBED in one for one in bodies] == [False, True, True]


@pytest.mark.parametrize("to", ["cem@example.net", "nobody@example.com", "", "fay@example.com\nbcc: x@example.net"])
def test_a_test_goes_to_people_of_the_organisation_only(at: Place, to: str) -> None:
    came = send_test(at.world, opened(at), "tell", to)
    assert isinstance(came, Refusal)
    assert "nobody of this organisation" in came.reason
    assert not mails(at)


def test_nobody_fills_a_mailbox_with_tests(at: Place) -> None:
    launch = opened(at)
    came = [send_test(at.world, launch, "tell", FAY) for _ in range(MOST_TO_ONE + 1)]
    assert came[:-1] == ["accepted"] * MOST_TO_ONE
    assert isinstance(came[-1], Refusal)
    assert len(mails(at)) == MOST_TO_ONE


def test_a_test_leaves_while_nothing_else_may(at: Place) -> None:
    """The gates are open, so the announcement itself cannot leave; a test of it can."""
    launch = opened(at)
    assert launch.items["tell"].status == "waiting"
    assert send_test(at.world, launch, "tell", FAY) == "accepted"


def test_notes_that_somebody_translated_stand_in_their_language(at: Place) -> None:
    launch = opened(at)
    act(at.world, launch.id, Describe(by=TMINUS, notes="Faster exports"))
    folder = at.world.organisation_file.file.parent / "messages" / "translations" / launch.id
    folder.mkdir(parents=True)
    (folder / "customer.de.md").write_text("Schnellere **Exporte** {{ 7*7 }}", encoding="utf-8")
    shown = preview(at.world, at.launch(launch.id), "tell")
    said = {locale: as_read(at.world, shown, "email", locale).text for locale in ("en", "de", "fr")}
    assert "Schnellere Exporte {{ 7*7 }}" in said["de"]
    assert "Faster exports" in said["en"]
    assert "Faster exports" in said["fr"], "nobody translated it: better than nothing"


def test_a_translation_that_comes_later_opens_what_was_signed(at: Place) -> None:
    launch = opened(at)
    act(at.world, launch.id, Describe(by=TMINUS, notes="Faster exports"))
    observe(at.world, launch.id)
    act(at.world, launch.id, sign(DAN, "text"))
    assert not observe(at.world, launch.id)
    before = at.launch(launch.id).items["text"].round
    folder = at.world.organisation_file.file.parent / "messages" / "translations" / launch.id
    folder.mkdir(parents=True)
    (folder / "customer.de.md").write_text("Schnellere Exporte", encoding="utf-8")
    assert observe(at.world, launch.id)
    assert at.launch(launch.id).items["text"].round == before + 1

"""Whole announcements into a SendGrid that fails: one receiver's trouble, or words, are never another's."""

from __future__ import annotations

import re
from typing import Any

import jsonschema
import pytest

from checklists.commands import TMINUS, FollowUp, Report
from tasks.act import act
from tasks.advance import advance
from tasks.announcements.announcing import drain, plan
from tasks.announcements.following import send_follow_ups
from tasks.announcements.previewing import send_test
from tasks.carrying_out import carry_out
from tasks.world import World
from tests.peers.sendgrid import SendGridPeer
from tests.tasks.newsroom import RUN, opened, states

TRICKS = {
    "bob@example.com": "{{ 7 * 7 }} {% include 'secrets' %} Bob",
    "cem@example.com": "-name- {name} %name% Cem",
    "dot@example.com": "Dot <b>bold</b> Bcc: evil@example.com",
}


def sent(world: World) -> None:
    plan(world, RUN)
    assert drain(world, RUN)


def told(world: World, people: dict[str, str]) -> None:
    """A launch whose announcement goes to these people, too, who chose what they are called."""
    opened(world)
    lines = [f'  {address}: {{name: "{name}", roles: [internal]}}\n' for address, name in people.items()]
    text = world.settings.organisation.read_text()
    world.settings.organisation.write_text(text.replace("people:\n", f"people:\n{''.join(lines)}"))


def mails(peer: SendGridPeer) -> dict[str, dict[str, Any]]:
    found = {mail["to"]: mail for mail in peer.mails}
    assert len(found) == len(peer.mails), "each person has one mail"
    return found


def test_a_bad_address_and_a_call_that_is_too_large_sink_nobody_else(mailing: World, peer: SendGridPeer) -> None:
    peer.bad, peer.largest = {"customer-5@example.net"}, 3
    opened(mailing, customers=9)
    sent(mailing)
    assert states(mailing) == {"accepted": 9, "rejected": 1}
    (refused,) = [one for one in mailing.ledger.deliveries.of(RUN.launch_id) if one.state == "rejected"]
    assert refused.recipient == "customer-5@example.net"
    assert "valid address" in refused.detail
    assert sorted(peer.count(one.id) for one in mailing.ledger.deliveries.of(RUN.launch_id)) == [0, *[1] * 9]


def test_who_opts_out_after_all_was_planned_hears_nothing(mailing: World, peer: SendGridPeer) -> None:
    opened(mailing)
    plan(mailing, RUN)
    mailing.ledger.wishes.complained("Customer-1@example.net", "spam", "sendgrid", mailing.now())
    assert drain(mailing, RUN)
    assert states(mailing) == {"accepted": 3, "suppressed": 1}
    assert "customer-1@example.net" not in mails(peer)


def test_each_mail_greets_its_own_receiver_and_names_nobody_else(mailing: World, peer: SendGridPeer) -> None:
    told(mailing, {"bob@example.com": "Bob Baker", "cem@example.com": "Cem Can"})
    sent(mailing)
    names = {"ada@example.com": "Ada", "bob@example.com": "Bob Baker", "cem@example.com": "Cem Can"}
    found = mails(peer)
    assert len(found) == 6
    for address, mail in found.items():
        for part in ("text/plain", "text/html"):
            named = [one for one in names.values() if re.search(rf"\b{one}\b", mail[part])]
            assert named == ([names[address]] if address in names else [])


def test_a_name_is_never_taken_for_a_template_or_a_header(mailing: World, peer: SendGridPeer) -> None:
    told(mailing, TRICKS)
    sent(mailing)
    found = mails(peer)
    assert "{{ 7 * 7 }} {% include 'secrets' %} Bob" in found["bob@example.com"]["text/plain"]
    assert "-name- {name} %name% Cem" in found["cem@example.com"]["text/plain"]
    assert "<b>bold</b>" not in found["dot@example.com"]["text/html"]
    assert "Dot &lt;b&gt;bold" in found["dot@example.com"]["text/html"]
    for mail in found.values():
        assert "49" not in re.sub(r"https?://\S+", "", mail["text/plain"]), "an address may have it in its key"
        assert "Bcc" not in str(mail["headers"])


def test_every_call_of_it_is_what_sendgrid_describes(
    mailing: World, peer: SendGridPeer, schema: dict[str, Any]
) -> None:
    told(mailing, TRICKS)
    sent(mailing)
    assert len(mails(peer)) == 7
    for body in peer.payloads:
        jsonschema.validate(body, schema)


def test_one_click_leaves_with_every_mail_that_no_role_asks_for(mailing: World, peer: SendGridPeer) -> None:
    opened(mailing)
    sent(mailing)
    found = mails(peer)
    assert found.pop("ada@example.com")["headers"] == {}, "what her role asks for is not hers to leave"
    assert {mail["headers"]["List-Unsubscribe-Post"] for mail in found.values()} == {"List-Unsubscribe=One-Click"}
    ways = {mail["headers"]["List-Unsubscribe"] for mail in found.values()}
    assert len(ways) == len(found) == 3, "each has an address of their own"
    assert all(mail["headers"]["List-Unsubscribe"].strip("<>") in mail["text/plain"] for mail in found.values())


def test_answers_go_where_the_brand_says_also_those_to_a_test_and_a_correction(
    mailing: World, peer: SendGridPeer
) -> None:
    launch = opened(mailing)
    file = mailing.settings.organisation
    file.write_text(file.read_text().replace("title: Acme", "title: Acme, brand: {reply-to: Hello@Acme.example}"))
    assert send_test(mailing, launch, RUN.item, "ada@example.com") == "accepted"
    sent(mailing)
    act(mailing, RUN.launch_id, Report(by=TMINUS, item=RUN.item, round=1, number=1, ok=True, summary="all"))
    advance(mailing, RUN.launch_id)
    carry_out(mailing, RUN.launch_id, FollowUp(by=TMINUS, item=RUN.item, what="recall", note="Not yet."))
    send_follow_ups(mailing)
    assert len(peer.mails) == 1 + 4 + 4
    assert {body["reply_to"]["email"] for body in peer.payloads} == {"hello@acme.example"}


@pytest.mark.usefixtures("one_by_one")
def test_one_who_is_in_doubt_keeps_nobody_waiting(mailing: World, peer: SendGridPeer) -> None:
    opened(mailing, customers=5)
    peer.answer("html-error", "accept")
    sent(mailing)
    assert states(mailing) == {"accepted": 5, "unknown": 1}

"""What is known of each reader stands in their own mail, where its templates ask for it, and nowhere else."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from pydantic import SecretStr
from sqlalchemy import select

from checklists.commands import TMINUS, FollowUp, Report
from checklists.decide import Refusal
from ledger import schema
from ledger.newcomers import Newcomer
from ledger.store import Ledger
from tasks.act import act
from tasks.advance import advance
from tasks.announcements.announcing import drain, plan
from tasks.announcements.following import send_follow_ups
from tasks.carrying_out import carry_out
from tasks.world import World
from tests.databases import database_url, kept_postgres, ledger
from tests.ledger.plans import plans
from tests.peers.sendgrid import SendGridPeer
from tests.peers.smtp import smtp_peer
from tests.tasks import newsroom
from tests.tasks.newsroom import RUN, opened

__all__ = ["database_url", "kept_postgres", "ledger"]

AUDIENCE = "{{roles: [internal], addresses: [{addresses}], external: true"
BODY = (
    "Company: {{ person.company | otherwise('Your company') }}. {{ person.email }}. "
    "{{ person.name | phrase('Hello {name}.', 'Hello.') }} {{ person.job_title }}; {{ person.seats }}; {{ person.vip }}"
)
INITECH = "Initech & <Sons>"
TRICK = "{{ 7 * 7 }} {% x %} {name} -t-1-company- \ue000name\ue001 & <b>Co</b>"
ATTRIBUTES: dict[str, Mapping[str, Any]] = {
    "bob@example.net": {"plan": "pro", "company": INITECH, "job-title": "Boss", "token": "Red", "vip": True},
    "cem@example.net": {"plan": "pro", "company": TRICK, "job_title": "Aide", "seats": 50.0},
    "dan@example.net": {"plan": "pro", "unsubscribe": "https://evil.example", "email": "x@evil.example"},
}


@pytest.fixture
def mailing(tmp_path: Path, peer: SendGridPeer, ledger: Ledger, monkeypatch: pytest.MonkeyPatch) -> World:
    """Subscribers of whom different things are known, on SQLite and on PostgreSQL."""
    text = newsroom.ORGANISATION.replace(AUDIENCE, f"{AUDIENCE}, rule: {{{{attributes: {{{{plan: pro}}}}}}}}")
    monkeypatch.setattr(newsroom, "ORGANISATION", text)
    world = replace(newsroom.newsroom(tmp_path / "home", peer.host), ledger=ledger)
    saying(world, BODY)
    return world


def saying(world: World, words: str) -> None:
    folder = world.settings.home / "messages" / "announcement"
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "body.txt").write_text(words)
    (folder / "body.html").write_text(f"<p>{words}</p>")


def planned(world: World) -> None:
    opened(world, customers=1)
    people = (Newcomer(one, "confirmed", attributes=said) for one, said in ATTRIBUTES.items())
    world.ledger.newcomers.add(people, "import", "a.csv", world.now())
    assert plan(world, RUN) == 5


def told(peer: SendGridPeer, part: str = "text/plain") -> dict[str, str]:
    found = {mail["to"]: mail[part].strip() for mail in peer.mails}
    assert len(found) == len(peer.mails) == 5
    return found


def kept(world: World) -> dict[str, dict[str, str]]:
    """What stands in the ledger beside each delivery, less whose page it leads to."""
    query = select(schema.deliveries.c.recipient, schema.deliveries.c.facts)
    with world.ledger.database.reading() as connection:
        found = {row[0]: json.loads(row[1] or "{}") for row in connection.execute(query)}
    return {to: {name: fact for name, fact in facts.items() if name != "person"} for to, facts in found.items()}


def test_each_reads_their_own_and_never_anothers(mailing: World, peer: SendGridPeer) -> None:
    planned(mailing)
    assert drain(mailing, RUN)
    seen = TRICK.replace("\ue000", "").replace("\ue001", "")
    assert told(peer) == {
        "ada@example.com": "Company: Your company. ada@example.com. Hello Ada. ; ;",
        "bob@example.net": "Company: Initech & <Sons>. bob@example.net. Hello. Boss; ; true",
        "cem@example.net": f"Company: {seen}. cem@example.net. Hello. Aide; 50;",
        "customer-0@example.net": "Company: Your company. customer-0@example.net. Hello. ; ;",
        "dan@example.net": "Company: Your company. dan@example.net. Hello. ; ;",
    }
    whole = json.dumps(peer.payloads)
    assert "Red" not in whole
    assert "evil" not in whole
    assert all(sum(name in json.dumps(one) for name in ("Initech", "7 * 7")) < 2 for one in personalizations(peer))


def personalizations(peer: SendGridPeer) -> list[Any]:
    return [one for body in peer.payloads for one in body["personalizations"]]


def test_what_is_known_of_them_is_text_in_html(mailing: World, peer: SendGridPeer) -> None:
    planned(mailing)
    assert drain(mailing, RUN)
    html = told(peer, "text/html")
    assert "Initech &amp; &lt;Sons&gt;" in html["bob@example.net"]
    assert "&amp; &lt;b&gt;Co&lt;/b&gt;" in html["cem@example.net"]
    assert "49" not in html["cem@example.net"]


def test_the_ledger_keeps_what_was_asked_for_and_no_more(mailing: World) -> None:
    planned(mailing)
    assert kept(mailing) == {
        "ada@example.com": {"name": "Ada"},
        "bob@example.net": {"company": "Initech & <Sons>", "job_title": "Boss", "vip": "true"},
        "cem@example.net": {"company": TRICK, "job_title": "Aide", "seats": "50"},
        "customer-0@example.net": {},
        "dan@example.net": {},
    }
    bob = mailing.ledger.subscribers.find("bob@example.net")
    assert bob
    mailing.ledger.wishes.forget(bob.id, mailing.now())
    assert kept(mailing)[bob.id] == {}, "what was sent to somebody is forgotten with them"


@pytest.mark.parametrize(("asks", "times"), [("{{ person.name }} {{ person.email }}", 0), ("{{ person.seats }}", 1)])
def test_a_thousand_are_looked_up_at_once_and_nobody_where_no_template_asks(
    mailing: World, asks: str, times: int
) -> None:
    saying(mailing, asks)
    looked = plans(mailing.ledger, lambda: planned(mailing), "(SELECT subscribers.attributes")
    assert len(looked) == times


def announced(world: World) -> None:
    planned(world)
    assert drain(world, RUN)
    act(world, RUN.launch_id, Report(by=TMINUS, item="tell", round=1, number=1, ok=True, summary="all"))
    advance(world, RUN.launch_id)


def said_again(world: World, command: FollowUp, words: str) -> None:
    folder = world.settings.home / "messages" / command.what
    folder.mkdir()
    (folder / "body.txt").write_text(words)
    answer, _ = carry_out(world, RUN.launch_id, command)
    assert not isinstance(answer, Refusal), answer
    send_follow_ups(world)


CORRECT = FollowUp(by=TMINUS, item="tell", what="correction", note="It costs 20.", text="It costs 20.")
RECALL = FollowUp(by=TMINUS, item="tell", what="recall", note="It is not for sale.")


@pytest.mark.parametrize("command", [CORRECT, RECALL], ids=lambda one: one.what)
def test_what_is_said_again_looks_up_what_its_own_templates_ask_for(
    mailing: World, peer: SendGridPeer, command: FollowUp
) -> None:
    saying(mailing, "It costs 10.")
    announced(mailing)
    said_again(mailing, command, "Of {{ person.company | otherwise('you') }}, {{ person.token }}. {{ person.email }}")
    again = {mail["to"]: mail["text/plain"].strip() for mail in peer.mails[5:]}
    seen = TRICK.replace("\ue000", "").replace("\ue001", "")
    assert again == {
        "ada@example.com": "Of you, . ada@example.com",
        "bob@example.net": "Of Initech & <Sons>, Red. bob@example.net",
        "cem@example.net": f"Of {seen}, . cem@example.net",
        "customer-0@example.net": "Of you, . customer-0@example.net",
        "dan@example.net": "Of you, . dan@example.net",
    }
    facts = [json.dumps(one) for one in personalizations(peer)[5:]]
    assert [sum(name in one for one in facts) for name in ("Initech", "Red", "7 * 7", "evil")] == [1, 1, 1, 0]


def test_a_correction_says_what_the_first_one_said_though_it_is_another_by_now(
    mailing: World, peer: SendGridPeer
) -> None:
    announced(mailing)
    moved = Newcomer("bob@example.net", "confirmed", attributes={"company": "Hooli", "token": "Blue"})
    mailing.ledger.newcomers.add([moved], "import", "b.csv", mailing.now())
    said_again(mailing, CORRECT, "Of {{ person.company | otherwise('you') }}, {{ person.token }}.")
    again = {mail["to"]: mail["text/plain"].strip() for mail in peer.mails[5:]}
    assert again["bob@example.net"] == "Of Initech & <Sons>, Blue."


def test_the_same_by_smtp(mailing: World) -> None:
    with smtp_peer() as server:
        url = SecretStr(f"smtp://127.0.0.1:{server.port}")
        settings = mailing.settings.model_copy(update={"sendgrid_api_key": None, "smtp_url": url})
        mailing = replace(mailing, settings=settings)
        planned(mailing)
        assert drain(mailing, RUN)
        found = {mail["To"]: mail.get_body(("plain",)) for mail in server.mails}
        texts = {to: body.get_content() for to, body in found.items() if body is not None}
    assert "Company: Initech & <Sons>. bob@example.net." in texts["bob@example.net"]
    assert "Company: Your company. dan@example.net." in texts["dan@example.net"]
    assert len(texts) == 5

"""Who hears an announcement: counted beforehand, settled once, and the same both times."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from checklists.checklist import Checklist
from checklists.errors import LaunchError
from checklists.launch import Launch
from ledger.newcomers import Newcomer
from tasks.act import act
from tasks.advance import advance
from tasks.audiences.settling import counted, meant_by, settle, settled, words_of
from tasks.changes.contents import content_of
from tasks.observing import observe
from tasks.world import World
from tests.checklists.launches import DAN, sign
from tests.tasks.bound import CHECKLIST, edit, house
from tests.tasks.bound import opened as bound
from tests.tasks.newsroom import RUN, newsroom, opened
from tests.tasks.worlds import Place

AUDIENCES = """
organisation: Example
people:
  ada@example.com: {name: Ada, roles: [launch-managers, internal], timezone: Europe/Berlin}
  ben@example.com: {name: Ben, roles: [internal]}
products: {acme: {title: Acme}}
audiences:
  customers:
    roles: [internal]
    addresses: [named@example.net, cleo@example.org]
    external: true
    topics: [launched-product]
    rule: {attributes: {plan: [pro, team]}}
  internal: {roles: [internal]}
channels: {email: {kind: email}, board: {kind: slack}}
"""
NOW = datetime(2026, 11, 25, 12, tzinfo=UTC)
PRO, ACME = {"plan": "Pro"}, frozenset({"acme"})
PEOPLE = (
    Newcomer("BEN@example.com", "confirmed", attributes=PRO, topics=ACME),
    Newcomer("cleo@example.org", "unsubscribed", attributes=PRO, topics=ACME),
    Newcomer("dan@example.org", "confirmed", locale="de", attributes=PRO, topics=ACME),
    Newcomer("eva@example.org", "unconfirmed", attributes=PRO, topics=ACME),
    Newcomer("fay@example.org", "confirmed", attributes=PRO),
    Newcomer("gus@example.org", "confirmed", attributes={"plan": "free"}, topics=ACME),
)


@pytest.fixture
def world(tmp_path: Path) -> World:
    made = newsroom(tmp_path / "home")
    opened(made)
    made.settings.organisation.write_text(AUDIENCES)
    made.ledger.newcomers.add(PEOPLE, "import", "a.csv", NOW)
    return made


def launch(world: World) -> Launch:
    found = world.launch(RUN.launch_id)
    assert found is not None
    return found


def test_what_was_counted_is_what_is_settled(world: World) -> None:
    before = counted(world, launch(world), RUN.item)
    assert settled(world, launch(world), RUN.item) is None
    found = settle(world, launch(world), RUN.item)
    assert before == found.counts == {"": 4, "unsubscribed": 1, "unconfirmed": 1}
    assert settled(world, launch(world), RUN.item) == found


def test_everybody_is_there_once_with_what_is_known_of_them(world: World) -> None:
    settle(world, launch(world), RUN.item)
    found = {one.address: one for one in world.ledger.rosters.roster(RUN.launch_id, RUN.item, 1)}
    assert found.keys() == {"ada@example.com", "ben@example.com", "named@example.net", "dan@example.org"}
    assert [one.is_required for one in found.values()] == [True, True, False, False]
    assert (found["ada@example.com"].timezone, found["dan@example.org"].locale) == ("Europe/Berlin", "de")


def test_who_joins_changes_the_count_and_not_what_is_signed(world: World) -> None:
    before = content_of(world, launch(world), RUN.item)
    world.ledger.newcomers.add([Newcomer("new@example.org", "confirmed", "", attributes=PRO, topics=ACME)], "", "", NOW)
    assert content_of(world, launch(world), RUN.item).sha256 == before.sha256
    assert counted(world, launch(world), RUN.item)[""] == 5


def test_another_rule_is_another_content(world: World) -> None:
    before = content_of(world, launch(world), RUN.item)
    assert 'subscribers of the launched product of whom plan is one of "pro", "team"' in before.text
    file = world.settings.organisation
    file.write_text(file.read_text().replace("[pro, team]", "[pro, team, free]"))
    assert content_of(world, launch(world), RUN.item).sha256 != before.sha256


def test_who_is_meant_can_be_read_aloud(world: World) -> None:
    assert words_of(world.organisation.audiences["customers"]) == (
        "everybody with the role internal",
        "2 addresses",
        'subscribers of the launched product of whom plan is one of "pro", "team"',
    )


def test_an_audience_that_is_gone_is_named(world: World) -> None:
    file = world.settings.organisation
    file.write_text(file.read_text().replace("customers:", "customer:"))
    with pytest.raises(LaunchError, match='no audience is called "customers"; did you mean "customer"'):
        meant_by(world, launch(world), RUN.item)


def test_an_announcement_is_settled_when_its_words_are_approved(tmp_path: Path) -> None:
    at = house(tmp_path)
    name = bound(at).id
    assert settled(at.world, at.launch(name), "tell") is None
    assert isinstance(act(at.world, name, sign(DAN, "text")), Launch)
    approved = advance(at.world, name)
    assert (approved.items["text"].status, approved.items["tell"].status) == ("passed", "waiting")
    found = settled(at.world, approved, "tell")
    assert found is not None
    assert found.reach == 2
    edit(at, "cem@example.net", "cem@example.net, new@example.net")
    again = settle(at.world, approved, "tell")
    assert (again.reach, again.rule != found.rule) == (3, True)


def for_testers(**rule: object) -> Checklist:
    """The checklist that announces to an audience of its own."""
    said = CHECKLIST.model_dump(by_alias=True)
    said["items"]["tell"]["announce"] |= {"audience": "testers", "channels": ["email"]}
    return Checklist.model_validate(said | {"audiences": {"testers": {"external": True, "rule": rule}}})


def approved_for_testers(at: Place) -> Launch:
    """Approved for those of a list, one of whom has left."""
    people = (
        Newcomer("dan@example.org", "confirmed", lists=frozenset({"beta"})),
        Newcomer("eva@example.org", "unsubscribed", lists=frozenset({"beta"})),
        Newcomer("fay@example.org", "confirmed"),
    )
    at.ledger.newcomers.add(people, "import", "a.csv", NOW)
    name = bound(at, for_testers(list="beta")).id
    assert isinstance(act(at.world, name, sign(DAN, "text")), Launch)
    return advance(at.world, name)


def test_an_audience_of_the_checklist_is_settled_under_its_name(tmp_path: Path) -> None:
    at = house(tmp_path)
    approved = approved_for_testers(at)
    found = settled(at.world, approved, "tell")
    assert found is not None
    assert (found.audience, found.rule) == ("testers", 'subscribers of whom list is "beta"')
    assert found.counts == {"": 1, "unsubscribed": 1}
    assert [one.address for one in at.ledger.rosters.roster(approved.id, "tell", 1)] == ["dan@example.org"]


def test_its_rule_is_signed_and_the_organisation_file_cannot_take_its_name(tmp_path: Path) -> None:
    """A launch keeps its checklist, so nothing but an audience of the same name could make other people of it."""
    at = house(tmp_path)
    approved = approved_for_testers(at)
    signed = content_of(at.world, approved, "tell")
    assert signed.text.startswith('To: testers, outside the organisation, subscribers of whom list is "beta"\n')
    others = replace(approved, checklist=for_testers(list=["beta", "crm"]))
    assert content_of(at.world, others, "tell").sha256 != signed.sha256

    edit(at, "audiences: {", "audiences: {testers: {roles: [qa]}, ")
    assert not observe(at.world, approved.id)
    with pytest.raises(LaunchError, match=r'audiences\.testers of the checklist "bound": the organisation file has an'):
        content_of(at.world, approved, "tell")
    assert advance(at.world, approved.id).items["text"].status == "passed"

    edit(at, "testers: {", "our-testers: {")
    assert content_of(at.world, approved, "tell") == signed

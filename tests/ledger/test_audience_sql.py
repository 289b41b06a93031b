"""The database and `checklists/selection.py` say the same of everybody."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import delete, insert

from checklists.selection import REASONS, Selection, is_meant, misses, reason
from ledger import people_schema as tables
from ledger.newcomers import Newcomer, fresh_row, known_as
from ledger.store import Ledger
from ledger.subscribers import Subscriber
from tests.ledger.examples import NOON
from tests.ledger.people import SELECTIONS, person

OWN = ("state", "locale", "pace", "channels", "change_types", "paused_until")


def _store(ledger: Ledger, people: list[dict[str, Any]]) -> list[Subscriber]:
    """Put exactly these into the database, and say what they are in Python."""
    with ledger.database.writing() as connection:
        for table in (tables.subscribers, tables.subscriptions, tables.cohorts):
            connection.execute(delete(table))
        made = []
        for number, said in enumerate(people):
            address = f"Ada{number}@{said['domain']}"
            row = fresh_row(Newcomer(address), NOON) | {name: said[name] for name in OWN}
            connection.execute(insert(tables.subscribers).values(row | known_as(said["attributes"])))
            for is_on, name in ((True, "topics"), (False, "refused")):
                for topic in said[name]:
                    values = {"person": row["id"], "topic": topic, "is_on": is_on, "at": NOON}
                    connection.execute(insert(tables.subscriptions).values(values))
            for name in said["lists"]:
                connection.execute(insert(tables.cohorts).values(person=row["id"], list=name))
            rest = {name: value for name, value in said.items() if name != "domain"}
            made.append(Subscriber(id=row["id"], address=address, key=address.lower(), **rest))
    return made


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(people=st.lists(person(), min_size=1, max_size=6), selections=st.lists(SELECTIONS, min_size=1, max_size=8))
def test_the_database_and_the_rule_agree_about_everybody(
    ledger: Ledger, people: list[dict[str, Any]], selections: list[Selection]
) -> None:
    known = sorted(_store(ledger, people), key=lambda one: one.id)
    assert list(ledger.subscribers.everybody()) == known
    for selection in selections:
        meant = {one.id: reason(selection, one, NOON) for one in known if is_meant(selection, one)}
        for why in REASONS:
            found = [one.id for one in ledger.subscribers.members(selection, NOON, (why,))]
            assert found == [id_ for id_, said in meant.items() if said == why]
        counts = ledger.subscribers.counts(selection, NOON)
        assert counts == {why: list(meant.values()).count(why) for why in meant.values()}


@settings(max_examples=100)
@given(said=person(), selection=SELECTIONS)
def test_whoever_is_not_meant_is_told_why(said: dict[str, Any], selection: Selection) -> None:
    if selection.rule is None:
        return
    rest = {name: value for name, value in said.items() if name != "domain"}
    who = Subscriber(id="a", address="", key=f"ada@{said['domain']}", **rest)
    alone = replace(who, topics=who.topics | frozenset(selection.topics))
    assert bool(list(misses(selection.rule, alone))) is not is_meant(selection, alone)

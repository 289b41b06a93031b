"""A record that no rule would have let in is noticed, however well its hashes fit."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from hypothesis import given, settings

from checklists import entries as e
from checklists.audit import audit, proofs
from checklists.fold import fold
from tests.checklists.launches import NOW, begun, decided, finished, start
from tests.checklists.stories import Move, entries_of, stories


def written(*facts: tuple[str, e.Data], launch_id: str = "acme-2.4.0") -> tuple[e.Entry, ...]:
    """A record that says just this, by hand."""
    return tuple(
        e.Entry(launch_id=launch_id, seq=seq, at=NOW, actor=who, data=data) for seq, (who, data) in enumerate(facts, 1)
    )


def started() -> tuple[str, e.Data]:
    return "eve@example.com", decided(None, start())[0].data


def signed(who: str, item: str = "qa", roles: Sequence[str] = ("qa",), **said: object) -> tuple[str, e.Data]:
    about = {"item": item, "round": 1, "decision": "approve", "name": who, "roles": tuple(roles), **said}
    return who, e.Signed.model_validate(about)


def opened(item: str = "qa") -> tuple[str, e.Data]:
    return "tminus", e.Opened(item=item, round=1)


def passed(item: str = "qa", round_: int = 1) -> tuple[str, e.Data]:
    return "tminus", e.Passed(item=item, round=round_)


ABSENT = {"email": "ada@example.com", "name": "Ada", "roles": ("qa",)}


@pytest.mark.parametrize(
    ("facts", "says"),
    [
        ([opened(), signed("ada"), passed()], "qa passed without 1 of qa, 1 of security"),
        ([opened(), passed()], "qa passed without 2 of qa, 1 of security"),
        ([opened(), passed(round_=2)], "round 2 of qa passed, which is in round 1"),
        ([opened(), signed("ada"), signed("ada")], "ada takes a second place of qa in one round"),
        (
            [opened(), signed("ada@example.com"), signed("ben@example.com", instead_of=ABSENT)],
            "ada@example.com takes a second place",
        ),
        ([opened(), signed("ada", round=2)], "ada signs round 2 of qa, which is in round 1"),
        ([signed("ada")], "ada signs qa while it is waiting"),
        ([opened(), signed("dan", roles=["docs"])], "dan holds nothing that qa asks for"),
        ([opened(), signed("ada", self_signed=True)], "lets no author sign"),
        ([opened("go")], "go is opened although it waits for qa, links, training, guide"),
        ([("tminus", e.Closed())], "the launch is closed although qa, docs"),
        ([opened("nothing")], "it cannot follow the entries before it"),
        ([started()], "entry 2 cannot be read"),
    ],
)
def test_a_breach_is_named_with_its_entry(facts: list[tuple[str, e.Data]], says: str) -> None:
    _, breach = audit(written(started(), *facts))
    assert breach is not None
    assert says in breach.problem
    assert breach.seq == len(facts) + 1


def test_a_gap_is_named() -> None:
    facts = written(started(), opened(), signed("ada"))
    _, breach = audit((facts[0], facts[2]))
    assert breach is not None and "entry 2 is missing" in breach.problem
    assert audit(()) == (None, None)


@settings(deadline=None, max_examples=150)
@given(stories)
def test_no_story_that_the_rules_let_in_breaks_them(moves: list[Move]) -> None:
    entries = entries_of(moves)
    assert audit(entries) == (fold(entries), None)


def test_what_proves_who_signed_is_counted() -> None:
    launch = finished(begun())
    assert proofs(launch) == {"asserted": 6}
    assert proofs(begun()) == {}

"""People the organisation knows, and how they were made sure of."""

from __future__ import annotations

from tasks.people.known import known
from tests.checklists.launches import BEN
from tests.tasks.worlds import Place


def test_a_person_is_known_by_address_with_the_proof_their_door_has(at: Place) -> None:
    found = known(at.world, "BEN@example.com", "token")
    assert found
    assert (found.email, found.roles, found.proof) == (BEN.email, BEN.roles, "token")


def test_a_stranger_is_nobody(at: Place) -> None:
    assert known(at.world, "stranger@example.com", "token") is None

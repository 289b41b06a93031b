"""Granting, ending and listing delegations, and what they open."""

from __future__ import annotations

from datetime import date, timedelta

from checklists.decide import Refusal
from checklists.organisation import Organisation
from checklists.people import Actor
from ledger.delegations import Granted
from tasks.act import act
from tasks.people.delegating import Arranged, arranged, delegate, revoke
from tests.checklists.launches import ADA, BEN, CAT, DAN, EVE, FAY, NOW, sign
from tests.tasks.worlds import Place

TODAY = NOW.date()
LAST = TODAY + timedelta(days=3)


def granted(at: Place, who: Actor = DAN, to: Actor = FAY, until: date = LAST) -> Granted:
    found = delegate(at.world, EVE, f" {who.email.upper()} ", to.email, until)
    assert not isinstance(found, Refusal), found.reason
    return found


def test_who_was_granted_it_signs_for_the_absent_person(at: Place) -> None:
    launch = at.begun()
    granted(at)
    signed = act(at.world, launch.id, sign(at.world.person(FAY.email), "docs"))
    assert not isinstance(signed, Refusal)
    (one,) = signed.items["docs"].signatures
    assert (one.by, one.signer, signed.items["docs"].status) == (FAY.email, "Fay for Dan", "passed")


def test_it_holds_until_the_end_of_its_last_day(at: Place) -> None:
    granted(at)
    assert [one.email for one in at.world.person(FAY.email).stands_for] == [DAN.email]
    at.clock.wait(timedelta(days=4))
    assert at.world.person(FAY.email).stands_for == ()


def test_who_lets_somebody_sign_for_them_is_away(at: Place) -> None:
    granted(at)
    dan = at.world.directory.member(DAN.email)
    assert dan is not None
    assert dan.away_until(NOW) == LAST
    assert not dan.is_away(NOW + timedelta(days=4))


def test_what_was_revoked_opens_nothing_any_more(at: Place) -> None:
    launch = at.begun()
    one = granted(at)
    assert revoke(at.world, at.world.person(DAN.email), DAN.email, FAY.email) == (one,)
    refused = act(at.world, launch.id, sign(at.world.person(FAY.email), "docs"))
    assert isinstance(refused, Refusal)
    assert "does not hold the role docs" in refused.reason
    (kept,) = at.ledger.delegations.all()
    assert kept.revoked_by == DAN.email


def test_a_delegation_that_leads_in_a_circle_with_one_granted_before_is_refused(at: Place) -> None:
    granted(at, ADA, BEN)
    refused = delegate(at.world, EVE, BEN.email, ADA.email, LAST)
    assert isinstance(refused, Refusal)
    assert "round in a circle" in refused.reason
    assert len(at.ledger.delegations.all()) == 1


def test_nobody_arranges_it_for_somebody_else(at: Place) -> None:
    for answer in (
        delegate(at.world, ADA, DAN.email, FAY.email, LAST),
        revoke(at.world, ADA, DAN.email),
    ):
        assert isinstance(answer, Refusal)
        assert answer.may_not


def test_what_nobody_granted_is_not_revoked(at: Place) -> None:
    granted(at)
    nobody = revoke(at.world, EVE, DAN.email, CAT.email)
    assert nobody == Refusal("cat@example.com does not sign for dan@example.com; `tminus delegate` lists who does")
    assert isinstance(revoke(at.world, EVE, ADA.email), Refusal)


def absences(at: Place) -> None:
    """Fay is away, as the organisation file says."""
    file = at.world.organisation_file.file
    away = f"absences: [{{from: {TODAY}, to: {LAST}, delegate: dan@example.com}}]"
    text = file.read_text("utf-8").replace("roles: [support]", f"roles: [support], {away}")
    file.write_text(text, "utf-8")


def test_those_of_the_organisation_file_are_listed_and_changed_there(at: Place) -> None:
    absences(at)
    one = granted(at, ADA, BEN)
    assert arranged(at.world) == (
        Arranged(ADA.email, BEN.email, TODAY, LAST, EVE.email, one.granted_at),
        Arranged(FAY.email, DAN.email, TODAY, LAST),
    )
    assert arranged(at.world, FAY.email) == (Arranged(FAY.email, DAN.email, TODAY, LAST),)
    assert revoke(at.world, EVE, FAY.email) == Refusal(
        "that somebody signs for fay@example.com stands in the organisation file; change the absence there"
    )
    at.clock.wait(timedelta(days=30))
    assert arranged(at.world) == ()


def test_a_chain_may_lead_through_the_file_and_the_command(at: Place) -> None:
    absences(at)
    granted(at, DAN, CAT)
    assert [(one.email, one.through) for one in at.world.person(CAT.email).stands_for] == [
        (DAN.email, ()),
        (FAY.email, (DAN.email,)),
    ]
    too_long = delegate(at.world, EVE, CAT.email, ADA.email, LAST)
    assert isinstance(too_long, Refusal)
    assert "that makes 3 steps" in too_long.reason


def test_an_organisation_without_people_has_no_delegations() -> None:
    assert Organisation(organisation="X").directory().delegations == ()

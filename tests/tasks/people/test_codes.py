"""Personal codes: whose they are, and everything that is none."""

from __future__ import annotations

import hmac
from collections import Counter
from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from checklists.launch import Launch
from tasks.act import act
from tasks.people import codes
from tasks.people.codes import ALPHABET, code_of, link_of_code, whose_code
from tasks.people.links import make_links
from tests.checklists.launches import ADA, BEN, CAT, sign
from tests.tasks.people.mailed import QA, asked, mailed
from tests.tasks.worlds import Place


def test_a_code_has_eight_signs_that_nobody_mixes_up(at: Place) -> None:
    launch, _ = mailed(at)
    found: Counter[str] = Counter()
    for number in range(200):
        (link,) = make_links(at.world, launch, "qa", (f"person-{number}@example.com",))
        code = code_of(at.world, link)
        assert len(code) == 8
        found.update(code)
    assert set(found) == set(ALPHABET)
    assert not set("0O1IL") & set(ALPHABET)
    assert len(set(ALPHABET)) == 31


@pytest.mark.parametrize("spelled", [str.upper, str.lower, lambda c: f" {c[:4]}-{c[4:]} ", lambda c: " ".join(c)])
def test_a_code_says_whose_it_is_however_it_is_written(at: Place, spelled: object) -> None:
    assert callable(spelled)
    launch, links = mailed(at)
    for person, link in links.items():
        assert whose_code(at.world, launch, "qa", spelled(code_of(at.world, link))) == person


def test_a_code_of_another_gate_round_launch_or_mailing_is_nobodys(at: Place) -> None:
    launch, links = mailed(at)
    code = code_of(at.world, links[BEN.email])
    other = at.begun("2.5.0")
    for where, item in ((launch, "go"), (launch, "docs"), (other, "qa")):
        make_links(at.world, where, item, QA)
        assert whose_code(at.world, where, item, code) is None
    newer = asked(at, launch)
    assert whose_code(at.world, newer, "qa", code) is None, "before the newer mail was written"
    (again,) = make_links(at.world, newer, "qa", (BEN.email,))
    assert whose_code(at.world, newer, "qa", code) is None
    assert whose_code(at.world, newer, "qa", code_of(at.world, again)) == BEN.email
    second = act(at.world, launch.id, sign(CAT, "qa", "request-changes"))
    assert isinstance(second, Launch)
    make_links(at.world, second, "qa", QA)
    assert whose_code(at.world, second, "qa", code_of(at.world, again)) is None


def test_the_codes_of_those_a_newer_mailing_leaves_out_are_void(at: Place) -> None:
    launch, links = mailed(at)
    newer = asked(at, launch, people=(BEN.email,))
    make_links(at.world, newer, "qa", (BEN.email,))
    assert whose_code(at.world, newer, "qa", code_of(at.world, links[ADA.email])) is None


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=200)
@given(st.one_of(st.text(max_size=30), st.text(ALPHABET, min_size=8, max_size=8), st.text("\0 é-", max_size=12)))
def test_no_other_text_is_a_code(at: Place, text: str) -> None:
    launch = at.world.launch("acme-2.4.0") or mailed(at)[0]
    assert whose_code(at.world, launch, "qa", text) is None


def test_no_altered_or_truncated_code_is_one(at: Place) -> None:
    launch, links = mailed(at)
    code = code_of(at.world, links[BEN.email])
    wrong = [code[:i] + sign + code[i + 1 :] for i in range(8) for sign in ALPHABET if sign != code[i]]
    wrong += [code[:length] for length in range(8)] + [code + "A", code[::-1] + "Z"]
    assert [other for other in wrong if whose_code(at.world, launch, "qa", other) is not None] == []


def test_every_code_is_compared_to_its_end_whichever_it_was(at: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    """Counted, not timed: the first, the last and none of them take the same comparisons."""
    launch, links = mailed(at)
    compared: list[str] = []

    class Counting:
        @staticmethod
        def compare_digest(ours: bytes, theirs: bytes) -> bool:
            compared.append(ours.decode())
            return hmac.compare_digest(ours, theirs)

    monkeypatch.setattr(codes, "hmac", Counting)
    for typed in (*(code_of(at.world, link) for link in links.values()), "AAAAAAAA", ""):
        compared.clear()
        whose_code(at.world, launch, "qa", typed)
        assert sorted(compared) == sorted(code_of(at.world, link) for link in links.values())


def test_a_code_leads_to_its_link_also_when_that_has_expired(at: Place) -> None:
    """So that its person is told, and it is not counted as a wrong one."""
    launch, links = mailed(at)
    at.clock.wait(timedelta(days=30))
    assert link_of_code(at.world, launch, "qa", code_of(at.world, links[ADA.email])) == links[ADA.email]

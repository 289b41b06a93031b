"""Forms where people are verified: the code from the mail says who answers, and nothing else does."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from email import message_from_bytes
from email.policy import default
from hashlib import sha256
from pathlib import Path
from threading import Barrier

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from checklists.commands import TMINUS, Report, Sign
from checklists.decide import Refusal
from checklists.entries import Passed, Refused, Reopened, Signed
from checklists.launch import Launch
from tasks.act import act
from tasks.advance import advance
from tasks.answering import take_answer
from tasks.notices.delivering import deliver_notices
from tasks.people.codes import ALPHABET, code_of, count_wrong_code
from tasks.people.identity import of_link
from tasks.people.links import make_links, read_link, standing
from tests.checklists.launches import ADA, BEN, CAT, DAN, EVE, sign
from tests.tasks.people.mailed import asked, mailed, verified
from tests.tasks.test_answering import answered, form, form_id
from tests.tasks.worlds import Place, place

LOCKED = "locked after 5 wrong codes; new codes are mailed with `tminus ask acme-2.4.0 qa`"


@pytest.fixture
def at(tmp_path: Path) -> Iterator[Place]:
    here = verified(place(tmp_path))
    yield here
    here.ledger.dispose()


def code(at: Place, launch: Launch, item: str, who: str) -> str:
    (link,) = make_links(at.world, launch, item, (who,))
    return code_of(at.world, link)


def wrong(times: int) -> list[str]:
    return [sign * 8 for sign in ALPHABET[:times]]


def tried(at: Place, launch: Launch, item: str, typed: str, decision: str = "approve", **more: str) -> Launch | Refusal:
    """This code typed into the form that is open now; what is due is done afterwards."""
    said = answered(at, at.launch(launch.id), item, decision=decision, code=typed, **more)
    advance(at.world, launch.id)
    return said


def refusals(at: Place, launch: Launch) -> list[tuple[str, Refused]]:
    entries = at.world.ledger.read(launch.id)
    return [(one.actor, one.data) for one in entries if isinstance(one.data, Refused)]


def on_top(at: Place, launch: Launch, item: str) -> str:
    return at.board.runs[form_id(at.launch(launch.id), item)].description


def test_the_code_says_who_signs(at: Place) -> None:
    launch, links = mailed(at)
    shown = at.board.runs[form_id(launch, "qa")].description
    assert not isinstance(tried(at, launch, "qa", code_of(at.world, links[BEN.email]).lower()), Refusal)
    (entry,) = [one for one in at.world.ledger.read(launch.id) if isinstance(one.data, Signed)]
    assert isinstance(entry.data, Signed)
    assert (entry.actor, entry.data.name, entry.data.via, entry.data.proof) == (BEN.email, BEN.name, "form", "code")
    assert entry.data.shown == sha256(shown.encode()).hexdigest()
    used = at.world.ledger.links.find(links[BEN.email].id)
    assert used
    assert used.used_at == at.clock()


def mail_to(at: Place, who: str, item: str) -> str:
    """The words of the mail that asks this person about this item."""
    deliver_notices(at.world)
    mails = [message_from_bytes(file.read_bytes(), policy=default) for file in at.world.settings.outbox.iterdir()]
    (found,) = [mail for mail in mails if mail["To"] == who and item in mail["Subject"]]
    text = found.get_body(("plain",))
    assert text is not None
    return str(text.get_content())


def test_link_and_code_of_the_mail_that_asks_are_its_readers(at: Place) -> None:
    launch = at.begun()
    for who in (BEN, CAT):
        text = mail_to(at, who.email, "QA sign-off")
        link = read_link(at.world, text.partition("/sign/")[2].split()[0])
        assert link
        assert (link.person, standing(at.world, link, at.launch(launch.id))) == (who.email, "")
        typed = text.partition("Your personal code: ")[2].split()[0]
        assert not isinstance(tried(at, launch, "qa", typed), Refusal)
    assert [one.by for one in at.launch(launch.id).items["qa"].signatures] == [BEN.email, CAT.email]


def test_a_name_is_not_enough(at: Place) -> None:
    launch, _ = mailed(at)
    said = answered(at, launch, "qa", decision="approve", signed_by=BEN.email)
    assert isinstance(said, Refusal)
    assert "Your personal code, from the mail" in said.reason
    assert at.launch(launch.id).items["qa"].signatures == ()


def test_a_wrong_code_is_counted_and_the_next_form_says_so(at: Place) -> None:
    launch, _ = mailed(at)
    said = tried(at, launch, "qa", "AAAA-AAAA")
    assert said == Refusal("that code is nobody's in the newest mail; 4 more wrong ones lock this form")
    ((who, data),) = refusals(at, launch)
    assert (who, data.wrong_code, data.via, data.proof, data.number) == ("nobody", True, "form", "code", 1)
    assert len(data.shown) == 64
    assert said.reason.split("`")[0] in on_top(at, launch, "qa")


def test_five_wrong_codes_lock_the_form_until_a_new_mailing(at: Place) -> None:
    launch, links = mailed(at)
    for typed in wrong(5):
        tried(at, launch, "qa", typed)
    assert LOCKED.split("`")[0] in on_top(at, launch, "qa")
    assert tried(at, launch, "qa", code_of(at.world, links[BEN.email])) == Refusal(LOCKED)
    assert tried(at, launch, "qa", "ZZZZZZZZ") == Refusal(LOCKED)
    assert sum(data.wrong_code for _, data in refusals(at, launch)) == 5
    assert at.launch(launch.id).items["qa"].signatures == ()
    fresh = code(at, asked(at, launch), "qa", BEN.email)
    assert not isinstance(tried(at, launch, "qa", fresh), Refusal)


def test_another_item_is_not_locked_by_it(at: Place) -> None:
    launch, _ = mailed(at, "docs", (DAN.email,))
    for typed in wrong(5):
        tried(at, launch, "qa", typed)
    assert not isinstance(tried(at, launch, "docs", code(at, launch, "docs", DAN.email)), Refusal)


def test_fifty_guesses_at_once_are_five(at: Place) -> None:
    """Also where one of them is right: the forms of one item are answered one after the other."""
    launch, links = mailed(at)
    guesses = [*wrong(25), *wrong(25)]
    run = form(launch, "qa")
    with ThreadPoolExecutor(8) as crowd:
        said = list(crowd.map(lambda _: count_wrong_code(at.world, launch.id, "qa", round=run.round), guesses))
    assert at.launch(launch.id).items["qa"].wrong_codes == 5
    assert sum(one == Refusal(LOCKED) for one in said) == 46
    right = answered(at, at.launch(launch.id), "qa", decision="approve", code=code_of(at.world, links[BEN.email]))
    assert right == Refusal(LOCKED)


def test_a_code_works_once_whatever_it_is_typed_for(at: Place) -> None:
    launch, links = mailed(at)
    typed = code_of(at.world, links[BEN.email])
    tried(at, launch, "qa", typed)
    for decision in ("approve", "request changes", "reject"):
        said = tried(at, launch, "qa", typed, decision, comment="no")
        assert isinstance(said, Refusal)
        assert "they work once" in said.reason
    state = at.launch(launch.id).items["qa"]
    assert (len(state.signatures), state.status, state.wrong_codes) == (1, "open", 0)
    assert {who for who, _ in refusals(at, launch)} == {BEN.email}


def test_a_try_that_was_refused_does_not_use_the_code_up(at: Place) -> None:
    launch, links = mailed(at)
    typed = code_of(at.world, links[BEN.email])
    assert isinstance(tried(at, launch, "qa", typed, "request changes"), Refusal)
    assert not isinstance(tried(at, launch, "qa", typed), Refusal)


@pytest.mark.parametrize("turn", range(5))
def test_link_and_code_of_one_person_at_once_are_one_signature(at: Place, turn: int) -> None:
    launch, links = mailed(at)
    link, ready = links[BEN.email], Barrier(2)

    def by_link() -> object:
        ready.wait(10)
        by = of_link(at.world, link)
        return act(at.world, launch.id, Sign(by=by, via="link", item="qa", round=1, decision="approve"))

    def by_code() -> object:
        ready.wait(10)
        return answered(at, launch, "qa", decision="approve", code=code_of(at.world, link))

    with ThreadPoolExecutor(2) as doors:
        said = [one.result() for one in [doors.submit(by_link), doors.submit(by_code)]]
    assert sum(isinstance(one, Refusal) for one in said) == 1
    assert [one.by for one in at.launch(launch.id).items["qa"].signatures] == [BEN.email]


def test_a_code_that_has_expired_is_told_so_and_not_counted_as_wrong(at: Place) -> None:
    launch, links = mailed(at)
    at.clock.wait(timedelta(days=15))
    said = tried(at, launch, "qa", code_of(at.world, links[BEN.email]))
    assert isinstance(said, Refusal)
    assert said.reason.startswith("this expired on")
    ((who, data),) = refusals(at, launch)
    assert (who, data.reason, data.wrong_code) == (BEN.email, said.reason, False)
    assert said.reason.split("`")[0] in on_top(at, launch, "qa")


def test_an_approver_who_lost_the_role_after_the_mail_does_not_count(at: Place) -> None:
    launch, links = mailed(at)
    file = at.world.settings.home / "organisation.yaml"
    file.write_text(file.read_text().replace("{name: Ada, roles: [qa]}", "{name: Ada, roles: [docs]}"))
    said = tried(at, launch, "qa", code_of(at.world, links[ADA.email]))
    assert said == Refusal("you do not hold a role any more that qa asks for")
    assert at.launch(launch.id).items["qa"].signatures == ()


def test_a_code_of_the_round_before_signs_nothing(at: Place) -> None:
    launch, links = mailed(at)
    act(at.world, launch.id, sign(CAT, "qa", "request-changes"))
    advance(at.world, launch.id)
    assert isinstance(tried(at, launch, "qa", code_of(at.world, links[BEN.email])), Refusal)
    assert at.launch(launch.id).items["qa"].signatures == ()


def test_the_run_of_a_form_that_was_answered_counts_nothing_when_it_runs_again(at: Place) -> None:
    launch, links = mailed(at)
    old = form(launch, "qa")
    run = at.board.runs[form_id(launch, "qa")]
    tried(at, launch, "qa", "AAAAAAAA")
    for typed in ("AAAAAAAA", code_of(at.world, links[BEN.email])):
        run.answer = {"decision": "approve", "code": typed}
        assert isinstance(take_answer(at.world, old, run.run_id), Refusal)
    state = at.launch(launch.id).items["qa"]
    assert (state.wrong_codes, state.signatures) == (1, ())


def test_a_to_do_is_done_by_code(at: Place) -> None:
    launch, _ = mailed(at, "guide", (DAN.email,))
    assert not isinstance(tried(at, launch, "guide", code(at, launch, "guide", DAN.email), "done"), Refusal)
    (entry,) = [one for one in at.world.ledger.read(launch.id) if isinstance(one.data, Passed)]
    assert entry.actor == DAN.email
    assert isinstance(entry.data, Passed)
    assert entry.data.proof == "code"


def test_what_failed_is_run_again_by_code(at: Place) -> None:
    launch = at.begun()
    act(at.world, launch.id, sign(DAN, "docs"))
    advance(at.world, launch.id)
    act(at.world, launch.id, Report(by=TMINUS, item="links", round=1, ok=False, summary="gone"))
    advance(at.world, launch.id)
    typed = code(at, asked(at, at.launch(launch.id), "links", (EVE.email,)), "links", EVE.email)
    assert not isinstance(tried(at, launch, "links", typed, "run again"), Refusal)
    (entry,) = [one for one in at.world.ledger.read(launch.id) if isinstance(one.data, Reopened)]
    assert (entry.actor, at.launch(launch.id).items["links"].round) == (EVE.email, 2)


@pytest.mark.parametrize("is_right", [True, False])
def test_no_code_is_stored_echoed_or_logged(at: Place, caplog: pytest.LogCaptureFixture, is_right: bool) -> None:
    launch, links = mailed(at)
    typed = code_of(at.world, links[BEN.email]) if is_right else "AAAAAAAA"
    run = at.board.runs[form_id(launch, "qa")]
    with caplog.at_level(logging.DEBUG):
        said = tried(at, launch, "qa", typed)
    assert run.answer is None
    kept = repr(at.world.ledger.read(launch.id)) + repr(at.board.runs) + repr(at.board.artifacts)
    for text in (kept, caplog.text, repr(said), repr(at.world.ledger.links.of(launch.id, "qa", 1))):
        assert typed not in text


def test_a_form_that_is_closed_elsewhere_forgets_what_was_typed(at: Place) -> None:
    launch, _ = mailed(at, "docs", (DAN.email,))
    run = at.board.runs[form_id(launch, "docs")]
    at.board.resume(run.run_id, {"decision": "approve", "code": code(at, launch, "docs", DAN.email)})
    act(at.world, launch.id, sign(DAN, "docs"))
    advance(at.world, launch.id)
    assert run.answer is None


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=50)
@given(st.text(ALPHABET, min_size=8, max_size=8))
def test_no_other_code_ever_signs(at: Place, typed: str) -> None:
    launch = at.world.launch("acme-2.4.0") or mailed(at)[0]
    assert isinstance(tried(at, launch, "qa", typed), Refusal)
    assert at.launch(launch.id).items["qa"].signatures == ()

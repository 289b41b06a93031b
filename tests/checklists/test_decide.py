"""What holds for every command, whoever gives it and whenever."""

from __future__ import annotations

from collections.abc import Sequence
from copy import deepcopy
from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from checklists.checklist import Checklist
from checklists.commands import Actor, AddEvidence, Ask, Command, Complete, Hold, WrongCode
from checklists.decide import Refusal, attempt, decide
from checklists.entries import Denied, Entry, Refused
from checklists.fold import fold
from checklists.launch import Launch
from tests.checklists.launches import (
    ADA,
    CHECKLIST,
    EVE,
    NOW,
    begun,
    decided,
    finished,
    refused,
    sign,
    start,
    statuses,
    told,
)
from tests.checklists.stories import Move, Steps, assert_valid, commands, entries_of, moved, moves, stories

ANY_TIME = settings(deadline=None, max_examples=150)


@ANY_TIME
@given(stories)
def test_any_order_of_commands_leaves_a_valid_launch(story: Sequence[Move]) -> None:
    assert_valid(fold(entries_of(story)))


@ANY_TIME
@given(st.lists(st.tuples(st.sampled_from((0, 1)), st.one_of(st.none(), moves)), min_size=20, max_size=70))
def test_any_interleaving_of_two_writers_leaves_a_valid_launch(turns: Sequence[tuple[int, Move | None]]) -> None:
    record = list(decided(None, start()))
    views = [fold(record), fold(record)]
    for day, (writer, move) in enumerate(turns):
        if move is None:  # this writer reads
            views[writer] = fold(record)
            continue
        added = moved(views[writer], move, NOW + timedelta(days=day))
        if added and added[0].seq != len(record) + 1:  # a conflict: read again, decide again
            views[writer] = fold(record)
            added = moved(views[writer], move, NOW + timedelta(days=day))
        record += added
        assert [entry.seq for entry in record] == list(range(1, len(record) + 1))
    assert_valid(fold(record))


@ANY_TIME
@given(stories, commands)
def test_deciding_twice_gives_the_same_and_changes_nothing(story: Sequence[Move], command: Command) -> None:
    launch = fold(entries_of(story))
    before = deepcopy(launch)
    assert decide(launch, command, NOW) == decide(launch, command, NOW)
    assert launch == before


@ANY_TIME
@given(stories, commands)
def test_a_refusal_changes_nothing_but_the_form_it_came_through(story: Sequence[Move], command: Command) -> None:
    launch = fold(entries_of(story))
    answer = decide(launch, command, NOW)
    if not isinstance(answer, Refusal) or not (tried := attempt(launch, command, answer, NOW)):
        return
    after = fold(tried, onto=launch)
    assert len(tried) == 1
    for key, state in after.items.items():
        was = launch.items[key]
        assert replace(state, run=was.run, runs=was.runs, notice=was.notice) == was
    assert replace(after, items=launch.items, seq=launch.seq, updated_at=launch.updated_at) == launch


def kept(launch: Launch, command: Command) -> Entry:
    (tried,) = decided(launch, command)
    return tried


def test_a_refused_try_is_recorded_with_its_reason() -> None:
    tried = kept(begun(), sign(Actor("mallory@example.com"), "qa"))
    assert isinstance(tried.data, Refused)
    assert (tried.actor, tried.data.item) == ("mallory@example.com", "qa")
    assert tried.data.reason == "mallory@example.com is not a person of this organisation"


def test_a_refused_try_says_how_it_came_in() -> None:
    typed = replace(sign(ADA, "qa"), via="link", address="192.0.2.7", shown="5" * 64)
    (tried,) = attempt(begun(), typed, Refusal("this link was used"), NOW)
    assert isinstance(tried.data, Refused)
    assert (tried.data.via, tried.data.address, tried.data.shown) == ("link", "192.0.2.7", "5" * 64)
    assert (tried.data.proof, tried.data.reason) == (ADA.proof, "this link was used")


@pytest.mark.parametrize(
    ("typed", "actor"), [("", "nobody"), ("x" * 300, "x" * 254), ("ada\ud800@example.com", "ada?@example.com")]
)
def test_whatever_was_typed_as_an_address_can_be_recorded(typed: str, actor: str) -> None:
    assert kept(begun(), sign(Actor(typed), "qa")).actor == actor


@pytest.mark.parametrize(
    ("command", "what"),
    [
        (sign(ADA, "nothing"), "sign"),
        (Hold(by=ADA, reason="frozen"), "hold"),
        (AddEvidence(by=ADA, item="nothing", evidence={}), "add evidence"),
    ],
)
def test_a_refused_try_on_the_whole_launch_is_recorded_too(command: Command, what: str) -> None:
    launch, tried = begun(), kept(begun(), replace(command, address="192.0.2.7", shown="9f" * 40, via="api"))
    assert isinstance(tried.data, Denied)
    assert (tried.actor, tried.data.what, tried.data.via) == (ADA.email, what, "api")
    assert (tried.data.proof, tried.data.address, tried.data.shown) == ("asserted", "192.0.2.7", "9f" * 32)
    assert statuses(fold((tried,), onto=launch)) == statuses(launch)


def test_nothing_is_written_after_the_end() -> None:
    assert isinstance(decide(finished(begun()), sign(ADA, "qa"), NOW), Refusal)
    assert decided(finished(begun()), sign(ADA, "qa")) == ()


def test_five_wrong_codes_lock_a_form_until_new_ones_are_mailed() -> None:
    launch = begun()
    for _ in range(5):
        assert not launch.items["qa"].is_locked
        launch = told(launch, WrongCode(by=Actor("nobody", proof="code"), item="qa"))
    assert launch.items["qa"].is_locked
    assert not told(launch, Ask(by=EVE, item="qa", people=(ADA.email,))).items["qa"].is_locked


def test_a_refused_answer_closes_its_form_and_the_next_one_says_why() -> None:
    tried = fold(decided(begun(), Complete(by=ADA, item="guide", number=1)), onto=begun())
    assert (tried.items["guide"].run, tried.items["guide"].runs) == (None, 1)
    assert tried.items["guide"].notice == "guide belongs to docs; Ada does not hold that role"


@pytest.mark.parametrize(("round_", "number"), [(1, 1), (1, 2), (None, 1), (2, 1), (2, 9)])
def test_a_refused_old_answer_leaves_the_live_form_open(round_: int | None, number: int) -> None:
    launch = told(begun(), sign(ADA, "qa", "request-changes"))
    after = fold(decided(launch, sign(Actor("x@example.com"), "qa", round_=round_, number=number)), onto=launch)
    assert launch.items["qa"].run is not None
    assert after.items["qa"] == launch.items["qa"]


def test_an_answer_may_arrive_before_its_form_is_written_down() -> None:
    launch = fold(decided(None, start()))
    for _ in ("opened", "attached"):
        launch = fold(moved(launch, Steps(1), NOW), onto=launch)
    assert launch.items["qa"].run is None
    signed = fold(decided(launch, sign(ADA, "qa", number=1, round_=1)), onto=launch)
    assert (signed.items["qa"].runs, signed.items["qa"].run) == (1, None)
    assert ADA.email in signed.items["qa"].approvals


def test_nothing_is_asked_of_a_launch_nobody_started() -> None:
    assert refused(None, sign(ADA, "qa")) == "no such launch; `tminus list` shows the launches there are"


def test_an_item_put_into_the_checklist_file_changes_no_running_launch() -> None:
    launch = told(begun(), sign(ADA, "qa"))
    changed = {"first": CHECKLIST.items["guide"], **CHECKLIST.items}
    assert decided(launch, start(Checklist(checklist="example", items=changed))) == ()


def test_a_command_nobody_has_a_rule_for_is_a_mistake_of_ours() -> None:
    with pytest.raises(TypeError, match="no rule for Command"):
        decide(begun(), Command(by=ADA), NOW)

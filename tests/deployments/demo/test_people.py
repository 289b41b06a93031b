"""What the simulated people would do next, seen from any launch."""

from __future__ import annotations

from dataclasses import replace

import pytest

from checklists.commands import TMINUS, Actor, Command, Complete, Hold, Rerun, Sign, Waive, Word
from checklists.entries import Decision, Piece, Via
from checklists.files.load import load_checklist
from checklists.files.organisation_file import read_organisation
from checklists.launch import Launch
from checklists.notes.rewriting import Text
from checklists.people import Directory
from deployments.demo.history import FEATURES, Feature
from deployments.demo.people import BY_FORM, KEEPS_GOING, Act, next_acts
from deployments.demo.play import ORGANISATION
from deployments.demo.writing import edited
from tests.checklists.bound import retag
from tests.checklists.launches import NOW, begun, report, start, told

ORGANISED = read_organisation(ORGANISATION)
PEOPLE, DIRECTORY = ORGANISED.people, ORGANISED.directory()
LIBRARY = ("saas-feature", "library-release", "hotfix", "internal-tool", "base")


def launch_of(name: str) -> Launch:
    return begun(replace(start(load_checklist(name).checklist, on=None), directory=DIRECTORY))


def actor(address: str) -> Actor:
    return DIRECTORY.actor(address, NOW)


def command(act: Act) -> Command:
    by = actor(act.person)
    if act.what == "complete":
        return Complete(by=by, item=act.item, comment=act.comment)
    if act.what == "rerun":
        return Rerun(by=by, item=act.item)
    if act.what == "waive":
        return Waive(by=by, item=act.item, reason=act.comment)
    if act.what == "write":
        return Word(by=by, item=act.item, texts={"customer": Text("Edited.\n")})
    decision: Decision = "approve" if act.what == "confirm" else act.what
    via: Via = "form" if act.is_by_form else "command"
    evidence = {name: Piece(url=f"https://pages.example/{name}") for name in act.evidence}
    return Sign(
        by=by, item=act.item, decision=decision, comment=act.comment, evidence=evidence, number=act.number, via=via
    )


def played(launch: Launch) -> tuple[Launch, list[Act]]:
    """The launch at its end, and all that people did for it. Fails where one of them is refused."""
    done: list[Act] = []
    for _ in range(100):
        acts = next_acts(launch, DIRECTORY, NOW)
        working = [state for state in launch.items.values() if state.status == "running"]
        if not acts and not working:
            return launch, done
        launch = told(launch, *map(command, acts[:1]))
        launch = told(launch, *(report(state.key, round_=state.round) for state in working))
        done += acts[:1]
    raise AssertionError("the launch does not come to an end")


@pytest.mark.parametrize("name", LIBRARY)
def test_the_people_carry_every_checklist_of_the_library_to_its_end(name: str) -> None:
    launch, _ = played(launch_of(name))
    assert launch.status == "closed"


@pytest.mark.parametrize("name", LIBRARY)
def test_one_gate_is_sent_back_once_and_passes_in_round_two(name: str) -> None:
    launch, acts = played(launch_of(name))
    (no,) = (act for act in acts if act.what == "request-changes")
    assert no.comment
    assert {key: state.round for key, state in launch.items.items() if state.round > 1} == {no.item: 2}


def test_two_signatures_go_through_the_form_and_the_others_do_not() -> None:
    _, acts = played(launch_of("saas-feature"))
    by_form = [act.item for act in acts if act.is_by_form]
    assert len(by_form) == len(set(by_form)) == BY_FORM
    assert len([act for act in acts if act.what == "approve" and not act.is_by_form]) > BY_FORM


def test_nobody_signs_a_gate_twice() -> None:
    launch, _ = played(launch_of("saas-feature"))
    qa = [signature.by for signature in launch.items["qa-signoff"].signatures]
    assert sorted(qa) == ["ben@example.com", "kim@example.com"]


def test_somebody_answers_what_a_moved_tag_means() -> None:
    moved = told(launch_of("saas-feature"), retag("9f2c" * 10, by=TMINUS, via="webhook"))
    assert moved.unanswered == ("question-1",)
    ended, done = played(moved)
    assert ended.closed_at is not None
    (answer,) = [act for act in done if act.item == "question-1"]
    assert (answer.what, answer.comment) == ("complete", KEEPS_GOING)


def test_the_same_launch_leads_to_the_same_acts() -> None:
    launch = launch_of("saas-feature")
    assert next_acts(launch, DIRECTORY, NOW) == next_acts(launch, DIRECTORY, NOW) != ()


def test_who_signs_first_brings_the_evidence_that_is_asked_for() -> None:
    launch = launch_of("saas-feature")
    acts = {act.item: act for act in next_acts(launch, DIRECTORY, NOW)}
    assert (acts["qa-signoff"].evidence, acts["qa-signoff"].is_by_form) == (("test-report",), True)

    signed = told(launch, command(acts["qa-signoff"]))
    assert {act.item: act for act in next_acts(signed, DIRECTORY, NOW)}["qa-signoff"].evidence == ()


def test_notes_that_lack_words_are_written_by_their_owner() -> None:
    launch = launch_of("saas-feature")
    found = ("customer abc: it has no words for this audience",)
    drafted = Word(by=TMINUS, item="notes", texts={"customer": Text("Drafted.\n")}, findings=found)
    act = next(act for act in next_acts(told(launch, drafted), DIRECTORY, NOW) if act.item == "notes")
    assert (act.what, act.person) == ("write", "eva@example.com")


@pytest.mark.parametrize("feature", FEATURES)
def test_what_they_write_is_for_customers_and_leaves_the_words_of_others_alone(feature: Feature) -> None:
    draft = f"## New\n\n- **{feature.slug}:** {feature.gain}\n- Somebody wrote this.\n"
    words = edited(draft)
    assert feature.promise in words
    assert feature.gain not in words
    assert "- Somebody wrote this.\n" in words
    assert edited(words) == words


def test_nobody_acts_while_the_launch_is_on_hold() -> None:
    launch = told(launch_of("saas-feature"), Hold(by=actor("ada@example.com"), reason="wait"))
    assert next_acts(launch, DIRECTORY, NOW) == ()


def test_nobody_acts_on_a_closed_launch() -> None:
    launch, _ = played(launch_of("hotfix"))
    assert next_acts(launch, DIRECTORY, NOW) == ()


def test_what_failed_is_run_again_by_its_owner() -> None:
    launch = told(launch_of("internal-tool"), report("runbook", ok=False))
    assert Act("dan@example.com", "runbook", 1, "rerun") in next_acts(launch, DIRECTORY, NOW)


def test_a_gate_that_nobody_can_sign_is_left_alone() -> None:
    alone = Directory(tuple(member for member in DIRECTORY.members if member.email == "ben@example.com"))
    acts = next_acts(launch_of("saas-feature"), alone, NOW)
    assert [act.item for act in acts] == ["qa-signoff"]

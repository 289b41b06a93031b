"""What becomes of a release: its launch hears of it once, in whatever order it is told, and nothing is lost."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import timedelta
from itertools import permutations
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from checklists.commands import Abandon, Complete, Word
from checklists.launch import Launch
from checklists.notes.rewriting import Text
from checklists.people import Actor
from checklists.request import LaunchRequest
from deployments.wiring import print_launch
from tasks.act import act
from tasks.intake.following import NO_LAUNCH, follow
from tasks.intake.receiving import Kept, keep
from tasks.intake.told import ReleaseDeleted, ReleaseEdited, TagDeleted, Tagged, Told
from tasks.opening import open_launch
from tasks.patrol import patrol
from tests.tasks.changes.repository import repository
from tests.tasks.worlds import Place, place, work

NAME = "acme-2.4.0"
COMMIT, OTHER = "9f2c" * 10, "1b3d" * 10
EVA = Actor("eva@example.com", "Eva Endo", ("launch-managers",))
ABOUT = {"repository": "example-org/acme", "tag": "v2.4.0", "requested_by": "github:ada"}
CREATED = Tagged(**ABOUT)
PUSHED = CREATED.model_copy(update={"commit": COMMIT})
PUBLISHED = CREATED.model_copy(update={"notes": "Faster exports", "url": "https://github.com/x"})
EDITED = ReleaseEdited(**ABOUT, notes="Much faster exports")
UNPUBLISHED = ReleaseDeleted(**ABOUT)
GONE = TagDeleted(**ABOUT)
MOVED = CREATED.model_copy(update={"commit": OTHER})
EVENTS: tuple[Told, ...] = (CREATED, PUSHED, PUBLISHED, EDITED, UNPUBLISHED, GONE)
ORGANISATION = """organisation: Example
people:
  eva@example.com: {name: Eva Endo, roles: [launch-managers]}
  dan@example.com: {name: Dan, roles: [docs]}
products:
  acme: {title: Acme, repository: example-org/acme, checklists: {major: small, minor: small, patch: small}}
"""
CHECKLIST = """checklist: small
items:
  notes: {notes: {audiences: [customer]}, owner: docs}
  docs: {gate: Docs are right, sign: [1 of docs], bound-to: notes, needs: [notes]}
  go: {gate: Go, sign: [1 of launch-managers], needs: [docs]}
"""


def made(folder: Path) -> Place:
    folder.mkdir(parents=True, exist_ok=True)
    at = place(folder)
    (folder / "organisation.yaml").write_text(ORGANISATION)
    (folder / "small.yaml").write_text(CHECKLIST)
    given = at.world.settings.model_copy(update={"checklists": (folder,)})
    return replace(at, world=replace(at.world, settings=given))


@pytest.fixture
def at(tmp_path: Path) -> Iterator[Place]:
    here = made(tmp_path / "home")
    yield here
    here.ledger.dispose()


def tell(at: Place, told: Told, mark: str = "once") -> Kept:
    return keep(at.world, told, "event", "delivery", f"{type(told).__name__}-{mark}")


def rounds(at: Place, count: int = 4) -> None:
    """What the patrol does of it, a while later."""
    for _ in range(count):
        at.clock.wait(timedelta(minutes=3))
        patrol(at.world)


def begun(at: Place, *events: Told) -> Launch:
    for told in events or (PUSHED, PUBLISHED):
        tell(at, told)
    rounds(at)
    return at.launch(NAME)


def questions(at: Place) -> list[str]:
    launch = at.launch(NAME)
    return sorted(launch.questions[key].cause for key in launch.unanswered)


def test_a_deleted_tag_is_a_question_and_nothing_else_changes(at: Place) -> None:
    before = begun(at)
    kept = tell(at, GONE)
    assert (kept.launch, at.launch(NAME).seq) == (NAME, before.seq)
    assert follow(at.world, kept.follow or "") == f"{NAME}: GitHub says that ada deleted the tag v2.4.0."
    launch = at.launch(NAME)
    assert questions(at) == ["tag-deleted"]
    assert (launch.release, launch.status, launch.held) == (before.release, before.status, None)
    assert {key: launch.items[key].status for key in before.items} == {k: s.status for k, s in before.items.items()}
    assert [run.name for run in at.board.runs.values() if "what now?" in run.name] != []


def test_a_deleted_tag_that_git_still_has_raises_no_question(at: Place, tmp_path: Path) -> None:
    source = repository(tmp_path / "source")
    commit = source.commit("begin")
    source.tag("v2.4.0")
    file = at.world.organisation_file.file
    file.write_text(ORGANISATION.replace("{title: Acme,", f"{{title: Acme, git: {source.folder},"))
    before = begun(at, CREATED.model_copy(update={"commit": commit}))
    key = tell(at, GONE).follow or ""
    assert follow(at.world, key) == f"{NAME}: git still has its tag, and is asked once more"
    assert questions(at) == []
    at.clock.wait(timedelta(minutes=3))
    assert f"git has the tag, at {commit[:12]}, where it was" in follow(at.world, key)
    assert follow(at.world, key) == ""
    rounds(at)
    after = at.launch(NAME)
    assert (questions(at), after.questions, after.release) == ([], {}, before.release)
    source.git("tag", "--delete", "v2.4.0")
    follow(at.world, tell(at, GONE, "and now it is gone").follow or "")
    assert questions(at) == ["tag-deleted"]


def test_what_is_told_again_is_asked_once_also_after_it_was_answered(at: Place) -> None:
    begun(at)
    first = tell(at, GONE)
    follow(at.world, first.follow or "")
    assert tell(at, GONE).follow is None
    follow(at.world, tell(at, GONE, "the other event of it").follow or "")
    assert list(at.launch(NAME).questions) == ["question-1"]
    act(at.world, NAME, Complete(by=EVA, item="question-1", comment="it was a typo in the tag's message"))
    assert tell(at, GONE).follow is None
    follow(at.world, tell(at, GONE, "a third one").follow or "")
    assert questions(at) == []


def test_a_deleted_release_is_a_question_of_its_own(at: Place) -> None:
    begun(at)
    for told in (GONE, UNPUBLISHED):
        follow(at.world, tell(at, told).follow or "")
    assert questions(at) == ["release-deleted", "tag-deleted"]


def test_a_moved_tag_is_followed_and_asked_about(at: Place) -> None:
    begun(at)
    follow(at.world, tell(at, MOVED).follow or "")
    launch = at.launch(NAME)
    assert (launch.release.commit, launch.past_commits, questions(at)) == (OTHER, (COMMIT,), ["tag-moved"])


def test_edited_notes_are_the_draft_where_nobody_has_written(at: Place) -> None:
    begun(at, PUSHED, PUBLISHED)
    drafted(at)
    assert "Faster exports" in at.launch(NAME).items["notes"].wordings["customer"].words
    follow(at.world, tell(at, EDITED).follow or "")
    launch = at.launch(NAME)
    words = launch.items["notes"].wordings["customer"].words
    assert ("Much faster exports" in words, "- Faster exports" in words) == (True, False)
    assert launch.release.notes == "Much faster exports"


def drafted(at: Place) -> None:
    from checklists.request import ItemRun
    from tasks.notes.drafting import drafted_by_machine

    state = at.launch(NAME).items["notes"]
    run = ItemRun(launch_id=NAME, item="notes", round=state.round, number=state.number, form="work")
    act(at.world, NAME, drafted_by_machine(at.world, run))
    rounds(at, 1)


def test_edited_notes_take_no_word_from_a_person(at: Place) -> None:
    begun(at, PUSHED, PUBLISHED)
    drafted(at)
    there = at.launch(NAME).items["notes"].wordings["customer"]
    mine = Text(there.words.replace("Faster exports", "Exports in half the time"), there.seen)
    dan = Actor("dan@example.com", "Dan", ("docs",))
    act(at.world, NAME, Word(by=dan, item="notes", texts={"customer": mine}))
    follow(at.world, tell(at, EDITED).follow or "")
    launch = at.launch(NAME)
    assert launch.items["notes"].wordings["customer"].words == mine.words
    assert launch.release.notes == "Much faster exports"


def test_an_edit_after_approval_opens_the_gate_that_signs_the_words(at: Place) -> None:
    from checklists.commands import Sign

    begun(at, PUSHED, PUBLISHED)
    drafted(at)
    dan = Actor("dan@example.com", "Dan", ("docs",))
    act(at.world, NAME, Sign(by=dan, item="docs", decision="approve"))
    assert at.launch(NAME).items["docs"].status == "passed"
    follow(at.world, tell(at, EDITED).follow or "")
    rounds(at, 1)
    docs = at.launch(NAME).items["docs"]
    assert (docs.status, docs.round, docs.because) == ("open", 2, "content")


def test_what_was_written_back_by_us_is_no_edit(at: Place) -> None:
    begun(at, PUSHED, PUBLISHED)
    drafted(at)
    words, seq = at.launch(NAME).items["notes"].wordings["customer"].words, at.launch(NAME).seq
    kept = tell(at, EDITED.model_copy(update={"notes": words}))
    assert "what was written here" in follow(at.world, kept.follow or "")
    assert at.launch(NAME).seq == seq


def test_what_comes_before_its_launch_is_taken_out_again_when_that_begins(at: Place) -> None:
    key = tell(at, EDITED).follow
    assert NO_LAUNCH in follow(at.world, key or "")
    assert begun(at, PUBLISHED).release.notes == "Much faster exports"
    receipt = at.ledger.receipts.find(key or "")
    assert receipt is not None
    assert (receipt.state, receipt.launch_id) == ("started", NAME)


def test_a_launch_that_is_over_says_why_nothing_came_of_it(at: Place) -> None:
    begun(at)
    act(at.world, NAME, Abandon(by=EVA, reason="enough"))
    key = tell(at, GONE).follow or ""
    assert "nothing can be changed any more" in follow(at.world, key)
    assert follow(at.world, key) == ""


def test_what_belongs_to_no_product_is_kept_with_its_reason(at: Place) -> None:
    kept = tell(at, GONE.model_copy(update={"repository": "some/body"}))
    assert (kept.follow, isinstance(kept.launch, str)) == (None, False)
    (receipt,) = at.ledger.receipts.unclaimed()
    assert "no product in the organisation file" in receipt.reason


def test_a_release_that_is_started_by_hand_hears_of_what_came_before(at: Place) -> None:
    follow(at.world, tell(at, GONE).follow or "")
    open_launch(at.world, LaunchRequest(product="acme", version="2.4.0"), by=EVA)
    rounds(at, 1)
    assert questions(at) == ["tag-deleted"]


def told_in_this_order(folder: Path, events: Sequence[Told], pauses: Sequence[bool]) -> tuple[object, ...]:
    """Where a launch stands after these events; after some of them time passes, and the patrol goes round."""
    at = made(folder)
    try:
        for place_, (told, pause) in enumerate(zip(events, pauses, strict=True)):
            kept = tell(at, told, f"{EVENTS.index(told)}")
            if kept.follow and place_ % 2:  # by whoever answered, or later by the patrol
                follow(at.world, kept.follow)
            if pause:
                rounds(at, 1)
        rounds(at)
        work(at)
        launch = at.launch(NAME)
        release = launch.release
        assert [one.id for one in map(at.launch, [head.launch_id for head in at.ledger.heads()])] == [NAME]
        assert not at.ledger.receipts.waiting(at.clock() + timedelta(days=1))
        return release.commit, release.notes, release.url, questions(at), launch.status
    finally:
        at.ledger.dispose()


@settings(max_examples=12)
@given(
    order=st.permutations([*EVENTS, PUBLISHED, EDITED, GONE]),
    pauses=st.lists(st.booleans(), min_size=9, max_size=9),
)
def test_every_order_and_every_repetition_ends_the_same(
    tmp_path_factory: pytest.TempPathFactory, order: list[Told], pauses: list[bool]
) -> None:
    ended = told_in_this_order(tmp_path_factory.mktemp("order") / "home", order, pauses)
    expected = ["release-deleted", "tag-deleted"]
    assert ended == (COMMIT, "Much faster exports", "https://github.com/x", expected, "in-progress")


@pytest.mark.parametrize("order", list(permutations((PUBLISHED, EDITED, UNPUBLISHED))), ids=range(6))
def test_every_order_of_three_events_without_a_pause(tmp_path: Path, order: tuple[Told, ...]) -> None:
    commit, notes, _, asked, _ = told_in_this_order(tmp_path / "home", order, (False, False, False))
    assert (commit, notes, asked) == (None, "Much faster exports", ["release-deleted"])


def test_show_says_what_happened_and_how_to_answer(at: Place, capsys: pytest.CaptureFixture[str]) -> None:
    begun(at)
    follow(at.world, tell(at, GONE).follow or "")
    print_launch(at.world, at.launch(NAME), json=False)
    told = capsys.readouterr().out
    assert "question-1: GitHub says that ada deleted the tag v2.4.0." in told
    assert f"tminus complete {NAME} question-1 --comment WHY" in told

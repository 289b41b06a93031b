"""The notes of a launch: drafted from its repository, mended by people, and different for those who read them."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from checklists import commands as c
from checklists.checklist import Checklist
from checklists.commands import Start
from checklists.decide import Refusal
from checklists.entries import Difference, Release
from checklists.launch import ItemState
from checklists.notes.rewriting import Text
from checklists.request import ItemRun
from tasks.act import act, begin
from tasks.advance import advance
from tasks.notes.drafting import drafted_by_machine, findings, material_of
from tests.checklists.launches import DAN, DIRECTORY, EVE
from tests.checklists.launches import start as usual
from tests.tasks.changes.repository import Repository, repository
from tests.tasks.worlds import Place, place

NAME = "acme-2.0.0"
CHECKLIST = Checklist.model_validate(
    {"checklist": "x", "items": {"notes": {"notes": {"audiences": ["customer", "internal"]}, "owner": "docs"}}}
)
EXPORTS = """feat: write reports every night (#41)

Release-Note: Reports come by themselves, every night.
"""


@pytest.fixture
def repo(tmp_path: Path) -> Repository:
    made = repository(tmp_path / "repo")
    made.commit("begin")
    made.commit("docs: say what it is for")
    made.tag("v1.0.0")
    made.commit(EXPORTS)
    made.commit("refactor: tidy up")
    made.tag("v2.0.0")
    return made


@pytest.fixture
def at(tmp_path: Path, repo: Repository) -> Iterator[Place]:
    made = place(tmp_path)
    file = tmp_path / "organisation.yaml"
    file.write_text(file.read_text().replace("{title: Acme}", f"{{title: Acme, git: {repo.folder}}}"))
    yield made
    made.ledger.dispose()


def begun(at: Place, repo: Repository, notes: str = "", **more: object) -> ItemState:
    base, head = (repo.git("rev-parse", f"{tag}^{{}}") for tag in ("v1.0.0", "v2.0.0"))
    release = Release(product="acme", title="Acme", version="2.0.0", tag="v2.0.0", commit=head, notes=notes)
    command: Start = usual(CHECKLIST, version="2.0.0", on=None)
    asked = {**{name: getattr(command, name) for name in ("by", "folder", "calendar")}, "directory": DIRECTORY, **more}
    difference = asked.pop("difference", Difference(base=base, head=head))
    checklist = asked.pop("checklist", CHECKLIST)
    launch = begin(at.world, Start(release=release, checklist=checklist, difference=difference, **asked))
    assert not isinstance(launch, Refusal)
    return advance(at.world, launch.id).items["notes"]


def draft(at: Place) -> ItemState:
    state = at.launch(NAME).items["notes"]
    run = ItemRun(launch_id=NAME, item="notes", round=state.round, number=state.number, form="work")
    launch = act(at.world, NAME, drafted_by_machine(at.world, run))
    assert not isinstance(launch, Refusal)
    return launch.items["notes"]


def test_each_audience_gets_a_draft_of_its_own(at: Place, repo: Repository) -> None:
    begun(at, repo)
    state = draft(at)
    assert state.status == "passed"
    assert state.wordings["customer"].words == "## New\n\n- Reports come by themselves, every night.\n"
    assert "Tidy up" in state.wordings["internal"].words
    assert "Tidy up" not in state.wordings["customer"].words


def test_a_change_without_words_holds_the_notes_back_until_somebody_writes_them(at: Place, repo: Repository) -> None:
    repo.commit("feat: saved views")
    repo.git("tag", "--force", "v2.0.0")
    begun(at, repo)
    waiting = draft(at)
    assert waiting.status == "failed"
    assert any('"saved views" has no text for customers yet' in finding for finding in waiting.findings)
    there = waiting.wordings["customer"]
    better = Text(there.words.replace("- Saved views", "- Keep your filters under a name."), there.seen)
    launch = at.launch(NAME)
    left = findings(at.world, launch, waiting, {"customer": better}, material_of(at.world, launch, waiting))
    assert left == ()
    mended = act(at.world, NAME, c.Word(by=DAN, item="notes", texts={"customer": better}, findings=left))
    assert not isinstance(mended, Refusal)
    assert mended.items["notes"].status == "passed"


def test_drafting_again_keeps_what_a_person_wrote(at: Place, repo: Repository) -> None:
    begun(at, repo)
    there = draft(at).wordings["customer"]
    act(at.world, NAME, c.Word(by=DAN, item="notes", texts={"customer": Text("Mine, all mine.", there.seen)}))
    assert draft(at).wordings["customer"].words == "Mine, all mine."


def test_without_a_repository_the_release_speaks_for_itself(at: Place, repo: Repository) -> None:
    begun(at, repo, notes="Faster exports", difference=None)
    assert "Faster exports" in draft(at).wordings["customer"].words


def test_a_repository_that_cannot_be_read_is_a_finding(at: Place, repo: Repository) -> None:
    begun(at, repo, notes="Faster", difference=Difference(base="a" * 40, head="b" * 40))
    state = draft(at)
    assert state.status == "failed"
    assert "the changes cannot be read" in state.findings[0]


def test_notes_of_nothing_lack_everything(at: Place, repo: Repository) -> None:
    begun(at, repo, difference=None)
    assert any("the text is empty" in finding for finding in draft(at).findings)


def test_a_dead_link_is_a_finding(at: Place, repo: Repository) -> None:
    begun(at, repo, notes="See http://127.0.0.1:9/nothing", difference=None)
    assert any("127.0.0.1" in finding for finding in draft(at).findings)


def test_launch_managers_may_write_notes_too(at: Place, repo: Repository) -> None:
    begun(at, repo)
    draft(at)
    launch = act(at.world, NAME, c.Word(by=EVE, item="notes", texts={"internal": Text("Short.")}))
    assert not isinstance(launch, Refusal)
    assert launch.items["notes"].wordings["internal"].by == EVE.email


def test_a_copy_that_lacks_older_commits_is_said_and_lets_nothing_pass(at: Place, repo: Repository) -> None:
    """As where an organisation file names the checkout of a CI job."""
    folder = repo.folder.with_name("shallow")
    repo.git("clone", "--quiet", "--depth=3", f"file://{repo.folder}", str(folder))
    file = at.world.organisation_file.file
    file.write_text(file.read_text().replace(f"git: {repo.folder}", f"git: {folder}"))
    begun(at, repo)
    state = draft(at)
    assert (state.status, len(state.findings)) == ("failed", 1)
    assert "is a shallow copy: older changes may be missing; name the whole repository" in state.findings[0]


@pytest.mark.parametrize("more", ["", "feat: saved views"])
def test_how_many_nobody_sorted_is_said_and_holds_nothing_back(at: Place, repo: Repository, more: str) -> None:
    for subject in filter(None, ("Drop the old login", "Drop the older login", more)):
        repo.commit(subject)
    repo.git("tag", "--force", "v2.0.0")
    begun(at, repo)
    state = draft(at)
    assert state.status == ("failed" if more else "passed")
    assert state.summary.endswith("2 changes follow no convention and have no words for everybody")


def test_a_repository_that_is_away_changes_no_words(at: Place, repo: Repository) -> None:
    begun(at, repo)
    words = draft(at).wordings["customer"].words
    away = repo.folder.rename(repo.folder.with_name("away"))
    state = draft(at)
    assert (state.status, state.wordings["customer"].words) == ("failed", words)
    assert "the changes cannot be read" in state.findings[0]
    away.rename(repo.folder)
    state = draft(at)
    assert (state.status, state.wordings["customer"].words) == ("passed", words)

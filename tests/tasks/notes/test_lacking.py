"""Every kind of finding in a launch's notes names the change, its commit and the remedy, and holds them back."""

from __future__ import annotations

import pytest

from checklists.notes.rewriting import Text
from checklists.notes.style import Style
from tasks.notes.drafting import findings, material_of
from tasks.notes.lacking import lacking
from tests.tasks.changes.repository import Repository
from tests.tasks.checks.site import Site, says
from tests.tasks.notes.test_drafting import NAME, begun, draft, repo
from tests.tasks.notes.test_drafting import at as at
from tests.tasks.worlds import Place

__all__ = ["repo"]
STYLE = "style: {banned: {utilise: use}, required: [Acme Cloud], internal-hosts: [.acme.example]}"
TERM = "Acme Cloud"


def said_of(at: Place, repo: Repository, message: str) -> tuple[list[str], str]:
    """What is found in the notes for customers where a release has this commit, too; and its short hash."""
    commit = repo.commit(message)
    repo.tag("v2.0.0")
    file = at.world.organisation_file.file
    file.write_text(file.read_text().replace("{title: Acme, ", f"{{title: Acme, {STYLE}, "))
    begun(at, repo)
    state = draft(at)
    assert state.status == "failed"
    return [one for one in state.findings if one.startswith("customer")], commit[:10]


@pytest.mark.parametrize(
    ("message", "problem", "remedy"),
    [
        (
            f"feat: {TERM} keeps views (#50)",
            f'"{TERM} keeps views" has no text for customers yet',
            "write one here, or in a `release-note customer` block or a fragment in the repository; "
            "NONE there if customers need not know",
        ),
        (
            f"fix!: rename keys (#50)\n\nRelease-Note: {TERM} has other keys.\n",
            '"rename keys" breaks something and does not say what a reader must do',
            "add `Action-Required: ...` or `BREAKING CHANGE: ...`",
        ),
        (
            f"feat: views (#50)\n\nRelease-Note: {TERM} TODO\n",
            f'"TODO" in "{TERM} TODO" is a placeholder',
            "write what changed",
        ),
        (
            f"feat: views (#50)\n\nRelease-Note: {TERM} can utilise views.\n",
            '"utilise" is not a word of ours',
            'write "use"',
        ),
        (
            f"feat: views (#50)\n\nRelease-Note: {TERM} with password: hunter2hunter2\n",
            "this looks like a secret",
            "take it out, and make it void where it was used",
        ),
        (
            f"feat: views (#50)\n\nRelease-Note: {TERM} at wiki.corp.internal now.\n",
            '"wiki.corp.internal" is a host of the house',
            "link to what this audience can open",
        ),
    ],
    ids=["no words", "breaks", "placeholder", "banned word", "secret", "internal host"],
)
def test_a_finding_names_the_change_its_commit_and_the_remedy(
    at: Place, repo: Repository, message: str, problem: str, remedy: str
) -> None:
    found, commit = said_of(at, repo, message)
    (one,) = [line for line in found if problem in line]
    assert one.startswith(f"customer #50 {commit}: ")
    assert remedy in one


def test_a_dead_link_is_laid_at_its_change_and_a_living_one_is_not(at: Place, repo: Repository) -> None:
    file = at.world.organisation_file.file
    file.write_text(f"{file.read_text()}allow-private-addresses: [127.0.0.0/8]\n")
    with Site() as site:
        site.pages["/there"] = says(200)
        links = f"{site.at('/there')} and {site.at('/gone')}"
        found, commit = said_of(at, repo, f"feat: views (#50)\n\nRelease-Note: {TERM}: {links}.\n")
        told = f"customer #50 {commit}: {site.at('/gone')} answers 404; correct or remove the link"
    assert [line for line in found if "answers" in line] == [told]


def test_a_missing_term_is_about_the_whole_text(at: Place, repo: Repository) -> None:
    found, _ = said_of(at, repo, "feat: views (#50)\n\nRelease-Note: Views are kept.\n")
    assert found == [f'customer: "{TERM}" does not appear; write it: the product\'s style list asks for it']


def test_what_a_person_wrote_anew_is_no_longer_laid_at_the_change(at: Place, repo: Repository) -> None:
    _, _ = said_of(at, repo, f"feat: views (#50)\n\nRelease-Note: {TERM} can utilise views.\n")
    launch = at.launch(NAME)
    state = launch.items["notes"]
    there = state.wordings["customer"]
    changes = material_of(at.world, launch, state)

    def left(words: str) -> list[str]:
        found = findings(at.world, launch, state, {"customer": Text(words, there.seen)}, changes)
        return [line for line in found if line.startswith("customer")]

    (one,) = left(there.words.replace("can utilise views", "lets you utilise views"))
    assert one.startswith("customer: line ")
    assert '"utilise" is not a word of ours' in one
    assert left(there.words.replace("utilise", "use")) == []


def test_words_that_cannot_be_laid_out_are_shown_as_they_are_and_found() -> None:
    (said,) = lacking(Text("> " * 30 + "Reports come by themselves.", {}), (), "customer", Style())
    assert said.startswith("customer: tables too wide, lists or emphasis too deep, or too many brackets: ")
    assert said.endswith("; make them fewer")

"""Links in drafts: for those who work there, never where readers may not go, and never followed as people's own are."""

from __future__ import annotations

import pytest

from checklists.notes.change import Change
from tasks.notes.links import links_for
from tasks.notes.passages import passages
from tests.tasks.changes.repository import Repository
from tests.tasks.notes.test_drafting import NAME, begun, draft, repo
from tests.tasks.notes.test_drafting import at as at
from tests.tasks.worlds import Place

__all__ = ["repo"]
LINK = "[#41](<https://github.com/acme/app/issues/41>)"


def with_product(at: Place, more: str) -> None:
    file = at.world.organisation_file.file
    file.write_text(file.read_text().replace("{title: Acme, ", f"{{title: Acme, {more}, "))


def test_those_who_work_on_it_get_links_and_customers_none(at: Place, repo: Repository) -> None:
    with_product(at, "repository: acme/app")
    begun(at, repo)
    state = draft(at)
    assert state.status == "passed", "links made from numbers are not followed"
    assert LINK in state.wordings["internal"].words
    said = state.wordings["customer"].words
    assert "41" not in said
    assert "http" not in said
    assert "Ada" not in said


def test_authors_are_links_for_the_house_and_none_for_customers(at: Place, repo: Repository) -> None:
    with_product(at, "repository: acme/app")
    repo.git("tag", "--delete", "v2.0.0")
    said = "Release-Note: Sort by name."
    repo.commit("feat: sort by name", by="Ada Abara <7+ada-a@users.noreply.github.com>", body=said)
    repo.tag("v2.0.0")
    begun(at, repo)
    state = draft(at)
    assert state.status == "passed", "pages of people are not followed"
    assert "Sort by name. · [Ada Abara](<https://github.com/ada-a>)\n" in state.wordings["internal"].words
    assert "ada" not in state.wordings["customer"].words.lower()


def test_without_a_known_host_the_number_is_text(at: Place, repo: Repository) -> None:
    with_product(at, "repository: acme/app, host: gitea")
    begun(at, repo)
    said = draft(at).wordings["internal"].words
    assert "(#41)" in said
    assert "http" not in said


@pytest.mark.parametrize(("audience", "count"), [("customer", 0), ("admin", 0), ("developer", 0), ("internal", 1)])
def test_a_host_of_the_house_is_for_the_house(at: Place, repo: Repository, audience: str, count: int) -> None:
    with_product(at, "repository: acme/app, style: {internal-hosts: [github.com]}")
    begun(at, repo)
    changes = [Change("a", "x", references=("#41",))]
    found = links_for(at.world, at.launch(NAME), changes, audience)  # type: ignore[arg-type]  # one of AUDIENCES
    assert len(found) == count


def test_what_people_wrote_beside_a_number_is_no_link() -> None:
    evil = "#41](https://evil.example.com)["
    change = Change("a", "x", type="feat", references=(evil, "#41"))
    (said,) = passages([change], "developer", {"#41": "https://github.com/acme/app/issues/41"})
    assert LINK in said.text
    assert "](https://evil" not in said.text

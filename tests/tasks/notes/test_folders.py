"""Notes of one package of a repository: what touches its folder, however it was merged, and nothing else."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from checklists.errors import LaunchError
from checklists.organisation import Product
from deployments.command import run
from tasks.notes.from_git import Draft, written
from tasks.notes.from_git import draft as drafted
from tests.tasks.changes.repository import BEN, Repository, repository
from tests.tasks.notes.test_drafting import at as at
from tests.tasks.notes.test_drafting import begun, draft, repo
from tests.tasks.worlds import Place

__all__ = ["repo"]


def by_host(made: Repository, said: str, branch: str) -> None:
    who = {"GIT_AUTHOR_NAME": "CI", "GIT_AUTHOR_EMAIL": "ci@example.com"}
    made.git("merge", "--quiet", "--no-ff", "-m", said, branch, said=b"", **who)


def merge(made: Repository, number: int, title: str, *commits: tuple[str, dict[str, str]]) -> None:
    """A pull request of these commits, brought in by a merge commit as hosts make it."""
    made.git("checkout", "--quiet", "-b", f"work-{number}")
    for said, files in commits:
        made.commit(said, files, by=BEN)
    made.git("checkout", "--quiet", "main")
    said = f"Merge pull request #{number} from ben/work-{number}\n\n{title}\n"
    by_host(made, said, f"work-{number}")


@pytest.fixture
def mono(tmp_path: Path) -> Repository:
    made = repository(tmp_path / "mono")
    made.commit("begin", {"packages/api/a.py": "0", "packages/web/a.py": "0"})
    made.tag("api@1.0.0")
    made.commit("feat: answer faster (#1)", {"packages/api/a.py": "1"})
    made.commit("feat: nicer colours (#2)", {"packages/web/a.py": "1"})
    api, web = {"packages/api/b.py": "1"}, {"packages/web/b.py": "1"}
    merge(made, 3, "Export reports", ("feat: export", api), ("fix: a typo", {"README.md": "x"}))
    merge(made, 4, "Dark mode", ("feat: dark", web))
    made.commit("docs: whole repository (#5)", {"README.md": "y"})
    made.tag("api@1.1.0")
    return made


def of(made: Repository, folder: str, span: str = "api@1.0.0..api@1.1.0") -> Draft:
    return drafted(made.folder, span, folder=folder)


def test_a_package_has_what_touches_its_folder_pull_requests_as_one(mono: Repository) -> None:
    found = of(mono, "packages/api")
    assert [(change.id, change.title) for change in found.changes] == [
        ("#3", "Export reports"),
        ("#1", "answer faster"),
    ]
    assert [author.name for author in found.changes[0].authors] == ["Ben"]
    assert len(found.changes[0].commits) == 2, "the merge and its commit in the folder, not the other one"
    assert [change.id for change in of(mono, "packages/web").changes] == ["#4", "#2"]
    assert found.commits == 2


def test_the_whole_repository_is_meant_where_nobody_names_a_folder(mono: Repository) -> None:
    assert [change.id for change in of(mono, "").changes] == ["#5", "#4", "#3", "#2", "#1"]
    assert of(mono, ".").changes == of(mono, "").changes


def test_a_pull_request_behind_a_merge_of_main_counts_once(mono: Repository) -> None:
    mono.git("checkout", "--quiet", "-b", "late", "api@1.0.0^{}")
    mono.commit("fix: limits", {"packages/api/c.py": "1"}, by=BEN)
    by_host(mono, "Merge branch 'main' into late", "main")
    mono.git("checkout", "--quiet", "main")
    said = "Merge pull request #6 from ben/late\n\nLimits that hold\n"
    by_host(mono, said, "late")
    mono.tag("api@1.2.0")
    found = of(mono, "packages/api", "api@1.0.0..api@1.2.0")
    assert [change.id for change in found.changes] == ["#6", "#3", "#1"]
    assert of(mono, "packages/web", "api@1.1.0..api@1.2.0").changes == ()


def test_what_was_taken_back_in_the_folder_is_gone(mono: Repository) -> None:
    taken = mono.commit("feat: beta", {"packages/api/d.py": "1"})
    mono.git("rm", "--quiet", "packages/api/d.py")
    mono.commit(f'Revert "feat: beta"\n\nThis reverts commit {taken}.\n')
    mono.tag("api@1.2.0")
    assert of(mono, "packages/api", "api@1.1.0..api@1.2.0").changes == ()


def test_a_changeset_is_its_packages_wherever_it_lies(mono: Repository) -> None:
    told = {
        ".changeset/brave-cats.md": '---\n"@acme/api": minor\n---\n\nAnswers come at once.\n',
        ".changeset/calm-dogs.md": '---\n"@acme/web": minor\n---\n\nOf the other package.\n',
        "packages/api/package.json": '{"name": "@acme/api"}',
    }
    mono.commit("chore: tell", told)
    mono.tag("api@1.1.0")
    said = written(of(mono, "packages/api"), "customer", "markdown")
    assert "Answers come at once." in said
    assert "other package" not in said


@pytest.mark.parametrize("package", ["[]", '{"name": 7}', "no json", "[" * 100_000])
def test_a_package_without_a_name_has_no_changesets(mono: Repository, package: str) -> None:
    told = {".changeset/cats.md": '---\n"7": minor\n---\n\nAt once.\n', "packages/api/package.json": package}
    mono.commit("chore: tell", told)
    mono.tag("api@1.1.0")
    assert "At once." not in written(of(mono, "packages/api"), "customer", "markdown")


@pytest.mark.parametrize("span", ["HEAD~1..--output=x", "api@1.0.0..--output=x"])
def test_a_tag_that_is_called_like_an_option_writes_nothing(
    mono: Repository, span: str, capsys: pytest.CaptureFixture[str]
) -> None:
    told = {
        ".changeset/brave-cats.md": '---\n"@acme/api": minor\n---\n\nAnswers come at once.\n',
        "packages/api/package.json": '{"name": "@acme/api"}',
        "x:packages/api/package.json": "of a folder that has git's own name for the file",
    }
    mono.commit("chore: tell", told)
    mono.git("update-ref", "refs/tags/--output=x", "HEAD")
    before = {file: file.read_bytes() for file in mono.folder.rglob("*") if file.is_file()}
    assert run(["notes", span, "--repo", str(mono.folder), "--path=packages/api"]) == 0
    assert "Answers come at once." in capsys.readouterr().out
    assert of(mono, "packages/api", "--output=x~1..--output=x").changes
    assert {file: file.read_bytes() for file in mono.folder.rglob("*") if file.is_file()} == before


def test_fragments_are_its_own_or_about_its_changes(mono: Repository) -> None:
    fragments = {
        "packages/api/newsfragments/+own.feature.md": "Its own.",
        "packages/web/newsfragments/1.feature.md": "Of the other package.",
        "newsfragments/1.feature.md": "Answers come at once.",
        "newsfragments/2.feature.md": "Of no change of it.",
    }
    mono.commit("chore: tell", fragments)
    mono.tag("api@1.1.0")
    said = written(of(mono, "packages/api"), "customer", "markdown")
    assert re.findall(r"^- (.*)$", said, re.MULTILINE) == ["Its own.", "Export reports", "Answers come at once."]


@pytest.mark.parametrize(
    "folder", ["packages/*", ":(top)", ":(glob)**", ":!packages/web", "--all", "-p", "--output=x", "pack"]
)
def test_a_folder_is_no_pattern_and_no_option(mono: Repository, folder: str) -> None:
    found = of(mono, folder)
    assert found.changes == ()
    assert f"holds no commits that touch {folder}" in found.warnings[0]
    assert not (mono.folder / "x").exists()


@pytest.mark.parametrize("folder", ["--all/[x]", ":(glob)**", ":!x"])
def test_a_folder_that_git_would_take_for_a_pattern_is_found_by_its_name(mono: Repository, folder: str) -> None:
    tell = {".changeset/cats.md": '---\n"@acme/odd": minor\n---\n\nAt once.\n'}
    mono.commit("feat: odd", {f"{folder}/package.json": '{"name": "@acme/odd"}'})
    mono.commit("chore: tell", tell)
    mono.tag("api@1.1.0")
    assert {change.title for change in of(mono, folder).changes} == {"odd", "At once."}


@pytest.mark.parametrize("folder", ["../other", "packages/../..", "/etc"])
def test_no_folder_outside_is_looked_at(mono: Repository, folder: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(LaunchError, match="such as packages/api"):
        of(mono, folder)
    with pytest.raises(ValueError, match="such as packages/api"):
        Product.model_validate({"title": "Acme", "folder": folder})
    assert run(["notes", "api@1.0.0..api@1.1.0", "--repo", str(mono.folder), "--path", folder]) == 1
    assert "such as packages/api" in capsys.readouterr().err


def test_the_command_counts_it_from_the_top_wherever_it_is_run(
    mono: Repository, capsys: pytest.CaptureFixture[str]
) -> None:
    words = ["notes", "api@1.1.0", "--path", "./packages/api/", "--audience", "developer"]
    assert run([*words, "--repo", str(mono.folder / "packages" / "web")]) == 0
    said = capsys.readouterr().out
    assert "Export reports" in said
    assert "Dark mode" not in said


def test_a_product_with_a_folder_is_told_of_that_one(at: Place, repo: Repository) -> None:
    repo.commit("feat: elsewhere\n\nRelease-Note: Not of this product.\n", {"other/a": "1"})
    repo.commit("feat: here\n\nRelease-Note: Of this product.\n", {"apps/acme/a": "1"})
    repo.tag("v2.0.0")
    file = at.world.organisation_file.file
    file.write_text(file.read_text().replace("{title: Acme, ", "{title: Acme, folder: apps/acme/, "))
    begun(at, repo)
    assert draft(at).wordings["customer"].words == "## New\n\n- Of this product.\n"

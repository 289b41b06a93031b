"""Notes of a real repository: other words for other audiences, and nothing that people wrote is ever run."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import get_args

import pytest

from checklists.errors import LaunchError
from checklists.notes.change import AUDIENCES, Audience
from deployments.command import run
from tasks.notes.from_git import Format, draft, left_out, written
from tests.tasks.changes.repository import ADA, Repository, repository

ROOT = Path(__file__).parents[3]
NIGHTLY = """feat(exports): write reports every night (#41)

```release-note
Reports are exported by themselves, every night.
```

```release-note admin
Set `EXPORT_FOLDER`, or nothing is written.
```
"""


@pytest.fixture
def repo(tmp_path: Path) -> Repository:
    made = repository(tmp_path / "repo")
    made.commit("begin")
    made.tag("v1")
    made.commit(NIGHTLY)
    made.commit("refactor: tidy up")
    made.commit("fix!: name keys alike\n\nBREAKING CHANGE: write `folder`, no longer `dir`")
    made.commit("some work")
    made.tag("v2")
    return made


def notes(repo: Repository, audience: str, as_: Format = "markdown") -> str:
    return written(draft(repo.folder, "v1..v2"), audience, as_)  # type: ignore[arg-type]  # one of AUDIENCES


def test_each_audience_reads_its_own_words(repo: Repository) -> None:
    customer, admin = notes(repo, "customer"), notes(repo, "admin")
    assert "Reports are exported by themselves, every night." in customer
    assert "EXPORT_FOLDER" not in customer
    assert "Set `EXPORT_FOLDER`, or nothing is written. (#41)" in admin
    assert "tidy up" not in (customer + admin).lower()


def test_breaking_changes_come_first_with_what_to_do(repo: Repository) -> None:
    for audience in AUDIENCES:
        said = notes(repo, audience)
        assert said.index("write `folder`, no longer `dir`") < said.index("Reports" if audience != "admin" else "Set")


def test_the_house_sees_everything_also_what_nobody_sorted(repo: Repository) -> None:
    said = notes(repo, "internal")
    assert "Some work · Ada Abara" in said
    assert "Tidy up" in said


def test_programs_read_the_same_as_json(repo: Repository) -> None:
    said = json.loads(notes(repo, "internal", "json"))
    assert [change["id"] for change in said["changes"] if change["breaking"]]
    assert said["changes"][-1]["references"] == ["#41"]
    assert said["changes"][-1]["authors"][0]["name"] == "Ada Abara"
    assert said["unsorted"] == 1


@pytest.mark.parametrize("audience", AUDIENCES)
def test_programs_are_told_what_the_audience_may_read(repo: Repository, audience: Audience) -> None:
    plain, told = notes(repo, audience), notes(repo, audience, "json")
    commits = repo.git("log", "--format=%h", "--abbrev=7").split()
    assert ("#41" in told) == ("#41" in plain) == (audience != "customer")
    assert ("Ada Abara" in told) == ("Ada Abara" in plain) == (audience == "internal")
    assert ("@" in told) == (audience == "internal")
    if audience == "customer":
        assert [one for one in commits if one in told] == []
        assert "name keys alike" not in told.replace("Name keys", "").replace('"words": "name keys alike"', "")


@pytest.mark.parametrize("audience", AUDIENCES)
def test_a_draft_says_how_many_nobody_sorted(repo: Repository, audience: Audience) -> None:
    said = notes(repo, audience)
    assert ("<!-- 1 change follows no convention" in said) == (audience != "internal")
    assert ("1 change in all" in said) == (audience == "internal")
    beside = str(left_out(draft(repo.folder, "v1..v2"), audience))
    assert ("1 change follows no convention" in beside) == (audience != "internal")


STRANGE = ["<script>alert(1)</script>", "{{ 7 * 7777777 }}", "[x](javascript:alert(1))", "a | b"]


@pytest.mark.parametrize("text", STRANGE)
@pytest.mark.parametrize("as_", get_args(Format))
def test_what_people_wrote_is_shown_and_never_run(text: str, as_: Format, tmp_path: Path) -> None:
    made = repository(tmp_path / "repo")
    made.commit("begin")
    made.tag("v1")
    made.commit(f"feat: {text}")
    made.tag("v2")
    said = notes(made, "customer", as_)
    assert "54444439" not in said  # no commit has that in its hash
    if as_ == "html":
        assert "<script" not in said
        assert "href" not in said


def test_fragments_speak_for_their_pull_request_though_the_release_takes_them_away(tmp_path: Path) -> None:
    made = repository(tmp_path / "repo")
    made.commit("begin", {"newsfragments/7.feature.md": "Old."})
    made.tag("v1")
    made.commit("wip exports (#41)", {"newsfragments/41.feature.md": "Reports come every night."})
    made.git("rm", "--quiet", "-r", "newsfragments")
    made.commit("Release 2.0.0")
    made.tag("v2")
    assert notes(made, "customer") == "## New\n\n- Reports come every night.\n"


def test_several_releases_stand_each_under_its_name(repo: Repository, capfd: pytest.CaptureFixture[str]) -> None:
    repo.commit("feat: sort by name")
    repo.tag("v3")
    asked = ["notes", "v1..v3", "--each", "--repo", str(repo.folder)]
    assert run([*asked, "--audience", "developer"]) == 0
    said = capfd.readouterr().out
    assert said.index("# v3\n") < said.index("Sort by name") < said.index("# v2\n") < said.index("#41")
    assert run([*asked, "--format", "json"]) == 0
    told = json.loads(capfd.readouterr().out)
    assert [one["release"] for one in told["releases"]] == ["v3", "v2"]
    assert [one["words"] for one in told["releases"][0]["changes"]] == ["sort by name"]
    assert run([*asked, "--audience", "admin", "--check"]) == 1
    assert "v3: " in capfd.readouterr().err


def test_numbers_and_authors_read_well(repo: Repository) -> None:
    repo.commit("fix: free the buffer (#5) (#6)", by="Ada <ada@elsewhere.example>", body=f"Co-authored-by: {ADA}")
    text = written(draft(repo.folder, "v2..HEAD"), "internal", "markdown")
    assert "- Free the buffer (#6, #5) · Ada, Ada Abara\n" in text
    repo.commit("fix: free it twice", by="Ada Abara <ada@elsewhere.example>", body=f"Co-authored-by: {ADA}")
    assert "- Free it twice · Ada Abara\n" in written(draft(repo.folder, "v2..HEAD"), "internal", "markdown")


FREED = "- Free the buffer ([#6](<https://github.com/acme/app/issues/6>)) · "
WRITTEN: dict[tuple[str, Format], str] = {
    ("internal", "markdown"): FREED + "Ben, [Ada Abara](<https://github.com/ada-a>)\n",
    ("developer", "markdown"): FREED + "[@ada-a](<https://github.com/ada-a>)\n",
    ("developer", "html"): '· <a href="https://github.com/ada-a">@ada-a</a></li>',
    ("developer", "text"): "· @ada-a (https://github.com/ada-a)\n",
}


def test_authors_are_links_where_the_host_and_their_login_are_known(
    repo: Repository, capfd: pytest.CaptureFixture[str]
) -> None:
    by, more = "Ben <ben@example.com>", "Co-authored-by: Ada Abara <7+ada-a@users.noreply.github.com>"
    repo.commit("fix: free the buffer (#6)", by=by, body=more)
    bot = "dependabot[bot] <49699333+dependabot[bot]@users.noreply.github.com>"
    repo.commit("build: bump x", by=bot)
    repo.git("remote", "add", "origin", "git@github.com:acme/app.git")
    asked = ["notes", "v2..HEAD", "--repo", str(repo.folder)]
    for (audience, as_), said in WRITTEN.items():
        assert run([*asked, "--audience", audience, "--format", as_]) == 0
        told = capfd.readouterr().out
        assert said in told
        assert "example.com" not in told
        assert "noreply" not in told
        assert "/dependabot" not in told
    for audience in ("customer", "admin"):
        assert run([*asked, "--audience", audience, "--format", "json"]) == 0
        assert "ada" not in capfd.readouterr().out.lower()
    assert run([*asked, "--audience", "developer", "--format", "json"]) == 0
    bump, fix = json.loads(capfd.readouterr().out)["changes"]
    assert (bump["authors"], fix["authors"]) == ([], [{"login": "ada-a", "url": "https://github.com/ada-a"}])
    assert run([*asked, "--audience", "developer", "--check"]) == 0


def test_an_empty_range_says_that_nothing_changed(repo: Repository) -> None:
    empty = draft(repo.folder, "v2..v2")
    assert written(empty, "customer", "markdown") == "Nothing in this release changes what you see or do.\n"
    assert empty.warnings == ("v2..v2 holds no commits; the newer release comes second",)


def test_nobody_is_told_that_nothing_changed_where_nobody_said_so(tmp_path: Path) -> None:
    made = repository(tmp_path / "plain")
    made.commit("begin")
    made.tag("v1")
    made.commit("Show the day")
    made.tag("v2")
    said = notes(made, "customer")
    assert said == "TODO: 1 change has no words for you yet; say here what it means.\n"
    assert run(["notes", "v1..v2", "--repo", str(made.folder), "--check"]) == 1
    made.commit("chore!: drop the old call\n\nBREAKING CHANGE: call the new one")
    made.commit("test: more")
    assert "2 changes have no words" in written(draft(made.folder, "v1..HEAD"), "customer", "markdown")
    assert "Drop the old call" in written(draft(made.folder, "v1..HEAD"), "admin", "markdown")


@pytest.mark.parametrize("span", ["v1", "v1..", "..v2", "v1...v2", ""])
def test_a_range_has_two_ends(span: str, repo: Repository) -> None:
    with pytest.raises(LaunchError, match="is no range"):
        draft(repo.folder, span)


HEAVY = ("prefect", "pydantic", "sqlalchemy", "httpx", "requests", "fastapi", "yaml", "rich", "checklists.commands")
"""What would make it slow to start: it is the first thing an engineer tries, and answers within half a second."""


@pytest.mark.parametrize("span", ["v1..v2", "v2"])
def test_the_command_needs_no_server_and_imports_nothing_that_takes_long(span: str, repo: Repository) -> None:
    repo.git("tag", "v1.0", "v1")
    code = (
        "import sys; from deployments.command import run; "
        f"status = run(['notes', {span!r}, '--repo', {str(repo.folder)!r}, '--audience', 'admin']); "
        f"sys.exit(status or ', '.join(set(sys.modules) & {set(HEAVY)!r}) or 0)"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0
    assert done.stderr == "1 change follows no convention and has no words for this audience: --audience internal\n"
    assert done.stdout == notes(repo, "admin")


@pytest.mark.parametrize("as_", get_args(Format))
def test_no_sign_of_a_tag_moves_the_cursor_or_ends_a_line(
    as_: Format, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    made = repository(tmp_path / "repo")
    tags = [f"odd\x85\x9b\u2028\u202ev{number}" for number in (1, 2)]
    for tag in tags:
        made.commit(f"feat: work on {tag}")
        made.tag(tag)
    asked = ["notes", "--each", "--repo", str(made.folder), "--audience", "internal", "--format", as_]
    assert run(asked) == 0
    assert run([*asked[:-4], tags[0]]) == 1
    said = capfd.readouterr()
    assert "Unreleased: odd" in said.err
    assert "no release before odd" in said.err
    assert [sign for sign in said.out + said.err if not (sign.isprintable() or sign == "\n")] == []
    if as_ == "json":
        assert json.loads(said.out)["releases"][1]["release"] == tags[1]


def test_no_escape_code_of_a_commit_reaches_the_terminal(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    made = repository(tmp_path / "repo")
    made.commit("begin")
    made.tag("v1")
    made.commit("feat: exports \x1b[2J\x1b]0;owned\x07\n\nRelease-Note-Admin: Set \x1b[31mit\x1b[0m.")
    made.tag("v2")
    for audience in AUDIENCES:
        for as_ in get_args(Format):
            run(["notes", "v1..v2", "--repo", str(made.folder), "--audience", audience, "--format", as_, "--check"])
    said = capfd.readouterr()
    assert "exports" in said.out
    assert "has no text for customers yet" in said.err
    assert "\x1b" not in said.out + said.err
    assert "\x07" not in said.out + said.err

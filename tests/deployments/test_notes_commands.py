"""`tminus notes edit` and `publish`: what somebody writes in an editor is saved, or kept in a file that is named."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from prefect.settings import PREFECT_API_URL, temporary_settings

from checklists import commands as c
from checklists.checklist import Checklist
from checklists.launch import Launch
from checklists.notes.rewriting import Text
from checklists.people import TMINUS
from checklists.review_commands import Review
from deployments.command import run
from ledger.store import Ledger
from tasks.act import act
from tasks.advance import advance
from tasks.boards.prefect_api import forget
from tasks.observing import observe
from tasks.world import world
from tests.checklists.launches import start
from tests.peers.github import REPOSITORY, TOKEN, GitHubPeer
from tests.prefect_server import clean_environment
from tests.tasks.parcels import nobody
from tests.tasks.worlds import Place, place

NAME = "acme-2.4.0"
CHECKLIST = Checklist.model_validate(
    {
        "checklist": "x",
        "items": {
            "notes": {"notes": {"audiences": ["customer", "internal"]}, "owner": "docs"},
            "review": {"gate": "Right", "needs": ["notes"], "sign": ["1 of security"], "bound-to": "notes"},
            "more": {"todo": "More"},
        },
    }
)
DRAFT = "## New\n\n- Reports come every night.\n"
DOCS, SUPPORT = "dan@example.com", "fay@example.com"


@pytest.fixture
def at(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Place]:
    """A home with a launch whose notes were drafted; no Prefect answers."""
    made = place(tmp_path)
    file = tmp_path / "organisation.yaml"
    file.write_text(file.read_text().replace("{title: Acme}", f"{{title: Acme, repository: {REPOSITORY}}}"))
    command = start(CHECKLIST, version="2.4.0", on=None)
    tagged = command.release.model_copy(update={"tag": "v2.4.0"})
    begun = made.begun(command=replace(command, release=tagged))
    act(made.world, begun.id, c.Describe(by=TMINUS, notes="Reports come every night."))
    drafted = {"customer": Text(DRAFT), "internal": Text("For us.\n")}
    act(made.world, begun.id, c.Word(by=TMINUS, via="tminus", item="notes", texts=drafted))  # type: ignore[arg-type]
    advance(made.world, begun.id)
    for name in clean_environment():
        if name.startswith(("TMINUS_", "PREFECT_")):
            monkeypatch.delenv(name)
    monkeypatch.setenv("TMINUS_HOME", str(tmp_path))
    monkeypatch.setenv("TMINUS_ORGANISATION", str(file))
    world.cache_clear()
    forget()
    with nobody() as address, temporary_settings({PREFECT_API_URL: f"http://{address}/api"}):
        yield made
    world.cache_clear()
    forget()
    made.ledger.dispose()


def test_show_leads_to_the_pull_request_of_the_notes(at: Place, capfd: pytest.CaptureFixture[str]) -> None:
    url = "https://github.com/example-org/acme/pull/1"
    act(at.world, NAME, Review(by=TMINUS, via="tminus", item="notes", url=url, standing="closed"))
    assert run(["show", NAME]) == 0
    assert f"notes: somebody closed {url}; the words are edited here\n" in capfd.readouterr().out


def editor(folder: Path, monkeypatch: pytest.MonkeyPatch, code: str) -> None:
    """Somebody whose editor does this to the file (`path`)."""
    script = folder / "editor.py"
    script.write_text(f"import sys, pathlib\npath = pathlib.Path(sys.argv[1])\n{code}\n")
    monkeypatch.delenv("VISUAL", raising=False)
    monkeypatch.setenv("EDITOR", f"{sys.executable} {script}")


def now(at: Place) -> Launch:
    ledger = Ledger(at.world.settings.ledger_url)
    try:
        found = ledger.launch(NAME)
    finally:
        ledger.dispose()
    assert found is not None
    return found


def left(at: Place) -> list[str]:
    folder = at.world.settings.home / "editing"
    return sorted(file.read_text() for file in folder.iterdir()) if folder.exists() else []


def test_what_is_written_in_the_editor_is_saved(
    at: Place, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    editor(tmp_path, monkeypatch, "path.write_text(path.read_text().replace('come', 'arrive'))")
    assert run(["notes", "edit", NAME, "--as", DOCS]) == 0, capsys.readouterr().err
    wording = now(at).items["notes"].wordings["customer"]
    assert (wording.words, wording.by) == (DRAFT.replace("come", "arrive"), DOCS)
    assert left(at) == []


def test_the_audience_can_be_named_and_what_is_missing_is_said(
    at: Place, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    editor(tmp_path, monkeypatch, "path.write_text('TODO')")
    assert run(["notes", "edit", NAME, "notes", "--audience", "internal", "--as", DOCS]) == 0
    assert '"TODO" is a placeholder' in capsys.readouterr().err
    assert now(at).items["notes"].status == "failed"


def test_words_that_others_saved_meanwhile_stay_and_ones_own_are_kept_in_a_file(
    at: Place, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    theirs = (
        "from tasks.world import world\nfrom tasks.act import act\nfrom checklists import commands as c\n"
        "from checklists.notes.rewriting import Text\n"
        "here = world()\n"
        f"act(here, {NAME!r}, c.Word(by=here.person('eve@example.com'), item='notes', "
        "texts={'customer': Text('Theirs.\\n')}))\n"
        "path.write_text('Mine.')"
    )
    editor(tmp_path, monkeypatch, theirs)
    monkeypatch.setenv("PYTHONPATH", str(Path(__file__).parents[2]))
    assert run(["notes", "edit", NAME, "--as", DOCS]) == 1
    said = capsys.readouterr().err
    assert "has saved other words for customer since you began; what you wrote is kept in " in said
    assert Path(said.strip().rpartition("kept in ")[2]).read_text() == "Mine."
    assert now(at).items["notes"].wordings["customer"].words == "Theirs.\n"


def test_a_broken_editor_loses_nothing_and_saves_nothing(
    at: Place, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    editor(tmp_path, monkeypatch, "path.write_text('Half')\nsys.exit(3)")
    assert run(["notes", "edit", NAME, "--as", DOCS]) == 1
    assert "ended with status 3, so nothing was saved" in capsys.readouterr().err
    assert left(at) == ["Half"]
    monkeypatch.setenv("EDITOR", "/nowhere/at-all")
    assert run(["notes", "edit", NAME, "--as", DOCS]) == 1
    assert "does not start" in capsys.readouterr().err
    assert now(at).items["notes"].wordings["customer"].words == DRAFT


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["edit", NAME, "--as", SUPPORT], "belongs to docs"),
        (["edit", NAME, "--as", "nobody@example.com"], "not a person of this organisation"),
        (["edit", NAME, "more", "--as", DOCS], "no notes item is called"),
        (["edit", NAME, "--audience", "admin", "--as", DOCS], "no notes for admin"),
        (["edit", "acme-9.9.9", "--as", DOCS], "no such launch"),
        (["publish", NAME, "--as", SUPPORT], "belongs to docs"),
        (["publish", NAME, "--as", DOCS], "review is not signed yet"),
    ],
)
def test_what_may_not_be_is_refused_before_any_editor_opens(
    at: Place,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    words: list[str],
    said: str,
) -> None:
    editor(tmp_path, monkeypatch, "path.write_text('Mine.')")
    assert run(["notes", *words]) == 1
    assert said in capsys.readouterr().err
    assert left(at) == []


def test_approved_notes_are_published_once(
    at: Place, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    act(at.world, NAME, c.Sign(by=at.world.person("ben@example.com"), item="review", decision="approve"))
    with GitHubPeer() as peer:
        peer.release("v2.4.0", "By hand.")
        monkeypatch.setenv("TMINUS_GITHUB_API", peer.host)
        asked = ["notes", "publish", NAME, "--to", "changelog", "--as", DOCS]
        assert run([*asked, "--dry-run"]) == 1
        assert "set TMINUS_GITHUB_TOKEN" in capsys.readouterr().err
        monkeypatch.setenv("TMINUS_GITHUB_TOKEN", TOKEN)
        world.cache_clear()
        assert run([*asked, "--dry-run"]) == 0
        assert "### Added\n\n- Reports come every night." in capsys.readouterr().out
        assert peer.writes == []
        assert run(asked) == 0
        assert capsys.readouterr().out == f"changelog: written https://github.com/{REPOSITORY}/pull/1\n"
        assert run(asked) == 0
        assert capsys.readouterr().out == f"changelog: there already https://github.com/{REPOSITORY}/pull/1\n"


def test_the_same_release_body_is_written_once(
    at: Place, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    act(at.world, NAME, c.Sign(by=at.world.person("ben@example.com"), item="review", decision="approve"))
    with GitHubPeer() as peer:
        peer.release("v2.4.0", "By hand.")
        monkeypatch.setenv("TMINUS_GITHUB_API", peer.host)
        monkeypatch.setenv("TMINUS_GITHUB_TOKEN", TOKEN)
        asked = ["notes", "publish", NAME, "--to", "github-release", "--as", DOCS]
        assert run(asked) == 0
        assert capsys.readouterr().out.startswith("github-release: written ")
        body, writes = peer.releases["v2.4.0"]["body"], list(peer.writes)
        assert len(writes) == 1
        assert run(asked) == 0
        assert capsys.readouterr().out.startswith("github-release: there already ")
        assert (peer.releases["v2.4.0"]["body"], peer.writes) == (body, writes)


def test_an_edit_after_approval_opens_the_gate_again_with_the_difference(
    at: Place, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    observe(at.world, NAME)
    act(at.world, NAME, c.Sign(by=at.world.person("ben@example.com"), item="review", decision="approve"))
    assert now(at).items["review"].status == "passed"
    editor(tmp_path, monkeypatch, "path.write_text(path.read_text().replace('come', 'arrive'))")
    assert run(["notes", "edit", NAME, "--as", DOCS]) == 0, capsys.readouterr().err
    review = now(at).items["review"]
    assert (review.status, review.round, review.because) == ("open", 2, "content")
    assert [one.by for one in review.earlier] == ["ben@example.com"]
    told = "\n".join(review.changes)
    assert "-- Reports come every night." in told
    assert "+- Reports arrive every night." in told
    assert run(["notes", "publish", NAME, "--as", DOCS]) == 1
    assert "review is not signed yet" in capsys.readouterr().err

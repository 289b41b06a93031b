"""What nobody sorted stands on the page of notes: how many, and, folded, which change and commit."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest

from tests.tasks.changes.repository import Repository, repository
from tests.web.editing.room import Room, room
from tests.web.signing.scene import text


@pytest.fixture
def repo(tmp_path: Path) -> Repository:
    made = repository(tmp_path / "repo")
    made.commit("begin")
    made.tag("v1.0.0")
    made.commit("feat: views\n\nRelease-Note: There are views.\n")
    return made


def shown(here: Room, audience: str = "customer") -> str:
    """The section of the page."""
    answer = here.client.get(here.door("eva").partition("?")[0], params={"for": audience})
    assert answer.status_code == 200
    found = re.search(r'<section class="card" aria-labelledby="unsorted">.*?</section>', answer.text, re.DOTALL)
    return found[0] if found else ""


def test_how_many_and_folded_which(repo: Repository, tmp_path: Path) -> None:
    one = repo.commit("Tidy <up> & down")
    two = repo.commit("Move the shelf (#41)")
    repo.tag("v2.0.0")
    with room(tmp_path, repo=repo) as here:
        seq = here.launch.seq
        for audience in ("customer", "internal"):
            section = shown(here, audience)
            assert '<span class="count">2</span>' in section
            before, _, folded = section.partition("<details>")
            assert "Tidy" not in before
            assert "Tidy &lt;up&gt; &amp; down" in folded
            assert f"<code>{one[:10]}</code>" in folded
            assert f"#41 <code>{two[:10]}</code>" in folded
        assert here.state.summary.startswith("2 changes follow no convention")
        assert here.launch.seq == seq


def test_nothing_is_said_where_everything_is_sorted(repo: Repository, tmp_path: Path) -> None:
    repo.tag("v2.0.0")
    with room(tmp_path, repo=repo) as here:
        assert shown(here) == ""


def test_a_page_is_as_long_as_people_read(repo: Repository, tmp_path: Path) -> None:
    for number in range(203):
        repo.raw(f"Tidy {number}".encode())
    repo.tag("v2.0.0")
    with room(tmp_path, repo=repo) as here:
        section = shown(here)
        assert '<span class="count">203</span>' in section
        assert section.count("<li>") == 200
        assert "and 3 more" in section


def test_the_page_is_shown_where_the_copy_is_gone_and_nothing_is_fetched(repo: Repository, tmp_path: Path) -> None:
    repo.commit("Tidy up")
    repo.tag("v2.0.0")
    with room(tmp_path, repo=repo) as here:
        (copy,) = (here.world.settings.home / "mirrors").glob("*.git")
        shutil.rmtree(copy)
        assert shown(here) == ""
        assert not copy.exists()
        assert "Release notes" in text(here.client.get(here.door("eva")))

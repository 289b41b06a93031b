"""The commands that prove a record: export, verify, anchor."""

from __future__ import annotations

import json
import subprocess
import sys
from functools import partial
from pathlib import Path

import pytest
from sqlalchemy import text

from tasks.world import World
from tests.deployments.test_command import Command
from tests.prefect_server import clean_environment
from tests.tasks.newsroom import newsroom, opened


@pytest.fixture
def world(tmp_path: Path) -> World:
    made = newsroom(tmp_path)
    opened(made)
    made.ledger.dispose()
    return made


@pytest.fixture
def tminus(tminus: Command, world: World, tmp_path: Path) -> Command:
    return partial(tminus, tmp_path)


def changed(world: World, statement: str) -> None:
    with world.ledger.database.writing() as connection:
        connection.execute(text(statement))
    world.ledger.dispose()


def test_an_anchor_that_is_kept_elsewhere_shows_what_was_cut_off(tminus: Command, world: World, tmp_path: Path) -> None:
    kept, export = tmp_path / "anchor.json", tmp_path / "export.jsonl"
    made = tminus("anchor", "--out", str(kept))
    assert (made.returncode, made.stderr) == (0, "")
    assert "over 1 launches" in made.stdout
    whole = tminus("export", "acme-2.4.0").stdout
    export.write_text(whole)
    there = {"TMINUS_HOME": str(tmp_path / "another machine"), "TMINUS_DATABASE_URL": "sqlite:////nowhere/at-all"}
    sound = tminus("verify", "--file", str(export), "--anchor", str(kept), **there)
    assert (sound.returncode, sound.stderr) == (0, "")
    assert "the anchor that was kept says the same" in sound.stdout
    changed(world, "DELETE FROM entries WHERE seq > 2")
    changed(world, "UPDATE launches SET seq = 2, hash = (SELECT hash FROM entries WHERE seq = 2)")
    changed(world, "DELETE FROM anchors")
    export.write_text(tminus("export", "acme-2.4.0").stdout)
    assert tminus("verify", "--file", str(export)).returncode == 0, "it does not know what is missing"
    for words in (["--file", str(export)], ["acme-2.4.0"]):
        found = tminus("verify", *words, "--anchor", str(kept))
        assert found.returncode == 1
        assert "the end of the record was cut off" in found.stderr


def test_an_anchor_is_one_line_of_json_with_its_public_key(tminus: Command) -> None:
    first, second = (json.loads(tminus("anchor").stdout) for _ in range(2))
    assert first == second
    assert set(first) == {"heads", "key", "signature", "statement"}
    assert list(first["heads"]) == ["acme-2.4.0"]


def test_an_export_carries_the_anchor_that_covers_it(tminus: Command) -> None:
    assert '{"anchor":' not in tminus("export", "acme-2.4.0").stdout
    tminus("anchor")
    assert tminus("export", "acme-2.4.0").stdout.splitlines()[-1].startswith('{"anchor":')
    assert "anchored on" in tminus("verify", "acme-2.4.0").stdout


def test_a_launch_that_was_deleted_is_missed(tminus: Command, world: World) -> None:
    tminus("anchor")
    changed(world, "DELETE FROM entries")
    changed(world, "DELETE FROM launches")
    gone = tminus("verify", "acme-2.4.0")
    assert (gone.returncode, gone.stdout) == (1, "")
    assert "the whole record is gone" in gone.stderr


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (["verify", "acme-0.0.1"], "no such launch"),
        (["verify", "acme-2.4.0", "--anchor", "no/such/file"], "No such file"),
        (["verify", "acme-2.4.0", "--anchor", __file__], "canonical JSON"),
        (["anchor", "--out", "/no/such/folder/file"], "No such file"),
    ],
)
def test_a_no_has_its_reason(tminus: Command, words: list[str], says: str) -> None:
    done = tminus(*words)
    assert (done.returncode, done.stdout) == (1, "")
    assert says in done.stderr
    assert "Traceback" not in done.stderr


def test_offline_verification_needs_neither_prefect_nor_a_database(tminus: Command, tmp_path: Path) -> None:
    export = tmp_path / "export.jsonl"
    export.write_text(tminus("export", "acme-2.4.0").stdout)
    script = (
        "import sys; from deployments.command import run; code = run(['verify', '--file', sys.argv[1]]);"
        "sys.exit(code or 2 * ('prefect' in sys.modules) or 3 * ('psycopg' in sys.modules))"
    )
    command = [sys.executable, "-c", script, str(export)]
    done = subprocess.run(command, env=clean_environment(), capture_output=True, text=True, check=False, timeout=60)
    assert done.returncode == 0, done.stderr

"""The commands that look at launches, among which one is broken."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

from sqlalchemy import delete, update

from checklists.decide import Refusal
from checklists.request import LaunchRequest
from ledger import schema
from tasks.opening import open_launch
from tests.prefect_server import clean_environment
from tests.tasks.newsroom import newsroom, opened


def tminus(home: Path, *words: str) -> subprocess.CompletedProcess[str]:
    ours = {"TMINUS_HOME": str(home), "TMINUS_ORGANISATION": str(home / "organisation.yaml")}
    return subprocess.run(
        [sys.executable, "-m", "deployments.command", *words],
        env={**clean_environment(), **ours},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def test_a_launch_that_cannot_be_read_hides_no_other(tmp_path: Path) -> None:
    world = newsroom(tmp_path)
    broken = opened(world)
    sound = open_launch(world, LaunchRequest(product="acme", version="2.5.0", checklist="news"))
    assert not isinstance(sound, Refusal)
    with world.ledger.database.writing() as connection:
        connection.execute(
            delete(schema.entries).where(schema.entries.c.launch_id == broken.id, schema.entries.c.seq == 2)
        )
    world.ledger.dispose()
    listed = tminus(tmp_path, "list", "--json")
    assert (listed.returncode, [launch["id"] for launch in json.loads(listed.stdout)]) == (0, ["acme-2.5.0"])
    assert listed.stderr.startswith("acme-2.4.0: its record is damaged")


def test_a_list_shows_who_is_waited_for_and_what_no_index_knows(tmp_path: Path) -> None:
    world = newsroom(tmp_path)
    opened(world)
    with world.ledger.database.writing() as connection:
        connection.execute(update(schema.launches).values(summary=None))
    world.ledger.dispose()
    for _ in range(2):  # the first one makes the index
        listed = tminus(tmp_path, "list")
        assert listed.returncode == 0, listed.stderr
        assert "acme-2.4.0" in listed.stdout
        assert "in-progress" in listed.stdout


def test_a_preview_says_where_each_channel_leads(tmp_path: Path) -> None:
    world = newsroom(tmp_path)
    opened(world)
    world.ledger.dispose()
    shown = tminus(tmp_path, "preview", "acme-2.4.0", "tell")
    assert "By        email: mail to each\nShown     as it reads by email, in en, to somebody outside\n" in shown.stdout
    assert "you subscribed to news" in shown.stdout
    told = json.loads(tminus(tmp_path, "preview", "acme-2.4.0", "tell", "--json").stdout)
    assert told["channels"] == {"email": "mail to each"}


def test_a_preview_is_what_this_person_would_get_or_else_what_everybody_would(tmp_path: Path) -> None:
    world = newsroom(tmp_path)
    opened(world)
    world.ledger.dispose()
    told = tminus(tmp_path, "preview", "acme-2.4.0", "tell", "--to", "ada@example.com").stdout
    assert "in en, to somebody with a role\n" in told
    assert "because of your role in this launch" in told
    assert "you subscribed to news" not in told
    whole, own = tmp_path / "whole", tmp_path / "own"
    tminus(tmp_path, "preview", "acme-2.4.0", "tell", "--out", str(whole))
    tminus(tmp_path, "preview", "acme-2.4.0", "tell", "--out", str(own), "--to", "ada@example.com")
    assert sorted(file.name for file in whole.glob("*.txt")) == ["email.en.role.txt", "email.en.subscribed.txt"]
    assert "because of your role" in (own / "email.en.txt").read_text()


def test_a_list_needs_no_prefect(tmp_path: Path) -> None:
    newsroom(tmp_path).ledger.dispose()
    script = "import sys; from deployments.command import run; run(['list']); sys.exit('prefect' in sys.modules)"
    ours = {"TMINUS_HOME": str(tmp_path)}
    done = subprocess.run([sys.executable, "-c", script], env={**clean_environment(), **ours}, check=False, timeout=60)
    assert done.returncode == 0

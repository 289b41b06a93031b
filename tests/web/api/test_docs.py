"""docs/api.md: its commands are typed as they stand there, against a real web room."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.layers import ROOT
from tests.test_docs import blocks
from tests.web.api.room import BEN, Api

PAGE = ROOT / "docs" / "api.md"
"""The page says 127.0.0.1:4280, the test's room listens elsewhere."""


def typed(api: Api, folder: Path, script: str) -> str:
    script = script.replace("http://127.0.0.1:4280", str(api.client.base_url).rstrip("/"))
    environment = {**os.environ, "TOKEN": api.token(BEN)}
    done = subprocess.run(
        ["bash", "-euc", script.replace("curl -s", "curl -sS")],
        env=environment,
        cwd=folder,
        capture_output=True,
        text=True,
        check=True,
    )
    return done.stdout


@pytest.mark.skipif(not shutil.which("curl"), reason="the page's examples are curl commands, and curl is not here")
def test_the_examples_do_what_the_page_says(api: Api, tmp_path: Path) -> None:
    first, *others = blocks(PAGE, "bash")
    setting = first.splitlines()[0]
    answers = [typed(api, tmp_path, f"{setting}\n{script}") for script in (first, *others)]
    me, refused = (json.loads(one) for one in blocks(PAGE, "json"))
    assert json.loads(answers[0]) == me
    assert json.loads(answers[-1]) == refused
    assert "acme-2.4.0" in answers[1]
    assert (tmp_path / "acme-2.4.0.jsonl").stat().st_size > 1_000
    assert api.signed == [BEN]


def test_every_kind_of_problem_is_explained() -> None:
    doors = [file.read_text("utf-8") for file in (ROOT / "web" / "api").glob("*.py")]
    kinds = {kind for door in doors for kind in re.findall(r'kind="([a-z-]+)"', door)}
    told = set(re.findall(r"`([a-z-]+)`", PAGE.read_text("utf-8").partition("## When it says no")[2]))
    assert kinds
    assert kinds - told == set()

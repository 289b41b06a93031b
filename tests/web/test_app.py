"""The web room as a process of its own."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from tests.layers import ROOT
from tests.prefect_server import clean_environment


@pytest.mark.parametrize(
    ("environment", "says"),
    [
        ({"PREFECT_API_URL": "https://prefect.example.com/api"}, "set TMINUS_IDENTITY=verified"),
        ({"TMINUS_IDENTITY": "asserted", "TMINUS_PUBLIC_URL": "https://l.example.com"}, "set it to `verified`"),
        ({"TMINUS_SECRET_KEY": "too-short"}, "TMINUS_SECRET_KEY: whoever guesses it can sign for anybody"),
    ],
)
def test_it_ends_with_a_sentence_where_it_must_not_start(
    tmp_path: Path, environment: dict[str, str], says: str
) -> None:
    command = [sys.executable, "-m", "uvicorn", "web.app:from_environment", "--factory", "--port", "0"]
    told = clean_environment() | {"TMINUS_HOME": str(tmp_path), "PYTHONPATH": str(ROOT)} | environment
    done = subprocess.run(command, env=told, cwd=tmp_path, capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 1
    assert says in done.stderr
    assert "Traceback" not in done.stderr

from __future__ import annotations

from pathlib import Path
from random import Random

import pytest

from tests.chaos.sweep import sweep
from tests.databases import database_url

__all__ = ["database_url"]

pytestmark = pytest.mark.slow


def test_a_handful_of_kills_sends_nothing_twice_and_loses_and_hides_nothing(tmp_path: Path, database_url: str) -> None:
    """`make chaos` kills two hundred times."""
    found = sweep(tmp_path, Random(7), 4, database_url)
    assert (found["twice"], found["missing"], found["hidden"]) == (0, 0, 0), found
    assert found["ambiguous"] >= 1, "nobody was killed between a message and its answer"
    assert found["unknown"] >= 1, found
    assert found["accepted"] + found["unknown"] == 40

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.tasks.worlds import Place, place


@pytest.fixture
def at(tmp_path: Path) -> Iterator[Place]:
    here = place(tmp_path)
    yield here
    here.ledger.dispose()

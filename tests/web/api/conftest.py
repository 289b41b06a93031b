from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.web.api.room import Api, api_room


@pytest.fixture
def api(tmp_path: Path) -> Iterator[Api]:
    with api_room(tmp_path) as room:
        yield room

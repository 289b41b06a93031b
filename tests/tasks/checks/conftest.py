"""A site to look at, and the launch that is checked."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from tasks.checks.subject import Subject
from tests.tasks.checks.site import Site

LOOPBACK = ("127.0.0.0/8",)


@pytest.fixture
def site() -> Iterator[Site]:
    with Site() as running:
        yield running


@pytest.fixture
def subject(tmp_path: Path) -> Callable[..., Subject]:
    folder = tmp_path / "checklists"
    folder.mkdir()
    facts: dict[str, Any] = {
        "product": "acme",
        "version": "2.4.0",
        "tag": "v2.4.0",
        "commit": "9f2c" * 10,
        "folder": folder,
        "allowed_networks": LOOPBACK,
    }
    return lambda **other: Subject(**{**facts, **other})

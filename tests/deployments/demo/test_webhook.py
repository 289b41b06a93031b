"""The demo's webhook: in GitHub's shape, signed, and taken by the real web room."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from deployments.demo.play import ORGANISATION
from deployments.demo.webhook import NotTaken, deliver, published
from tests.web.room import SECRET, PrefectPeer, fixture, kept, make_world, prefect_at, serving

NOW = datetime(2026, 11, 23, 10, 0, tzinfo=UTC)
COMMIT = "6113728f27ae82c7b1a177c8d03f9e96e0adf246"


def payload(tag: str = "v2.4.0") -> dict[str, Any]:
    return published(tag, COMMIT, "### New\n- Exports", NOW)


def names(value: Any, place: str = "") -> set[str]:
    if not isinstance(value, dict):
        return set()
    return {f"{place}{key}" for key in value} | {n for key, inner in value.items() for n in names(inner, f"{key}.")}


def test_it_says_nothing_that_github_does_not_say() -> None:
    real = names(json.loads(fixture("release.published")))
    assert names(payload()) - real <= {"organization", "organization.login", "organization.id"}


@pytest.fixture
def home(tmp_path: Path) -> Path:
    (tmp_path / "organisation.yaml").write_text(ORGANISATION.read_text())
    return tmp_path


def test_the_web_room_takes_it_and_names_the_launch(home: Path) -> None:
    world = make_world(home)
    with PrefectPeer() as prefect, prefect_at(f"{prefect.host}/api"), serving(world) as room:
        assert deliver(str(room.base_url), payload(), SECRET) == "acme-2.4.0"
        assert deliver(str(room.base_url), payload(), SECRET) == "acme-2.4.0"
    (receipt,) = kept(world)
    assert (receipt.event, receipt.deliveries, receipt.payload["notes"]) == ("release", 2, "### New\n- Exports")


@pytest.mark.parametrize(
    ("tag", "secret", "said"),
    [
        ("v2.4.0", "another", "401"),
        ("nightly", SECRET, "`?nightly`? is no release tag"),
        ("v2.4.0-rc.1", SECRET, "acme starts nothing for a pre-release"),
    ],
)
def test_what_the_web_room_refuses_is_said(home: Path, tag: str, secret: str, said: str) -> None:
    with serving(make_world(home)) as room, pytest.raises(NotTaken, match=said):
        deliver(str(room.base_url), payload(tag), secret)


def test_a_web_room_that_is_away_is_said() -> None:
    with pytest.raises(NotTaken, match=r"the web room at http://127.0.0.1:9 does not answer"):
        deliver("http://127.0.0.1:9", payload(), SECRET)

"""What watching leaves for people to answer shows in the Prefect UI."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tasks.watching.imports import KEY
from tests.prefect_server import House, until
from tests.prefect_ui import over
from tests.tasks.changes.repository import Repository, repository

pytestmark = pytest.mark.slow
PRODUCT = """products:
  taken-in: {{title: Taken in, git: "{folder}", watch: git, checklists: {{major: one-gate, minor: one-gate}}}}
"""


@pytest.fixture
def source(house: House) -> Iterator[Repository]:
    made = repository(house.folder / "taken-in")
    made.commit("begin")
    file = house.settings.organisation
    before = file.read_text()
    file.write_text(before.replace("products:\n", PRODUCT.format(folder=made.folder)))
    yield made
    file.write_text(before)


def look(house: House) -> None:
    watch = house.get("/deployments/name/watch/watch")
    run = house.call("POST", f"/deployments/{watch['id']}/create_flow_run", {"state": {"type": "SCHEDULED"}})
    assert until(lambda: over(house.run(run["id"])))["state"]["type"] == "COMPLETED"


def test_tags_that_look_like_an_import_are_an_artifact_once(house: House, source: Repository) -> None:
    look(house)
    for number in range(11):
        source.tag(f"v1.{number}.0")
    look(house)
    look(house)
    (shown,) = house.call("POST", "/artifacts/filter", {"artifacts": {"key": {"any_": [KEY]}}})
    assert "`tminus backfill taken-in --since v1.0.0 --dry-run`" in shown["data"]

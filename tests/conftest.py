"""What every room's tests share: one real Prefect server; and hypothesis looks for wrong answers, not slow machines."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, settings

if TYPE_CHECKING:  # Prefect takes a second to import; tests without it stay quick
    from tests.prefect_server import House

settings.register_profile("tminus", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("tminus")


@pytest.hookimpl(wrapper=True)
def pytest_collection() -> Iterator[None]:
    """All that is collected stays to the end: Python need not look through it for garbage, neither now nor later."""
    gc.disable()
    try:
        yield
    finally:
        gc.freeze()
        gc.enable()


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Where several processes share the files, those that take longest come first: none is left over for one alone."""
    if hasattr(config, "workerinput"):
        slow = {item.path for item in items if item.get_closest_marker("slow")}
        items.sort(key=lambda item: item.path not in slow)


@pytest.fixture(scope="session")
def session_house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    from deployments.environment import free_port
    from tests.peers.sendgrid import SendGridPeer
    from tests.prefect_server import HOST, House, prefect_database

    with SendGridPeer() as sendgrid, prefect_database() as database:
        made = House(tmp_path_factory.mktemp("house"), free_port(HOST, 0), sendgrid, database)
        with made.running():
            yield made


@pytest.fixture(scope="module")
def woken_house(session_house: House) -> Iterator[House]:
    """The house for a file's tests. Between files its processes stand still: waiting costs them a tenth of a core."""
    session_house.wake()
    yield session_house
    session_house.sleep()


@pytest.fixture
def house(woken_house: House) -> Iterator[House]:
    """The house, reached by this process; what the test starts is ended after it."""
    woken_house.sendgrid.answer("accept")
    with woken_house.reached():
        yield woken_house
        woken_house.leave()

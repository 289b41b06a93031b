from __future__ import annotations

import os
import socket
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from deployments.environment import (
    DEFAULT,
    REAL,
    find_prefect,
    free_port,
    is_free,
    only_here,
    prefect_environment,
    remember,
    to_source,
)
from tasks.settings import PUBLIC_URL, Settings
from tests.prefect_server import clean_environment

HOST = "127.0.0.1"


@pytest.fixture
def taken() -> Iterator[int]:
    with socket.create_server((HOST, 0)) as listening:
        yield listening.getsockname()[1]


@pytest.fixture
def settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Settings:
    """A home, and an environment in which the user has set nothing; what is set in it is forgotten afterwards."""
    for name in set(os.environ) - set(clean_environment()):
        monkeypatch.delenv(name)
    for name in (
        "PREFECT_HOME",
        "PREFECT_LOGGING_LEVEL",
        "PREFECT_API_URL",
        "DO_NOT_TRACK",
        "TMINUS_PUBLIC_URL",
        "TMINUS_IDENTITY",
    ):
        monkeypatch.setenv(name, "")
        monkeypatch.delenv(name)
    return Settings(_env_file=None, home=tmp_path / "home")


def test_a_port_somebody_listens_on_is_not_free(taken: int) -> None:
    assert not is_free(HOST, taken)


def test_where_the_wanted_port_is_taken_another_one_is_found(taken: int) -> None:
    found = free_port(HOST, taken)
    assert found not in (0, taken)
    assert is_free(HOST, found)


def test_the_wanted_port_is_kept_where_it_is_free() -> None:
    free = free_port(HOST, 0)
    assert free > 0
    assert free_port(HOST, free) == free


def test_everything_prefect_keeps_lies_in_home(settings: Settings) -> None:
    told = prefect_environment(settings, HOST, 4321)
    assert told["PREFECT_HOME"] == str(settings.home.resolve() / "prefect")
    assert told["PREFECT_API_URL"] == told["PREFECT_UI_API_URL"] == "http://127.0.0.1:4321/api"
    assert told["PREFECT_SERVER_ANALYTICS_ENABLED"] == "false"
    assert told["DO_NOT_TRACK"] == "1"


@pytest.mark.parametrize("host", ["0.0.0.0", "::"])
def test_a_server_that_listens_everywhere_is_reached_on_this_machine(settings: Settings, host: str) -> None:
    assert prefect_environment(settings, host, 4321)["PREFECT_API_URL"] == "http://127.0.0.1:4321/api"


def test_what_the_user_set_wins(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PREFECT_SERVER_LOGGING_LEVEL", "DEBUG")
    assert prefect_environment(settings, HOST, 4321)["PREFECT_SERVER_LOGGING_LEVEL"] == "DEBUG"


def test_a_server_of_ours_is_never_somebody_elses(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PREFECT_API_URL", "https://prefect.example.com/api")
    assert prefect_environment(settings, HOST, 4321)["PREFECT_API_URL"] == "http://127.0.0.1:4321/api"


def test_commands_find_the_server_that_was_started_last(settings: Settings) -> None:
    remember(settings, prefect_environment(settings, HOST, 4321))
    find_prefect(settings)
    assert os.environ["PREFECT_API_URL"] == "http://127.0.0.1:4321/api"
    assert os.environ["PREFECT_HOME"] == str(settings.home.resolve() / "prefect")


NOTED = {"PREFECT_API_URL": "http://127.0.0.1:4321/api", "TMINUS_PUBLIC_URL": "http://127.0.0.1:5000"}


def test_commands_find_where_links_lead_and_that_people_are_verified(settings: Settings) -> None:
    remember(settings, {**NOTED, "TMINUS_IDENTITY": "verified"})
    find_prefect(settings)
    assert (os.environ["TMINUS_PUBLIC_URL"], os.environ["TMINUS_IDENTITY"]) == ("http://127.0.0.1:5000", "verified")


def test_no_note_makes_names_trusted(settings: Settings) -> None:
    remember(settings, {**NOTED, "TMINUS_IDENTITY": "asserted"})
    find_prefect(settings)
    assert "TMINUS_IDENTITY" not in os.environ


def test_what_the_user_said_of_links_and_people_stays(settings: Settings) -> None:
    remember(settings, {**NOTED, "TMINUS_IDENTITY": "verified"})
    find_prefect(Settings(_env_file=None, home=settings.home, public_url="http://localhost:1", identity="asserted"))
    assert "TMINUS_IDENTITY" not in os.environ
    assert "TMINUS_PUBLIC_URL" not in os.environ


def test_simulated_people_meet_nothing_of_the_users_real_work(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in (*REAL, "TMINUS_HOME", "TMINUS_ORGANISATION"):
        monkeypatch.setenv(name, "10.0.0.1" if name.endswith("ADDRESSES") else "https://real.example.com")
    monkeypatch.setenv("TMINUS_IDENTITY", "verified")
    only_here(settings, Path("organisation.yaml"))
    found = Settings(_env_file=None)
    assert (found.identity, found.public_url, found.proxy_header) == ("asserted", PUBLIC_URL, "")
    assert (found.secret_key, found.token, found.proxy_addresses) == (None, None, ())
    assert found.sendgrid_api_key is None or not found.sendgrid_api_key.get_secret_value()


def test_a_shell_that_sources_them_meets_nothing_real_either(settings: Settings, tmp_path: Path) -> None:
    real = dict.fromkeys((*REAL, "PREFECT_API_URL", "TMINUS_ORGANISATION"), "https://real.example.com")
    file = tmp_path / "settings.sh"
    file.write_text(to_source(settings, Path("the demo's/organisation.yaml"), "http://127.0.0.1:5000"))
    call = ["/bin/sh", "-c", f". {file} && env"]
    said = subprocess.run(call, env=os.environ | real, capture_output=True, text=True, check=True).stdout.splitlines()
    found = dict(line.split("=", 1) for line in said if "=" in line)
    assert "PREFECT_API_URL" not in found
    assert {found[name] for name in REAL if name != "TMINUS_PUBLIC_URL"} == {""}
    assert found["TMINUS_PUBLIC_URL"] == "http://127.0.0.1:5000"
    assert found["TMINUS_ORGANISATION"] == "the demo's/organisation.yaml"
    assert found["TMINUS_HOME"] == str(settings.home.resolve())


def test_the_users_own_server_is_found_before_that(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    remember(settings, prefect_environment(settings, HOST, 4321))
    monkeypatch.setenv("PREFECT_API_URL", "https://prefect.example.com/api")
    find_prefect(settings)
    assert os.environ["PREFECT_API_URL"] == "https://prefect.example.com/api"


def test_where_nothing_is_known_prefects_own_address_is_tried(settings: Settings) -> None:
    find_prefect(settings)
    assert os.environ["PREFECT_API_URL"] == DEFAULT

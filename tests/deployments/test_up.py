"""`tminus up`: everything on one machine, once, and a plain word where that cannot be."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import httpx
import pytest

from deployments.environment import free_port, is_free
from deployments.up import CannotStart, check_identity, only_once, public_url, up
from tasks.settings import ROOT, Settings
from tests.prefect_server import clean_environment, until

HOST = "127.0.0.1"


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(_env_file=None, home=tmp_path / "home")


@pytest.fixture(autouse=True)
def handlers() -> Iterator[None]:
    """`up` listens for SIGTERM; the tests' own process goes on as before."""
    before = signal.getsignal(signal.SIGTERM)
    yield
    signal.signal(signal.SIGTERM, before)


def tminus_up(home: Path | str, *words: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-m", "deployments.command", "up", *words],
        env=clean_environment() | {"TMINUS_HOME": str(home), "PYTHONUNBUFFERED": "1"},
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def refused(home: Path | str, *words: str) -> str:
    """What it says on stderr, with exit status 1."""
    process = tminus_up(home, *words)
    _, said = process.communicate(timeout=60)
    assert process.returncode == 1, said
    assert "Traceback" not in said
    return said


@pytest.mark.parametrize("option", ["--port", "--web-port"])
def test_a_taken_port_is_named_with_the_option_that_changes_it(settings: Settings, option: str) -> None:
    with socket.create_server((HOST, 0)) as listening:
        taken, free = listening.getsockname()[1], free_port(HOST, 0)
        ports = (taken, free) if option == "--port" else (free, taken)
        with pytest.raises(CannotStart, match=f"port {taken} on {HOST} is taken.*choose another {option}"):
            up(settings, HOST, *ports).__enter__()
    assert not (settings.home / "logs").exists(), "nothing was started"


@pytest.mark.parametrize("host", ["0.0.0.0", "192.0.2.1", "::", "example.com"])
def test_where_others_can_reach_it_it_does_not_start(settings: Settings, host: str) -> None:
    with pytest.raises(CannotStart, match="can be reached by others"):
        up(settings, host, 1, 2).__enter__()
    assert not settings.home.exists()


@pytest.mark.parametrize("host", ["127.0.0.1", "127.8.8.8", "::1", "localhost"])
def test_on_ones_own_machine_names_may_be_trusted(settings: Settings, host: str) -> None:
    check_identity(settings, host)


@pytest.mark.parametrize("changes", [{"identity": "verified"}, {"public_url": "https://launches.example.com"}])
def test_where_people_are_verified_others_may_reach_it(tmp_path: Path, changes: dict[str, str]) -> None:
    check_identity(Settings(_env_file=None, home=tmp_path, **changes), "192.0.2.1")  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("said", "host", "leads_to"),
    [
        ("", "127.0.0.1", "http://127.0.0.1:4281"),
        ("", "::1", "http://[::1]:4281"),
        ("", "192.0.2.1", "http://192.0.2.1:4281"),
        ("https://launches.example.com", "0.0.0.0", "https://launches.example.com"),
    ],
)
def test_links_lead_to_where_the_user_says_or_to_where_it_listens(
    tmp_path: Path, said: str, host: str, leads_to: str
) -> None:
    assert public_url(Settings(_env_file=None, home=tmp_path, public_url=said), host, 4281) == leads_to


@pytest.mark.parametrize("host", ["0.0.0.0", "::"])
def test_links_that_would_lead_nowhere_are_not_made(settings: Settings, host: str) -> None:
    with pytest.raises(CannotStart, match="set TMINUS_PUBLIC_URL to where people reach it"):
        public_url(settings, host, 4280)


def test_started_twice_it_says_so(settings: Settings) -> None:
    with only_once(settings):
        said = refused(settings.home)
    assert f"tminus runs already in {settings.home.resolve()} (process {os.getpid()})" in said
    assert "set TMINUS_HOME to another folder" in said


def test_the_home_is_free_again_afterwards(settings: Settings) -> None:
    for _ in range(2):
        with only_once(settings):
            pass


def test_a_home_that_cannot_be_written_says_so() -> None:
    assert "set TMINUS_HOME to a writable folder" in refused("/dev/null/tminus")


@pytest.mark.slow
def test_everything_runs_until_it_is_told_to_stop(tmp_path: Path) -> None:
    """And what is killed under it is started again."""
    running = tminus_up(tmp_path, "--port", "0", "--web-port", "0")
    try:
        assert running.stdout
        said = [running.stdout.readline() for _ in range(7)]
        assert said[-1] == "Ctrl-C stops it\n", said
        port, web_port = (urlsplit(line.split()[-1]).port for line in said[1:3])
        assert port and web_port, said
        assert httpx.get(f"http://{HOST}:{web_port}/readyz", timeout=20).json() == {
            "ledger": "ready",
            "prefect": "ready",
        }
        os.kill(until(lambda: worker_of(running.pid)), signal.SIGKILL)
        assert "the worker died; starting it again" in running.stdout.readline()
        assert until(lambda: worker_of(running.pid))
    finally:
        running.send_signal(signal.SIGTERM)
        _, errors = running.communicate(timeout=60)
    assert (running.returncode, errors) == (0, "")
    until(lambda: is_free(HOST, port) and is_free(HOST, web_port))


def worker_of(pid: int) -> int:
    """The worker among the children of a process; 0 where there is none."""
    for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split():
        if b"worker" in Path(f"/proc/{child}/cmdline").read_bytes():
            return int(child)
    return 0

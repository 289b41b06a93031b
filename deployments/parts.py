"""The processes tminus is made of on one machine, kept alive together."""

from __future__ import annotations

import ctypes
import signal
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import requests

from checklists.errors import LaunchError
from deployments.environment import EVERYWHERE

PR_SET_PDEATHSIG = 1  # linux/prctl.h
QUIET = ("--no-server-header", "--no-proxy-headers", "--no-access-log")
"""How the web room is served: it says not what it is, believes no header about where somebody is, and logs no address,
for personal links are addresses."""
PATIENCE = 90.0  # seconds; a Prefect server makes its tables at its first start


class DidNotStart(LaunchError):
    """A part ended or did not answer; its log says why."""


def end_with_parent(by: signal.Signals) -> None:
    """On Linux, ask for a signal when the parent dies, however it dies: nothing of ours stays behind on its ports."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, by)


@dataclass
class Part:
    """One process: how it is started, where it logs, and where it answers when it is ready."""

    name: str
    command: Sequence[str]
    environment: Mapping[str, str]
    log: Path
    ready: str | None = None
    orphaned: signal.Signals = signal.SIGTERM
    process: subprocess.Popen[bytes] | None = field(default=None, init=False)
    starts: int = field(default=0, init=False)

    def start(self) -> None:
        self.log.parent.mkdir(parents=True, exist_ok=True)
        self.starts += 1
        command = [word.replace("{start}", str(self.starts)) for word in self.command]
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                command,
                env=dict(self.environment),
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                preexec_fn=lambda: end_with_parent(self.orphaned),
            )

    @property
    def is_alive(self) -> bool:
        return self.process is not None and self.process.poll() is None

    def wait(self) -> None:
        """Until it answers. Raises DidNotStart, naming its log."""
        until = time.monotonic() + PATIENCE
        while not (self.is_alive and self._answers()):  # somebody else may answer at its address
            if not self.is_alive or time.monotonic() > until:
                raise DidNotStart(f"the {self.name} did not start; {self._last_words()} ({self.log})")
            time.sleep(0.1)

    def _answers(self) -> bool:
        if self.ready is None:
            return self.is_alive
        try:
            return requests.get(self.ready, timeout=2).ok
        except requests.RequestException:
            return False

    def _last_words(self) -> str:
        lines = self.log.read_text("utf-8", "replace").strip().splitlines() if self.log.exists() else []
        return lines[-1][:300] if lines else "it said nothing"

    def stop(self) -> None:
        if self.process is None or self.process.poll() is not None:
            return
        self.process.terminate()
        try:
            self.process.wait(10)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait(5)


def prefect_server(environment: Mapping[str, str], host: str, port: int, logs: Path) -> Part:
    command = [sys.executable, "-m", "deployments.server", "server", "start", "--host", host, "--port", str(port)]
    return Part("Prefect server", command, environment, logs / "server.log", environment["PREFECT_API_URL"] + "/health")


def inline_worker(environment: Mapping[str, str], pool: str, name: str, logs: Path) -> Part:
    """Each start has a name of its own, so that the patrol can tell a dead worker from the one that came after it.

    An orphaned worker is killed: asked politely, it would wait a minute or two for a server that is gone as well.
    """
    command = [sys.executable, "-m", "prefect", "worker", "start", "--type", "inline", "--pool", pool]
    named = [*command, "--name", f"{name}-{{start}}"]
    return Part("worker", named, environment, logs / "worker.log", orphaned=signal.SIGKILL)


def web_room(environment: Mapping[str, str], host: str, port: int, logs: Path) -> Part:
    command = [sys.executable, "-m", "uvicorn", "web.app:from_environment", "--factory", *QUIET]
    address = ["--host", host, "--port", str(port), "--log-level", "warning"]
    ready = f"http://{'127.0.0.1' if host in EVERYWHERE else host}:{port}/healthz"
    # Orphaned, it would go on for a minute with a click that Prefect does not answer any more.
    return Part("web room", [*command, *address], environment, logs / "web.log", ready, orphaned=signal.SIGKILL)

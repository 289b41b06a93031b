"""Everything on one machine: Prefect server, worker and web room, started, watched and stopped together."""

from __future__ import annotations

import fcntl
import os
import signal
import socket
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass

from checklists.errors import LaunchError
from deployments.environment import EVERYWHERE, POOL, free_port, is_free, prefect_environment, remember
from deployments.parts import Part, inline_worker, prefect_server, web_room
from tasks.loopback import is_loopback
from tasks.settings import PUBLIC_URL, Settings


class CannotStart(LaunchError):
    """Something on this machine is in the way; the sentence says what and how to get it out."""


@dataclass(frozen=True)
class Running:
    """Where everything answers."""

    api: str
    ui: str
    web: str
    parts: tuple[Part, ...]

    def watch(self, say: Callable[[str], None]) -> None:
        """Start again whatever dies; a part that keeps dying waits longer each time."""
        for part in self.parts:
            if not part.is_alive:
                say(f"the {part.name} died; starting it again ({part.log})")
                time.sleep(min(part.starts - 1, 10))
                part.start()


@contextmanager
def up(settings: Settings, host: str, port: int, web_port: int) -> Iterator[Running]:
    """All parts, ready; stopped on the way out. Raises CannotStart or DidNotStart."""
    check_identity(settings, host)
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))  # by way of the stack below, so that every part is stopped
    with ExitStack() as stack:
        stack.enter_context(only_once(settings))
        port, web_port = chosen(host, port, "--port"), chosen(host, web_port, "--web-port")
        ours = {"TMINUS_PUBLIC_URL": public_url(settings, host, web_port), "TMINUS_IDENTITY": settings.identity}
        environment = prefect_environment(settings, host, port) | ours
        os.environ.update(environment)
        yield _start(stack, settings, environment, host, port, web_port)


def _start(
    stack: ExitStack, settings: Settings, environment: dict[str, str], host: str, port: int, web_port: int
) -> Running:
    from ledger.store import Ledger

    logs = settings.home / "logs"
    ledger = Ledger(settings.ledger_url)
    ledger.migrate()
    ledger.dispose()
    server = prefect_server(environment, host, port, logs)
    web = web_room(environment, host, web_port, logs)
    for part in (server, web):  # both at once: what is told us while Prefect starts is kept, and ports are taken early
        _run(stack, part)
    web.wait()
    server.wait()

    from deployments.deploy import deploy  # imports Prefect, which reads the environment set above

    deploy(POOL)
    remember(settings, environment)
    worker = inline_worker(environment, POOL, f"inline-{socket.gethostname()}-{os.getpid()}", logs)
    _run(stack, worker)
    api = environment["PREFECT_API_URL"]
    return Running(api, api.removesuffix("/api"), environment["TMINUS_PUBLIC_URL"], (server, worker, web))


def _run(stack: ExitStack, part: Part) -> None:
    part.start()
    stack.callback(part.stop)


@contextmanager
def only_once(settings: Settings) -> Iterator[None]:
    """Hold the home folder; raises CannotStart where another tminus holds it."""
    with (settings.make_home() / "up.lock").open("a+") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            lock.seek(0)
            holder = lock.read().strip() or "unknown"
            raise CannotStart(
                f"tminus runs already in {settings.home.resolve()} (process {holder}); "
                "use that one, end it, or set TMINUS_HOME to another folder"
            ) from error
        lock.truncate(0)
        lock.write(str(os.getpid()))
        lock.flush()
        yield


def chosen(host: str, port: int, option: str) -> int:
    """The port, or one that is free where any will do (0). Raises CannotStart where it is taken."""
    if port and not is_free(host, port):
        raise CannotStart(f"port {port} on {host} is taken; end what listens there, or choose another {option}")
    return port or free_port(host, 0)


def check_identity(settings: Settings, host: str) -> None:
    """Trusting the name somebody types is for one's own machine only. Raises CannotStart anywhere else."""
    if settings.identity == "asserted" and not is_loopback(host):
        raise CannotStart(
            f"{host} can be reached by others, and names typed into forms are trusted (TMINUS_IDENTITY=asserted); "
            "listen on 127.0.0.1, or set TMINUS_IDENTITY=verified"
        )


def public_url(settings: Settings, host: str, web_port: int) -> str:
    """Where people reach the web room: where the user says, or else where it listens."""
    if settings.public_url != PUBLIC_URL:
        return settings.public_url
    if host in EVERYWHERE:
        raise CannotStart(f"{host} is everywhere and leads nowhere; set TMINUS_PUBLIC_URL to where people reach it")
    return f"http://[{host}]:{web_port}" if ":" in host else f"http://{host}:{web_port}"

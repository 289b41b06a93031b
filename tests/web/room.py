"""A real web room on loopback, a peer in Prefect's place, and what GitHub would send."""

from __future__ import annotations

import hashlib
import hmac
import json
import socket
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import copy_context
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import pytest
import uvicorn
from prefect.settings import PREFECT_API_URL, temporary_settings

from checklists.files.organisation_file import OrganisationFile
from ledger.receipts import Receipt
from ledger.store import Ledger
from tasks.boards.prefect_api import forget
from tasks.boards.prefect_board import PrefectBoard
from tasks.settings import Settings
from tasks.world import World
from tests.databases import make_ready
from tests.peers.peer import GARBAGE, HANG, Answer, Peer, Received
from web.app import app

FIXTURES = Path(__file__).resolve().parents[3] / "shared" / "fixtures" / "github"
SECRET = "not-a-real-secret"
NO_TLS = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
"""Everybody's certificates take longer to read than most answers; nobody needs them here."""
COMMIT = "6113728f27ae82c7b1a177c8d03f9e96e0adf246"
ORGANISATION = """
organisation: Example
products:
  acme: {title: Acme, repository: Codertocat/Hello-World, tags: "v{version}"}
  plain: {title: Plain, repository: codertocat/hello-world, tags: "{version}"}
  sdk: {title: SDK, repository: Example-Org/mono, tags: "sdk@{version}"}
  app: {title: App, repository: Example-Org/mono, tags: "app/v{version}"}
  twin: {title: Twin, repository: Example-Org/twins, tags: "v{version}"}
  other-twin: {title: Other twin, repository: Example-Org/twins, tags: "v{version}"}
  lab: {title: Lab, repository: Example-Group/team/lab, host: gitlab}
  tea: {title: Tea, repository: Example-Org/tea, host: gitea}
"""


class PrefectPeer(Peer):
    """Takes events and says that it is well. Modes: accept, refuse, hang, garbage, page (some other web server)."""

    def reply(self, mode: str, request: Received) -> Answer:
        if mode == "page":
            return Answer(200, b"<html>Welcome to the guest network</html>")
        if request.path == "/api/health":
            return Answer(200, b"true", {"Content-Type": "application/json"})
        if request.path.startswith("/api/csrf-token"):
            return Answer(422, b'{"detail":"CSRF protection is disabled."}')
        return {"accept": Answer(204), "refuse": Answer(422, b"{}"), "hang": HANG, "garbage": GARBAGE}[mode]

    @property
    def events(self) -> list[dict[str, Any]]:
        taken = [request.body for request in self.received if (request.method, request.path) == ("POST", "/api/events")]
        return [event for batch in taken for event in batch]


def make_world(home: Path, **settings: Any) -> World:
    """A world with a ledger that is ready, and an organisation file that may be rewritten."""
    home.mkdir(exist_ok=True)
    organisation = home / "organisation.yaml"
    if not organisation.exists():
        organisation.write_text(ORGANISATION)
    given = Settings(_env_file=None, home=home, organisation=organisation, github_secret=SECRET, **settings)
    ledger = Ledger(given.ledger_url)
    make_ready(ledger)
    return World(given, ledger, OrganisationFile(organisation), PrefectBoard())


@contextmanager
def serving(world: World, port: int = 0) -> Iterator[httpx.Client]:
    """The web room of this world, served as `tminus up` serves it; ends when its last event is on its way."""
    config = uvicorn.Config(
        app(world), log_config=None, server_header=False, proxy_headers=False, timeout_graceful_shutdown=10
    )
    server = uvicorn.Server(config)
    listening = socket.create_server(("127.0.0.1", port), backlog=256)
    listening.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)  # asyncio does that for sockets of its own only
    run = copy_context().run  # Prefect's address, as the test has set it, holds in the server's threads, too
    thread = threading.Thread(target=run, args=(server.run, [listening]), daemon=True)
    thread.start()
    try:
        address = f"http://127.0.0.1:{listening.getsockname()[1]}"
        with httpx.Client(base_url=address, timeout=20, verify=NO_TLS) as client:
            yield client
    finally:
        server.should_exit = True
        thread.join(15)
        listening.close()
        world.ledger.dispose()


@contextmanager
def prefect_at(url: str) -> Iterator[None]:
    """Prefect's API is looked for here."""
    forget()
    with temporary_settings({PREFECT_API_URL: url}):
        yield
    forget()


def fixture(name: str) -> bytes:
    file = FIXTURES / f"{name}.json"
    if not file.is_file():
        pytest.skip(f"{file.name} of the shared GitHub payloads is not here")
    return file.read_bytes()


def signature(body: bytes, secret: str = SECRET) -> str:
    return "sha256=" + hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()


def headers(body: bytes, event: str, **more: str) -> dict[str, str]:
    said = {
        "X-GitHub-Event": event,
        "X-GitHub-Delivery": "5c8f0f38-0f7e-11ef-9d4b-6c2b59ffb2a1",
        "X-Hub-Signature-256": signature(body),
        "Content-Type": "application/json",
    }
    return said | more


@dataclass(frozen=True)
class Hook:
    """A webhook as GitHub delivers it, with texts of our own where the fixtures have none."""

    tag: str
    repository: str = "Codertocat/Hello-World"

    @property
    def create(self) -> bytes:
        return self._body({"ref": self.tag, "ref_type": "tag"})

    @property
    def push(self) -> bytes:
        return self._body({"ref": f"refs/tags/{self.tag}", "after": "a" * 40, "head_commit": {"id": COMMIT}})

    @property
    def release(self) -> bytes:
        return self._body({"action": "published", "release": {"tag_name": self.tag, "body": "Faster\r\nexports\x00"}})

    def _body(self, said: dict[str, Any]) -> bytes:
        about = {"repository": {"full_name": self.repository}, "sender": {"login": "Codertocat"}}
        return json.dumps(said | about).encode()


def deliver(client: httpx.Client, event: str, body: bytes, **more: str) -> httpx.Response:
    return client.post("/webhooks/github", content=body, headers=headers(body, event, **more))


def kept(world: World) -> tuple[Receipt, ...]:
    """Every receipt there is."""
    receipts = world.ledger.receipts
    return (*receipts.waiting(world.now().replace(year=9999)), *receipts.unclaimed())

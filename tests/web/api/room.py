"""The API as programs meet it: a real web room on loopback, a launch under way, and everybody's tokens."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx

from checklists.entries import Signed
from checklists.launch import Launch
from ledger.tokens import Token
from tasks.people.tokens import create_token, list_tokens
from tests.tasks.worlds import Place, place
from tests.web.room import serving

ADA, BEN, DAN, EVE = (f"{name}@example.com" for name in ("ada", "ben", "dan", "eve"))
LAUNCH = "/api/launches/acme-2.4.0"
QA = f"{LAUNCH}/items/qa"
APPROVE = {"decision": "approve"}
ALL = ("read", "sign", "manage")


@dataclass(frozen=True)
class Api:
    """A web room with one launch, `acme-2.4.0`, and a client that is nobody until it shows a token."""

    at: Place
    client: httpx.Client

    def at_rest(self) -> None:
        """Returns once the room has begun, and draws no feeds beside its answers any more."""
        self.client.get("/health")
        for thread in threading.enumerate():
            if thread.name == "feeds":
                thread.join(20)

    def token(self, who: str, *scopes: str, days: int = 90) -> str:
        return create_token(self.at.world, who, scopes or ALL, days=days)

    def key(self, who: str, *scopes: str) -> dict[str, str]:
        """The headers of somebody with these scopes; all where none is named."""
        return {"Authorization": f"Bearer {self.token(who, *scopes)}"}

    def tokens(self) -> tuple[Token, ...]:
        return list_tokens(self.at.world)

    def get(self, path: str, who: str = EVE, **asked: Any) -> httpx.Response:
        return self.client.get(path, headers=self.key(who), **asked)

    def post(self, path: str, said: Any = None, who: str = EVE, **headers: str) -> httpx.Response:
        return self.client.post(path, json=said, headers=self.key(who) | headers)

    @property
    def launch(self) -> Launch:
        return self.at.launch("acme-2.4.0")

    @property
    def signed(self) -> list[str]:
        """Who signed, as the record says it."""
        return [one.actor for one in self.at.ledger.read("acme-2.4.0") if isinstance(one.data, Signed)]


@contextmanager
def api_room(folder: Path, **settings: Any) -> Iterator[Api]:
    at = place(folder, **settings)
    at.begun()
    with serving(at.world) as client:
        yield Api(at, client)

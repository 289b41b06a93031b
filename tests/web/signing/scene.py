"""A launch people are asked to sign, and a web room that serves it; what a browser would send."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from html import unescape
from pathlib import Path
from typing import Any

import httpx

from checklists import entries as e
from checklists.checklist import Checklist
from checklists.commands import Start
from checklists.dates import Calendar
from checklists.decide import Refusal
from checklists.entries import Data, Difference, Piece, Release
from checklists.files.organisation_file import OrganisationFile
from checklists.launch import ItemState, Launch
from checklists.people import Actor
from ledger.links import Link
from tasks.act import act, begin
from tasks.advance import advance, record
from tasks.people.links import address_of, make_links
from tasks.world import World
from tests.checklists.launches import LAUNCH_DAY
from tests.tasks.worlds import Place, place
from tests.web.room import serving

ORGANISATION = """
organisation: Example
people:
  ada@example.com: {name: Ada Abara, roles: [launch-managers, product], timezone: Europe/Berlin}
  ben@example.com: {name: Ben Brandt, roles: [qa], timezone: Europe/Berlin}
  cleo@example.com: {name: Cleo Castro, roles: [qa, docs], timezone: America/New_York}
  dan@example.com: {name: Dan Dahl, roles: [security], timezone: Europe/Oslo}
  kim@example.com: {name: Kim Kaya, roles: [qa, security], timezone: Europe/Istanbul}
  eva@example.com: {name: Eva Endo, roles: [docs]}
  fay@example.com: {name: Fay Farah, roles: [support]}
products:
  acme: {title: Acme, timezone: Europe/Berlin}
audiences:
  customers: {title: Customers, addresses: [customer@example.net], external: true}
"""
ABOUT = """Run the release candidate, not the branch:

- the **paths customers use most**, on a fresh and on an upgraded account
- what the last incident was about
- nothing in the error log that was not there before
"""
CHECKLIST = Checklist.model_validate(
    {
        "checklist": "feature",
        "items": {
            "qa": {
                "gate": "QA sign-off",
                "sign": ["2 of qa", "1 of security"],
                "evidence": ["test-report"],
                "bound-to": "code",
                "due": "T-3d",
                "about": ABOUT,
            },
            "words": {"gate": "The announcement is right", "sign": ["1 of docs"], "bound-to": "tell"},
            "guide": {"todo": "Write the guide", "owner": "docs", "about": "One page, with pictures."},
            "links": {"check": "http", "with": {"url": "http://127.0.0.1/"}},
            "go": {"gate": "Go / no-go", "sign": ["1 of launch-managers"], "needs": ["qa"], "self-sign": "allowed"},
            "tell": {"announce": {"audience": "customers", "channels": ["email"]}, "needs": ["go", "words"]},
        },
    }
)
COMMIT = "9f2c51d0c7a84b0e8a3a6f1be2d27f6c5d1e4a90"
REPORT = "https://ci.example.com/acme/runs/412"


@dataclass(frozen=True)
class Scene:
    """The world behind the page, and a browser's way to it."""

    at: Place
    client: httpx.Client
    launch_id: str

    @property
    def world(self) -> World:
        return self.at.world

    @property
    def launch(self) -> Launch:
        return self.at.launch(self.launch_id)

    def item(self, key: str = "qa") -> ItemState:
        return self.launch.items[key]

    def who(self, name: str) -> Actor:
        return self.world.person(f"{name}@example.com")

    def did(self, command: Any) -> Launch:
        """The launch after a command that was carried out."""
        answer = act(self.world, self.launch_id, command)
        assert not isinstance(answer, Refusal), answer.reason
        return advance(self.world, self.launch_id)

    def known(self, *facts: Data) -> Launch:
        """The launch after tminus has written these facts down."""
        record(self.world, self.launch, facts)
        return advance(self.world, self.launch_id)

    def link(self, name: str, item: str = "qa") -> Link:
        """The link this person was mailed for the item as it is now."""
        email, state = f"{name}@example.com", self.item(item)
        if email not in state.asked:
            people = (*state.asked, email)
            self.known(e.Asked(item=item, round=state.round, mailing=state.mailing + 1, people=people))
        (link,) = make_links(self.world, self.launch, item, [email])
        return link

    def path(self, name: str, item: str = "qa") -> str:
        return address_of(self.world, self.link(name, item)).removeprefix(self.world.settings.public_url)

    def send(
        self, path: str, *, shown: str | None = None, headers: Mapping[str, str] | None = None, **fields: Any
    ) -> httpx.Response:
        """Fill the form on the page in and send it; `shown` is the page where it was fetched before."""
        page = self.client.get(path).text if shown is None else shown
        return self.client.post(path, data={**hidden(page), **_named(fields)}, headers=headers)

    def organise(self, text: str) -> None:
        """Let the organisation be another one."""
        (self.world.settings.home / "people.yaml").write_text(text)


def _named(fields: Mapping[str, str]) -> dict[str, str]:
    return {name.replace("__", ":").replace("_", "-"): value for name, value in fields.items()}


@contextmanager
def scene(folder: Path, *, about: str = ABOUT, **settings: Any) -> Iterator[Scene]:
    """A launch with its gates open, served on loopback."""
    at = _place(folder, settings)
    launch = begin(at.world, _start(at.world, about))
    assert not isinstance(launch, Refusal), launch.reason
    advance(at.world, launch.id)
    with serving(at.world) as client:
        yield Scene(at, client, launch.id)


def _place(folder: Path, settings: dict[str, Any]) -> Place:
    at = place(folder)
    file = folder / "people.yaml"
    file.write_text(ORGANISATION)
    given = at.world.settings.model_copy(update=settings)
    return replace(at, world=replace(at.world, settings=given, organisation_file=OrganisationFile(file)))


def _start(world: World, about: str) -> Start:
    qa = CHECKLIST.items["qa"].model_copy(update={"about": about})
    return Start(
        by=world.person("ada@example.com"),
        release=Release(product="acme", title="Acme", version="2.4.0", commit=COMMIT),
        checklist=CHECKLIST.model_copy(update={"items": {**CHECKLIST.items, "qa": qa}}),
        folder="checklists",
        calendar=Calendar(timezone="Europe/Berlin"),
        directory=world.directory,
        launch_on=LAUNCH_DAY,
        difference=Difference(head=COMMIT),
    )


def report() -> dict[str, Piece]:
    return {
        "test-report": Piece(
            url=REPORT, sha256="5d41402abc4b2a76b9719d911017c592ae1f3f9c0b8f2d4ce7a1b3c5d7e9f0a1", size=48_213
        )
    }


def hidden(page: str) -> dict[str, str]:
    """What a form brings along unseen."""
    return dict(re.findall(r'type="hidden" name="(seen|shown|seal)" value="([^"]*)"', page))


def text(page: httpx.Response | str) -> str:
    """What people read of a page, on one line."""
    body = page if isinstance(page, str) else page.text
    flowing = re.sub(r"</?(strong|time|code|abbr|em|b)\b[^>]*>", "", body)
    main = re.sub(r"<style>.*?</style>|<[^>]+>", " ", flowing, flags=re.DOTALL)
    return " ".join(unescape(main).split())


def title(page: httpx.Response) -> str:
    found = re.search(r"<h1[^>]*>(.*?)</h1>", page.text, re.DOTALL)
    assert found is not None, page.text[:500]
    return text(found[1])

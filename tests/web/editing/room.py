"""Notes that people edit, a gate that is bound to them, and a web room that serves both."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from html import unescape
from pathlib import Path
from typing import Any

import httpx

from checklists.checklist import Checklist
from checklists.commands import Start
from checklists.dates import Calendar
from checklists.decide import Refusal
from checklists.entries import Difference, Release
from checklists.launch import ItemState, Launch
from checklists.notes.change import Audience
from checklists.request import ItemRun
from tasks.act import act, begin
from tasks.advance import advance
from tasks.notes.drafting import drafted_by_machine
from tasks.notes.editing import base_of, saving
from tasks.observing import observe
from tasks.people.links import address_of, make_links
from tests.checklists.launches import LAUNCH_DAY
from tests.tasks.changes.repository import Repository
from tests.web.room import serving
from tests.web.signing.scene import Scene, _place

CHECKLIST = Checklist.model_validate(
    {
        "checklist": "feature",
        "items": {
            "notes": {"notes": {"audiences": ["customer", "internal"]}, "title": "Release notes", "owner": "docs"},
            "review": {
                "gate": "Notes are right",
                "needs": ["notes"],
                "sign": ["1 of docs or product"],
                "bound-to": "notes",
            },
            "go": {"gate": "Go / no-go", "needs": ["review"], "sign": ["1 of launch-managers"], "self-sign": "allowed"},
        },
    }
)
RELEASED = "Reports are exported by themselves, every night."


class Room(Scene):
    """The same scene, with what a browser does on the page of notes."""

    @property
    def state(self) -> ItemState:
        return self.item("notes")

    def words(self, audience: Audience = "customer") -> str:
        return self.state.wordings[audience].words

    def drafted(self) -> Launch:
        """The launch after a machine has drafted its notes."""
        state = self.state
        run = ItemRun(launch_id=self.launch_id, item="notes", round=state.round, number=state.number, form="work")
        return self.did_as_doors(drafted_by_machine(self.world, run))

    def did_as_doors(self, command: Any) -> Launch:
        answer = act(self.world, self.launch_id, command)
        assert not isinstance(answer, Refusal), answer.reason
        observe(self.world, self.launch_id)
        return advance(self.world, self.launch_id)

    def wrote(self, name: str, words: str, audience: Audience = "customer") -> Launch:
        """The launch after somebody has saved these words through another door."""
        base = base_of(self.state, audience)
        by = replace(self.who(name), proof="token")
        command = saving(self.world, self.launch, self.state, audience, words, by=by, via="command", base=base)
        return self.did_as_doors(command)

    def door(self, name: str, item: str = "notes", audience: Audience = "customer") -> str:
        """The page of notes behind somebody's personal link."""
        (link,) = make_links(self.world, self.launch, item, [f"{name}@example.com"])
        path = address_of(self.world, link).removeprefix(self.world.settings.public_url)
        return f"{path.replace('/sign/', '/notes/')}?for={audience}"

    def press(
        self, path: str, what: str, page: str | None = None, headers: Mapping[str, str] | None = None, **fields: str
    ) -> httpx.Response:
        """Fill in the form on the page, as it is there, and press one of its buttons."""
        shown = self.client.get(path).text if page is None else page
        given = {**hidden(shown), "words": editor(shown), **fields, "what": what}
        return self.client.post(path, data=given, headers=headers)


def hidden(page: str) -> dict[str, str]:
    found = re.search(r'name="base" value="([^"]*)"><input type="hidden" name="seal" value="([^"]*)"', page)
    assert found is not None, page[:800]
    return {"base": found[1], "seal": found[2]}


def editor(page: str) -> str:
    """What stands in the editor."""
    found = re.search(r"<textarea[^>]*>\n(.*?)</textarea>", page, re.DOTALL)
    assert found is not None, page[:800]
    return unescape(found[1])


@contextmanager
def room(folder: Path, released: str = RELEASED, repo: Repository | None = None, **settings: Any) -> Iterator[Room]:
    """A launch with drafted notes, served on loopback; of what a repository holds between v1.0.0 and v2.0.0."""
    at = _place(folder, settings)
    base, head = (repo.git("rev-parse", f"{tag}^{{}}") if repo else None for tag in ("v1.0.0", "v2.0.0"))
    if repo:
        file = at.world.organisation_file.file
        file.write_text(file.read_text().replace("{title: Acme", f"{{git: {repo.folder}, title: Acme"))
    release = Release(product="acme", title="Acme", version="2.4.0", notes=released, commit=head)
    start = Start(
        by=at.world.person("ada@example.com"),
        release=release,
        checklist=CHECKLIST,
        folder="checklists",
        calendar=Calendar(timezone="Europe/Berlin"),
        directory=at.world.directory,
        difference=Difference(base=base, head=head) if repo else None,
        launch_on=LAUNCH_DAY,
    )
    launch = begin(at.world, start)
    assert not isinstance(launch, Refusal), launch.reason
    advance(at.world, launch.id)
    with serving(at.world) as client:
        made = Room(at, client, launch.id)
        made.drafted()
        yield made

"""A launch whose gates sign what is announced, what the notes say, and who is there: and a file to change it all."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from checklists.checklist import Checklist
from checklists.decide import Refusal
from checklists.launch import Launch
from tasks.act import begin
from tasks.advance import advance
from tasks.observing import observe
from tests.checklists.launches import FAY, start
from tests.tasks.worlds import Place, place

CHECKLIST = Checklist.model_validate(
    {
        "checklist": "bound",
        "items": {
            "notes": {"gate": "Notes are right", "sign": ["1 of docs"], "evidence": []},
            "text": {"gate": "The words are right", "sign": ["1 of docs"], "bound-to": "tell"},
            "legal": {"gate": "Legal", "sign": ["1 of security"], "bound-to": "notes"},
            "all": {"gate": "All of QA", "sign": ["all of qa"]},
            "go": {"gate": "Go", "sign": ["1 of launch-managers"], "needs": ["text"]},
            "tell": {"announce": {"audience": "customers", "channels": ["email", "chat"]}, "needs": ["go"]},
            "after": {"gate": "It read well", "sign": ["1 of docs"], "bound-to": "tell", "needs": ["tell"]},
        },
    }
)
MORE = """
audiences: {customers: {roles: [support], addresses: [cem@example.net], external: true}, internal: {roles: [qa]}}
channels: {email: {kind: email}, chat: {kind: slack}}
"""


def house(folder: Path) -> Place:
    """A world with an audience and two channels."""
    at = place(folder)
    edit(at, "products:", f"{MORE.strip()}\nproducts:")
    return at


def edit(at: Place, old: str, new: str) -> None:
    """Change the organisation file."""
    file = at.world.organisation_file.file
    text = file.read_text()
    assert old in text
    file.write_text(text.replace(old, new))


def opened(at: Place, checklist: Checklist = CHECKLIST) -> Launch:
    """The launch with what it is bound to written down, and everything open that may be."""
    launch = begin(at.world, replace(start(checklist), by=FAY))
    assert not isinstance(launch, Refusal), launch
    observe(at.world, launch.id)
    return advance(at.world, launch.id)

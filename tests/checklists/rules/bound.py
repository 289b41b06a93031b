"""A launch whose gates are bound to things, with people who may be away, and with known or unknown authors."""

from __future__ import annotations

from datetime import date
from typing import Any

from checklists.checklist import Checklist
from checklists.commands import Actor, Sign, Start
from checklists.dates import Calendar
from checklists.entries import Difference, Piece, Release
from checklists.launch import Launch
from checklists.people import Delegation, Directory, Member
from tests.checklists.launches import NOW, begun

ADA = Member("ada@example.com", "Ada", ("qa", "leads"), ("ada@home.example", "github:ada"))
BEN = Member("ben@example.com", "Ben", ("qa", "docs", "leads"), ("github:ben",))
CLEO = Member("cleo@example.com", "Cleo", ("docs",))
DAN = Member("dan@example.com", "Dan", ("support",))
EVE = Member("eve@example.com", "Eve", ("launch-managers",))
GUS = Member("gus@example.com", "Gus")
PEOPLE = (ADA, BEN, CLEO, DAN, EVE, GUS)
SPARE = tuple(Member(f"spare{n}@example.com", f"Spare {n}", ("qa", "docs", "launch-managers")) for n in (1, 2))
"""So that a launch may start although the others wrote it."""
TODAY = NOW.date()
KNOWN = Difference(base="a", head="b", count=1)

GATES: dict[str, Any] = {
    "code": {"gate": "Code", "sign": ["2 of qa"], "bound-to": "code"},
    "open": {"gate": "Authors may", "sign": ["1 of qa"], "bound-to": "code", "self-sign": "allowed"},
    "notes": {"gate": "Notes", "sign": ["2 of docs"], "evidence": ["draft"], "bound-to": "evidence"},
    "words": {"gate": "Words are right", "sign": ["1 of qa or docs"], "bound-to": "notes"},
    "free": {"gate": "Free", "sign": ["1 of qa", "1 of docs"]},
    "person": {"gate": "Ada says", "sign": ["ada@example.com"], "bound-to": "nothing"},
    "all": {"gate": "All leads", "sign": ["all of leads"]},
    "go": {"gate": "Go", "sign": ["1 of launch-managers"]},
    "todo": {"todo": "Write", "owner": "docs"},
}


def lets(who: Member, to: Member, starts: date = TODAY, ends: date = TODAY) -> Delegation:
    return Delegation(who.email, to.email, starts, ends)


def asking(*, by: Member = GUS, difference: Difference | None = KNOWN, **gates: Any) -> Start:
    return Start(
        by=Actor(by.email, by.name, by.roles),
        release=Release(product="acme", title="Acme", version="2.4.0", commit="b"),
        checklist=Checklist.model_validate({"checklist": "example", "items": gates or GATES}),
        folder="checklists",
        calendar=Calendar(),
        directory=Directory((*PEOPLE, *SPARE)),
        difference=difference,
    )


def launched(*authors: str, by: Member = GUS, difference: Difference | None = KNOWN) -> Launch:
    wrote = difference and difference.model_copy(update={"authors": authors})
    return begun(asking(by=by, difference=wrote))


def who(member: Member, *delegations: Delegation) -> Actor:
    return Directory(PEOPLE, delegations).actor(member.email, TODAY)


def approve(by: Actor, item: str, instead_of: Member | None = None, **evidence: str) -> Sign:
    shown = {name: Piece(url=url) for name, url in evidence.items()}
    return Sign(
        by=by, item=item, decision="approve", evidence=shown, instead_of=instead_of.email if instead_of else None
    )

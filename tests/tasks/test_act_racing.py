"""Many people at one gate at once, on a real database: every place is filled once, and everybody else is told so."""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date
from pathlib import Path
from threading import Barrier

import pytest

from checklists.checklist import Checklist
from checklists.commands import Command, Sign
from checklists.decide import Refusal
from checklists.entries import Refused, Signed, Via
from checklists.launch import Launch
from checklists.people import Actor
from ledger.store import Ledger
from tasks.act import act, begin
from tasks.advance import advance
from tasks.boards.memory_board import MemoryBoard
from tasks.people.delegating import delegate
from tasks.settings import Settings
from tasks.world import World
from tests.checklists.launches import EVE, NOW, start
from tests.databases import database_url, kept_postgres, ledger
from tests.tasks.worlds import organised

__all__ = ["database_url", "kept_postgres", "ledger"]

CROWD = tuple(Actor(f"p{number}@example.com", f"P {number}", ("qa",)) for number in range(50))
AWAY = Actor("away@example.com", "Away", ("docs",))
STANDS_IN = Actor("stand-in@example.com", "Stand-In", ("support",))
EVERYBODY = (*CROWD, AWAY, STANDS_IN, EVE)
GATES = Checklist.model_validate(
    {
        "checklist": "gates",
        "items": {
            "two": {"gate": "Two of fifty", "sign": ["2 of qa"]},
            "all": {"gate": "All fifty", "sign": ["all of qa"]},
            "docs": {"gate": "Docs", "sign": ["1 of docs"]},
        },
    }
)


@pytest.fixture
def world(ledger: Ledger, tmp_path: Path) -> World:
    board = MemoryBoard()
    board.now = lambda: NOW
    return World(Settings(home=tmp_path), ledger, organised(tmp_path, EVERYBODY), board, lambda: NOW)


def begun(world: World) -> Launch:
    launch = begin(world, replace(start(GATES), directory=world.directory))
    assert not isinstance(launch, Refusal), launch.reason
    return advance(world, launch.id)


def at_once(world: World, name: str, commands: Sequence[Command]) -> list[Launch | Refusal]:
    """What becomes of these commands, each in a thread of its own, all set off together."""
    ready = Barrier(len(commands))

    def one(command: Command) -> Launch | Refusal:
        ready.wait()
        return act(world, name, command)

    with ThreadPoolExecutor(len(commands)) as pool:
        return list(pool.map(one, commands))


def approve(by: Actor, item: str, via: Via = "link") -> Sign:
    return Sign(by=by, item=item, decision="approve", via=via)


def recorded(world: World, name: str, kind: type) -> list[str]:
    return [entry.actor for entry in world.ledger.read(name) if isinstance(entry.data, kind)]


def test_of_fifty_people_racing_for_two_places_two_count_and_the_others_are_told(world: World) -> None:
    launch = begun(world)
    answers = at_once(world, launch.id, [approve(by, "two") for by in CROWD])
    told = [answer.reason for answer in answers if isinstance(answer, Refusal)]
    assert len(told) == 48
    assert all("two is passed already" in reason for reason in told)
    state = advance(world, launch.id).items["two"]
    assert (state.status, len(state.signatures), len(state.places)) == ("passed", 2, 2)
    signed = recorded(world, launch.id, Signed)
    assert len(set(signed)) == len(signed) == 2
    assert sorted(recorded(world, launch.id, Refused)) == sorted({by.email for by in CROWD} - set(signed))
    assert world.ledger.verify(launch.id) is None


def test_fifty_people_who_all_have_to_sign_all_count(world: World) -> None:
    launch = begun(world)
    answers = at_once(world, launch.id, [approve(by, "all") for by in CROWD])
    assert [answer for answer in answers if isinstance(answer, Refusal)] == []
    state = advance(world, launch.id).items["all"]
    assert (state.status, len(state.signatures)) == ("passed", 50)


def test_one_person_at_two_doors_at_once_signs_once(world: World) -> None:
    launch = begun(world)
    doors: tuple[Via, ...] = ("link", "form", "api", "command")
    answers = at_once(world, launch.id, [approve(CROWD[0], "two", via) for via in doors])
    told = {answer.reason for answer in answers if isinstance(answer, Refusal)}
    assert told == {"P 0 has approved two already; one person fills one place"}
    assert recorded(world, launch.id, Signed) == [CROWD[0].email]


def test_an_absent_person_who_comes_back_and_their_stand_in_fill_one_place(world: World) -> None:
    launch = begun(world)
    assert not isinstance(delegate(world, EVE, AWAY.email, STANDS_IN.email, date(2026, 12, 1)), Refusal)
    people = [world.person(AWAY.email), world.person(STANDS_IN.email)]
    answers = at_once(world, launch.id, [approve(by, "docs") for by in people])
    assert len([answer for answer in answers if isinstance(answer, Refusal)]) == 1
    assert len(recorded(world, launch.id, Signed)) == 1


@pytest.mark.parametrize("item", ["two", "all"])
def test_who_lost_the_role_between_mail_and_click_does_not_sign(world: World, item: str) -> None:
    launch = begun(world)
    file = world.organisation_file.file
    dropped = file.read_text("utf-8").replace("name: P 7, roles: [qa]", "name: P 7, roles: [docs]")
    file.write_text(dropped, "utf-8")
    answer = act(world, launch.id, approve(world.person("p7@example.com"), item))
    assert answer == Refusal(f"P 7 does not hold the role qa, which {item} asks for")
    assert recorded(world, launch.id, Refused) == ["p7@example.com"]


def test_who_left_the_organisation_between_mail_and_click_does_not_sign(world: World) -> None:
    launch = begun(world)
    file = world.organisation_file.file
    kept = [line for line in file.read_text("utf-8").splitlines() if "p7@" not in line]
    file.write_text("\n".join(kept), "utf-8")
    answer = act(world, launch.id, approve(world.person("p7@example.com"), "two"))
    assert answer == Refusal("p7@example.com is not a person of this organisation")

"""How long it takes to see whether every gate can be met: 30 gates, 200 people, some away, some of them authors."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from functools import partial

from checklists.checklist import Checklist
from checklists.people import Delegation, Directory, Member
from checklists.rules.solving import Outlook, unsolvable
from tests.bench.figures import say, spread, timed

NOW = datetime(2026, 4, 30, 10, 0, tzinfo=UTC)
BACK = date(2026, 5, 4)
GATES, PEOPLE = 30, 200
SOME = [[f"2 of role{n % 10}", f"1 of role{(n + 1) % 10} or role{n % 7}"] for n in range(GATES)]
ALL = [["all of everybody"]] * GATES


def solvable(times: int = 20) -> None:
    for name, signs in (("some of each role", SOME), ("everybody at every gate", ALL)):
        asked, people = _checklist(signs), _directory(absent=9 if signs is SOME else PEOPLE)
        waited = [timed(partial(unsolvable, asked, _outlook(people))) for _ in range(times)]
        refused = len(unsolvable(asked, _outlook(people)))
        say(f"can {GATES} gates be met by {PEOPLE} people, {name}", refused=refused, **spread(waited))


def _checklist(signs: Sequence[Sequence[str]]) -> Checklist:
    gates = {
        f"g{n}": {"gate": "Gate", "sign": sign, "due": f"T-{n % 9}d", "bound-to": "code"}
        for n, sign in enumerate(signs)
    }
    return Checklist.model_validate({"checklist": "bench", "items": gates})


def _directory(absent: int) -> Directory:
    """Every so many of the people are away, and the next one signs for them."""
    away = range(1, PEOPLE, absent) if absent < PEOPLE else range(0)
    members = (
        Member(
            f"p{n}@example.com",
            f"P{n}",
            (f"role{n % 10}", f"role{n % 7}", "everybody"),
            (f"github:p{n}", f"p{n}@home.example"),
            ((NOW.date(), BACK),) if n in away else (),
            "Europe/Berlin",
        )
        for n in range(PEOPLE)
    )
    lets = (Delegation(f"p{n}@example.com", f"p{n + 1}@example.com", NOW.date(), BACK) for n in away[:-1])
    return Directory(tuple(members), tuple(lets))


def _outlook(people: Directory) -> Outlook:
    """Everybody's due days lie before and after those who are away come back; strangers wrote the code, too."""
    due = {f"g{n}": NOW.date() + timedelta(days=n % 9) for n in range(GATES)}
    authors = [f"stranger{n}@example.com" for n in range(PEOPLE)]
    return Outlook(people, NOW, due, authors, "github:nobody")

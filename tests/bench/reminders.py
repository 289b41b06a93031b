"""Ten thousand reminders that are due at one moment: planned by the patrol's walk, written, and put into the outbox."""

from __future__ import annotations

import time
from collections import Counter
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path

from checklists.files.organisation_file import OrganisationFile
from ledger.store import Ledger
from tasks.advance import advance
from tasks.boards.memory_board import MemoryBoard
from tasks.notices.delivering import deliver_notices
from tasks.settings import Settings
from tasks.world import World
from tests.bench.figures import say
from tests.bench.seeding import seed
from tests.tasks.worlds import Clock

LAUNCHES, GATES = 1_000, 10
OPENED = datetime(2026, 11, 20, 10, 0, tzinfo=UTC)
DUE = OPENED + timedelta(days=10)  # a Monday morning


def due_at_once(home: Path, database: str) -> None:
    """To a company of two hundred, where each gets one mail about fifty gates, and to one of 2,500."""
    ledger = Ledger(database)
    ledger.migrate()
    for number, people in enumerate((200, 2_500)):
        world = _world(home / str(people), ledger, people)
        seed(ledger, LAUNCHES, GATES, OPENED, str(80 + number), partial(_who, people))
        _measure(world, people, ledger.database.url.get_backend_name())
    ledger.dispose()


def _who(people: int, launch: int, gate: int) -> str:
    return f"person-{(launch * GATES + gate) % people}@example.com"


def _world(home: Path, ledger: Ledger, people: int) -> World:
    home.mkdir()
    file = home / "organisation.yaml"
    everybody = [
        f"  person-{number}@example.com: {{name: Person {number}, roles: [staff]}}" for number in range(people)
    ]
    boss = "  boss@example.com: {name: Boss, roles: [launch-managers]}"
    file.write_text("\n".join(["organisation: Bench", "products: {acme: {title: Acme}}", "people:", boss, *everybody]))
    settings = Settings(_env_file=None, home=home)
    return World(settings, ledger, OrganisationFile(file), MemoryBoard(), Clock(DUE))


def _measure(world: World, people: int, database: str) -> None:
    before, cpu = time.perf_counter(), time.process_time()
    late = [head.launch_id for head in world.ledger.index.open_heads() if head.needs_a_look(DUE)]
    for name in late:
        advance(world, name)
    planned = time.perf_counter()
    letters = deliver_notices(world, timedelta(minutes=30))
    done = time.perf_counter()
    states = Counter(row.state for name in late for row in world.ledger.notices.of(name))
    assert states == {"accepted": LAUNCHES * GATES}, states
    assert letters == len(list(world.settings.outbox.glob("*.eml"))) == people
    say(
        f"{LAUNCHES * GATES} reminders due at once",
        database=database,
        people=people,
        letters=letters,
        seconds=round(done - before, 1),
        planned_s=round(planned - before, 1),
        delivered_s=round(done - planned, 1),
        cpu_s=round(time.process_time() - cpu, 1),
    )

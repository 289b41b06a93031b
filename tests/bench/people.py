"""An announcement as it really goes: people are imported, settled when it is approved, planned, looked at again in
every claim, and written to with the addresses that are theirs alone."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from checklists.launch import Launch
from checklists.request import LaunchRequest
from ledger.newcomers import Newcomer
from ledger.store import Ledger
from tasks.advance import advance
from tasks.announcements.announcing import drain, plan
from tasks.audiences.settling import settle
from tasks.opening import open_launch
from tasks.world import World
from tests.bench.figures import say
from tests.bench.sending import peak_mb, taker
from tests.tasks.newsroom import RUN, newsroom

ORGANISATION = """
organisation: Example
people: {ada@example.com: {name: Ada, roles: [launch-managers]}}
products: {acme: {title: Acme}}
audiences: {customers: {rule: {attributes: {plan: [pro]}}, external: true}}
channels: {email: {kind: email}}
"""


def told(home: Path, database: str, people: int) -> None:
    ledger = Ledger(database)
    ledger.migrate()
    with taker() as host:
        world = replace(newsroom(home, host), ledger=ledger)
        world.settings.make_home()
        world.settings.organisation.write_text(ORGANISATION)
        now, each = datetime.now(UTC), 1e6 / people
        imported = _took(lambda: ledger.newcomers.add(_newcomers(people), "import", "people.csv", now))
        launch = _opened(world)
        settled = _took(lambda: settle(world, launch, RUN.item))
        planned = _took(lambda: plan(world, RUN))
        sent = _took(lambda: drain(world, RUN))
    counts = ledger.deliveries.counts(RUN.launch_id, RUN.item)
    assert counts == {"accepted": people}, counts
    ledger.dispose()
    say(
        f"{people:,} people are imported and told",
        database=ledger.database.url.get_backend_name(),
        imported_us_each=round(each * imported, 1),
        settled_us_each=round(each * settled, 1),
        planned_us_each=round(each * planned, 1),
        sent_us_each=round(each * sent, 1),
        told_s=round(settled + planned + sent, 1),
        peak_mb=peak_mb(),
    )


def _opened(world: World) -> Launch:
    launch = open_launch(world, LaunchRequest(product="acme", version="2.4.0", checklist="news"))
    assert isinstance(launch, Launch), launch
    return advance(world, launch.id)


def _newcomers(people: int) -> Iterator[Newcomer]:
    for number in range(people):
        locale = ("en", "de", "fr")[number % 3]
        own = f"Person {number}", locale, "Europe/Berlin", {"plan": "pro"}
        yield Newcomer(f"person-{number}@example.com", "confirmed", *own, consent="form")


def _took(run: Callable[[], object]) -> float:
    before = time.perf_counter()
    run()
    return time.perf_counter() - before

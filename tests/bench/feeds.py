"""The change channel with five thousand entries, over HTTP: a reader who has the newest, and one who has nothing."""

from __future__ import annotations

import threading
from contextlib import ExitStack
from dataclasses import replace
from datetime import timedelta
from functools import partial
from pathlib import Path
from uuid import uuid4

from ledger.publication import Words, id_of
from tasks.announcements.publishing import shown
from tasks.world import World
from tests.bench.figures import often, say, spread, timed
from tests.tasks.channel import NOW, Draft, channel_world, put
from tests.web.room import serving

ENTRIES = 5_000
BODY = (
    "Your reports leave **in seconds**, also the long ones.\n\n## New\n\n- Export any report as CSV\n- Schedule it\n\n"
)
GERMAN = "Ihre Berichte kommen **in Sekunden**, auch die langen.\n\n## Neu\n\n- Jeder Bericht als CSV\n- Nach Plan\n\n"


def five_thousand(home: Path, url: str) -> None:
    world = channel_world(home, url)
    file = world.settings.organisation
    file.write_text(f"languages: [en, de]\n{file.read_text()}")
    for number in range(ENTRIES):
        at = replace(world, now=lambda number=number: NOW + timedelta(minutes=number))  # type: ignore[misc]
        topics, others = (f"topic-{number % 40}",), (("de", Words(f"Acme 1.0.{number}", GERMAN * 2)),)
        put(at, Draft(f"1.0.{number}", body=BODY * 2, topics=topics, types=("new",), variants=others))
    on = "PostgreSQL" if url.startswith("postgresql") else "SQLite"
    for format_ in ("atom", "rss", "json"):
        read(world, f"/changes.{format_}?limit={ENTRIES}", f"{ENTRIES} entries as {format_} on {on}")
    read(world, f"/changes.atom?limit={ENTRIES}&lang=de", f"{ENTRIES} entries as atom in German on {on}")
    with serving(world) as client:
        found = [timed(lambda: client.get("/changes?q=schedule+csv&topic=topic-7")) for _ in range(5)]
        say(f"a search in {ENTRIES} entries on {on}", **spread(found))


def read(world: World, path: str, what: str) -> None:
    """A room draws the entries while it begins, and the first answer waits for that here. CPU time is that of reader
    and room together."""
    with ExitStack() as rooms:
        clients = [rooms.enter_context(serving(world)) for _ in range(5)]
        assert all(client.get("/changes.json?limit=1").status_code == 200 for client in clients), "they have begun"
        say(f"{what}, drawn by five rooms as they begin", seconds=round(timed(drawn_ahead), 2))
        fresh, get = iter(clients), partial(clients[0].get, path)
        say(f"{what}, the first of a room", **often(lambda: next(fresh).get(path), len(clients)))
        say(f"{what}, full", megabytes=round(len(get().content) / 1e6, 1), **often(get, 9))
        say(f"{what}, full after a change", **often(get, 9, before=partial(correct, world)))
        again = partial(get, headers={"If-None-Match": get().headers["etag"]})
        assert again().status_code == 304
        say(f"{what}, 304", **often(again, 30))


def drawn_ahead() -> None:
    for thread in threading.enumerate():
        if thread.name == "feeds":
            thread.join()


def correct(world: World) -> None:
    """One entry in the middle has other words."""
    words = Words(f"Corrected {uuid4()}", BODY)
    id_ = id_of(f"acme-1.0.{ENTRIES // 2}", "customers")
    world.ledger.publications.correct(id_, str(uuid4()), words, shown(words), world.now())

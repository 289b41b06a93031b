"""An announcement that has gone to twelve hundred people in two languages, and what became of it."""

from __future__ import annotations

import random
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from email import message_from_bytes, policy
from pathlib import Path

from sqlalchemy import insert, update

from checklists.decide import Refusal
from checklists.files.organisation_file import OrganisationFile
from checklists.request import LaunchRequest
from deployments.environment import free_port
from ledger import schema
from ledger.database import chunks
from ledger.newcomers import Newcomer
from ledger.store import Ledger
from tasks.advance import advance
from tasks.announcements.announcing import drain, plan
from tasks.boards.memory_board import MemoryBoard
from tasks.opening import open_launch
from tasks.settings import Settings
from tasks.world import World
from tests.databases import make_ready
from tests.tasks.newsroom import RUN
from tests.web.room import serving

ORGANISATION = """
organisation: Acme Software
languages: [en, de]
people:
  ada@acme.example: {name: Ada Abara, roles: [launch-managers]}
products:
  acme:
    title: Acme Reports
    brand: {name: Acme Reports, colour: "#0b7a55", sender: news@acme.example, sender-name: Acme Reports,
      postal-address: "Acme Software, 12 Harbour Street, Bristol BS1 4RN"}
  sdk: {title: Acme SDK}
topics:
  roadmap-sso: {title: Single sign-on, about: "On the roadmap: told when it ships"}
audiences:
  customers: {title: Customers, topics: [acme], external: true}
channels: {board: {kind: slack}}
"""
CHECKLIST = """
checklist: news
items:
  tell:
    title: Tell our customers
    announce: {audience: customers, channels: [email, board, feed]}
"""
NOTES = """# Reports that leave by themselves

Your reports leave Acme **by themselves**, every night or every hour, in every format you know.

## New

- **Scheduled exports.** Choose when under *Reports → Schedule*; we mail the file or put it into your storage.
- Share a report with people who have no account. Links end when you say so.

## Fixed

- Reports keep the time zone of whoever wrote them, also when the clock changes.

[All that changed](https://docs.acme.example/2.4)
"""
NOTIZEN = """Ihre Berichte verlassen Acme **von selbst**, jede Nacht oder jede Stunde, in jedem gewohnten Format.

## Neu

- **Geplante Exporte.** Wann, wählen Sie unter *Berichte → Zeitplan*; die Datei kommt per Mail oder in Ihren Speicher.
- Teilen Sie einen Bericht mit Menschen ohne Konto. Der Link endet, wann Sie es sagen.

## Behoben

- Berichte behalten die Zeitzone derer, die sie geschrieben haben, auch bei der Zeitumstellung.

[Alles, was sich geändert hat](https://docs.acme.example/2.4)
"""
ADA = "ada.lovelace@example.com"


@contextmanager
def announced(folder: Path) -> Iterator[tuple[World, str]]:
    """The world and the address of its web room, with everything sent into the outbox."""
    port = free_port("127.0.0.1", 0)
    world = _world(folder, f"http://127.0.0.1:{port}")
    (folder / "messages" / "translations" / "acme-2.4.0").mkdir(parents=True)
    (folder / "messages" / "translations" / "acme-2.4.0" / "customer.de.md").write_text(NOTIZEN)
    make_ready(world.ledger)
    world.ledger.newcomers.add(_people(), "import", "customers.csv", datetime.now(UTC))
    asked = LaunchRequest(
        product="acme", version="2.4.0", checklist="news", notes=NOTES, url="https://acme.example/2.4"
    )
    launch = open_launch(world, asked)
    assert not isinstance(launch, Refusal), launch
    advance(world, launch.id)
    plan(world, RUN)
    assert drain(world, RUN)
    _heard(world)
    with serving(world, port):
        yield world, f"http://127.0.0.1:{port}"


def mail_to(world: World, address: str) -> str:
    """The HTML part of what this person was sent."""
    for file in world.settings.outbox.glob("*.eml"):
        mail = message_from_bytes(file.read_bytes(), policy=policy.default)
        if str(mail["To"]).endswith(address) and (body := mail.get_body(("html",))):
            return str(body.get_content())
    raise AssertionError(f"nothing was sent to {address}")


def _world(folder: Path, address: str) -> World:
    (folder / "checklists").mkdir()
    (folder / "checklists" / "news.yaml").write_text(CHECKLIST)
    (folder / "organisation.yaml").write_text(ORGANISATION)
    settings = Settings(
        _env_file=None,
        home=folder,
        organisation=folder / "organisation.yaml",
        checklists=(folder / "checklists",),
        public_url=address,
        identity="asserted",
    )
    return World(settings, Ledger(settings.ledger_url), OrganisationFile(settings.organisation), MemoryBoard())


def _people() -> Iterator[Newcomer]:
    topics = frozenset({"acme"})
    yield Newcomer(ADA, "confirmed", "Ada Lovelace", "en", "Europe/London", topics=topics, consent="sign-up")
    for number in range(1_199):
        state = "unsubscribed" if number % 40 == 0 else "bounced" if number % 90 == 1 else "confirmed"
        locale = "de" if number % 3 == 0 else "en"
        yield Newcomer(f"reader-{number}@example.net", state, locale=locale, topics=topics, consent="import")  # type: ignore[arg-type]


def _heard(world: World) -> None:
    """What a vendor would tell of them in the hours after; the same every time."""
    dice, now = random.Random(77), world.now()
    rows = []
    for one in world.ledger.deliveries.of(RUN.launch_id):
        if one.channel != "email":
            continue
        about = {"delivery_id": one.id, "launch_id": one.launch_id, "item": one.item, "channel": "email"}
        kinds = [(kind, share) for kind, share in (("delivered", 0.97), ("opened", 0.5), ("clicked", 0.21))]
        for kind, _ in [pair for pair in kinds if dice.random() < pair[1]]:
            said = {"url": "", "detail": "", "purpose": "announcement", "is_machine": False}
            rows.append({"id": f"{kind}-{one.id}", "kind": kind, "at": now, "received_at": now, **about, **said})
    arrived = [row["delivery_id"] for row in rows if row["kind"] == "delivered"]
    with world.ledger.database.writing() as connection:
        connection.execute(insert(schema.delivery_events), rows)
        for some in chunks(arrived):
            found = update(schema.deliveries).where(schema.deliveries.c.id.in_(some))
            connection.execute(found.values(state="delivered"))

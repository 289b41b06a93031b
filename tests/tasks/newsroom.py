"""A launch that is nothing but one announcement, and a process of its own that sends it: no Prefect needed.

`python -m tests.tasks.newsroom HOME [SENDGRID [MOST [SECONDS [DATABASE]]]]` drains the announcement of the newsroom in
that folder, so many receivers at a time, and waits for each answer of SendGrid so long.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from pydantic import SecretStr

from checklists.decide import Refusal
from checklists.files.organisation_file import OrganisationFile
from checklists.launch import Launch
from checklists.request import ItemRun, LaunchRequest
from ledger.store import Ledger
from tasks.advance import advance
from tasks.announcements.announcing import drain, is_wanted, plan, tally
from tasks.boards.memory_board import MemoryBoard
from tasks.checking import report
from tasks.opening import open_launch
from tasks.senders import ways_out
from tasks.senders.outbox import Outbox
from tasks.senders.sendgrid import SendGrid
from tasks.sending.doubts import doubt_of
from tasks.settings import Settings
from tasks.world import World
from tests.databases import make_ready
from tests.peers.sendgrid import KEY, SendGridPeer

CHECKLISTS = Path(__file__).parents[1] / "flows" / "checklists"
RUN = ItemRun(launch_id="acme-2.4.0", item="tell", round=1, number=1, form="work")
ORGANISATION = """
organisation: Example
people:
  ada@example.com: {{name: Ada, roles: [launch-managers, internal]}}
products: {{acme: {{title: Acme}}}}
audiences:
  customers: {{roles: [internal], addresses: [{addresses}], external: true}}
  internal: {{roles: [internal]}}
  nobody: {{}}
channels: {{email: {{kind: email}}, board: {{kind: slack}}}}
"""


def later(minutes: float) -> Callable[[], datetime]:
    """A clock that is ahead: leases of the dead have run out."""
    return lambda: datetime.now(UTC) + timedelta(minutes=minutes)


def newsroom(
    home: Path, sendgrid: str = "", *, postal_address: str = "Example, 1 Example Street", database: str = ""
) -> World:
    """The world of this folder; mail leaves through the peer where there is one, else it lands in the outbox."""
    settings = Settings(
        _env_file=None,
        home=home,
        organisation=home / "organisation.yaml",
        checklists=(CHECKLISTS,),
        postal_address=postal_address,
        sendgrid_api_key=SecretStr(KEY) if sendgrid else None,
        sendgrid_host=sendgrid,
    )
    ledger = Ledger(database or settings.ledger_url)
    return World(settings, ledger, OrganisationFile(settings.organisation), MemoryBoard())


def opened(world: World, customers: int = 3, checklist: str = "news", *, rehearsed: bool = False) -> Launch:
    """A launch with its announcement on the way to so many customers and to Ada; or the rehearsal of one."""
    addresses = ", ".join(f"customer-{number}@example.net" for number in range(customers))
    world.settings.make_home()
    text = ORGANISATION.format(addresses=addresses)
    world.settings.organisation.write_text(text.replace("title: Acme", "title: Acme, pre-releases: rehearse"))
    make_ready(world.ledger)
    version = "2.4.0-rc.1" if rehearsed else "2.4.0"
    launch = open_launch(world, LaunchRequest(product="acme", version=version, checklist=checklist))
    assert not isinstance(launch, Refusal), launch
    return advance(world, launch.id)


def sent(world: World, run: ItemRun = RUN) -> Launch:
    """The launch after the announcement's flow run."""
    assert is_wanted(world, run)
    plan(world, run)
    assert drain(world, run)
    ok, summary, findings = tally(world, run)
    report(world, run, ok=ok, summary=summary, findings=findings, doubt=doubt_of(world, run))
    return advance(world, run.launch_id)


def at(world: World, minutes: float) -> World:
    return replace(world, now=later(minutes))


def states(world: World) -> dict[str, int]:
    return {str(state): count for state, count in world.ledger.deliveries.counts(RUN.launch_id, RUN.item).items()}


def arrivals(world: World, peer: SendGridPeer) -> set[int]:
    """How often each delivery of the launch reached SendGrid."""
    return {peer.count(delivery.id) for delivery in world.ledger.deliveries.of(RUN.launch_id)}


if __name__ == "__main__":
    folder, host, most, seconds, database = (*sys.argv[1:], "", "", "", "")[:5]
    if most:
        SendGrid.most = Outbox.most = int(most)
    if seconds:
        ways_out.WAYS = {**ways_out.WAYS, "email": lambda *_: SendGrid(SecretStr(KEY), host, float(seconds))}
    drain(newsroom(Path(folder), host, database=database), RUN)

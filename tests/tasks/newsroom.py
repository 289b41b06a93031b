"""A launch that is nothing but one announcement, and a process of its own that sends it: no Prefect needed.

`python -m tests.tasks.newsroom HOME [SENDGRID]` drains the announcement of the newsroom in that folder.
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
from tasks.announcing import drain
from tasks.memory_board import MemoryBoard
from tasks.opening import open_launch
from tasks.settings import Settings
from tasks.world import World
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


def newsroom(home: Path, sendgrid: str = "", *, postal_address: str = "Example, 1 Example Street") -> World:
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
    return World(settings, Ledger(settings.ledger_url), OrganisationFile(settings.organisation), MemoryBoard())


def opened(world: World, customers: int = 3, checklist: str = "news") -> Launch:
    """A launch with its announcement on the way to so many customers and to Ada."""
    addresses = ", ".join(f"customer-{number}@example.net" for number in range(customers))
    world.settings.make_home()
    world.settings.organisation.write_text(ORGANISATION.format(addresses=addresses))
    world.ledger.migrate()
    launch = open_launch(world, LaunchRequest(product="acme", version="2.4.0", checklist=checklist))
    assert not isinstance(launch, Refusal), launch
    return advance(world, launch.id)


def at(world: World, minutes: float) -> World:
    return replace(world, now=later(minutes))


def states(world: World) -> dict[str, int]:
    return {str(state): count for state, count in world.ledger.deliveries.counts(RUN.launch_id, RUN.item).items()}


def arrivals(world: World, peer: SendGridPeer) -> set[int]:
    """How often each delivery of the launch reached SendGrid."""
    return {peer.count(delivery.id) for delivery in world.ledger.deliveries.of(RUN.launch_id)}


if __name__ == "__main__":
    drain(newsroom(Path(sys.argv[1]), sys.argv[2] if len(sys.argv) > 2 else ""), RUN)

"""An announcement to very many, through the SendGrid channel into a peer on loopback, beside a bare loop that only
builds the same JSON and posts it. Claims, what is written down and what became of it are in our figure."""

from __future__ import annotations

import json
import os
import resource
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

from pydantic import SecretStr

from ledger.batches import Of
from ledger.planning import Recipient
from ledger.store import Ledger
from tasks.senders.sender import Letter
from tasks.senders.sendgrid import SendGrid
from tasks.sending.batch import Errand
from tasks.world import World
from templates.render import Rendered
from tests.bench.bare import headers_of, measured, message
from tests.bench.figures import say
from tests.peers.sendgrid import KEY
from tests.tasks.newsroom import newsroom

ENOUGH = 20_000
"""Receivers that are told anyhow: few of them in as many announcements as that takes, since one is over too soon."""
PEER = """
import sys
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    def do_POST(self):
        self.rfile.read(int(self.headers["Content-Length"]))
        self.send_response(202)
        self.send_header("X-Message-Id", "x")
        self.send_header("Content-Length", "0")
        self.end_headers()
    def log_message(self, *_): pass
server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
print(server.server_address[1], flush=True)
server.serve_forever()
"""


@contextmanager
def taker() -> Iterator[str]:
    """A process of its own that takes every call and does nothing with it."""
    with subprocess.Popen([sys.executable, "-c", PEER], stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        port = process.stdout.readline().strip()
        try:
            yield f"http://127.0.0.1:{port}"
        finally:
            process.kill()


def sent(home: Path, database: str, people: int) -> None:
    """Planned, sent by us, and sent by the bare loop."""
    ledger, content = Ledger(database), message()
    ledger.migrate()
    ofs = [Of(f"acme-2.{number}.0", "announce-customers", "email", "announcement") for number in range(times(people))]
    with taker() as host:
        world = replace(newsroom(home, host), ledger=ledger)
        world.settings.make_home()
        before = peak_mb()
        planned = measured(partial(ledger.planning.plan, of, 1, receivers(people), datetime.now(UTC)) for of in ofs)
        bare = beside(host, people, len(ofs))
        ours = measured(partial(drained, world, of, host, content) for of in ofs)
    for of in ofs:
        counts = ledger.deliveries.counts(of.launch_id, of.item)
        assert counts == {"accepted": people}, counts
    ledger.dispose()
    each = 1e6 / people / len(ofs)
    say(
        f"an announcement to {people:,}",
        announcements=len(ofs),
        database=ledger.database.url.get_backend_name(),
        planned_s=planned[0],
        wall_s=ours[0],
        cpu_s=ours[1],
        bare_wall_s=bare[0],
        bare_cpu_s=bare[1],
        wall_ratio=round(ours[0] / bare[0], 2),
        cpu_ratio=round(ours[1] / bare[1], 2),
        us_each=round(each * ours[0], 1),
        cpu_us_each=round(each * ours[1], 1),
        planned_us_each=round(each * planned[0], 1),
        peak_mb_before=before,
        peak_mb=peak_mb(),
    )


def times(people: int) -> int:
    return max(1, ENOUGH // people)


def peak_mb() -> int:
    """The most memory that this process has taken since it began."""
    return round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)


def receivers(people: int) -> Iterator[Recipient]:
    return (Recipient(f"person-{number}@example.com", "en", {"name": f"Person {number}"}) for number in range(people))


def drained(world: World, of: Of, host: str, content: Rendered) -> None:
    errand = Errand(
        world=world,
        of=of,
        owner=str(os.getpid()),
        sender=SendGrid(SecretStr(KEY), host=host),
        content=lambda _: content,
        comes_from=("launches@example.com", "Example"),
        personal=lambda _, rows: [Letter(one.id, one.recipient, one.facts, headers_of(one.id)) for one in rows],
    )
    while errand.carry_out().settled:
        pass


def beside(host: str, people: int, times: int) -> tuple[float, float]:
    """What the bare loop takes."""
    words = [sys.executable, "-m", "tests.bench.bare", host, str(people), str(times)]
    told = subprocess.run(words, check=True, capture_output=True, text=True, cwd=Path(__file__).parents[2]).stdout
    wall, cpu = json.loads(told)
    return wall, cpu

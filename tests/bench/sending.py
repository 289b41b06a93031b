"""An announcement to very many, through the SendGrid channel into a peer on loopback, beside a bare loop that only
builds the same JSON and posts it. Claims, what is written down and what became of it are in our figure."""

from __future__ import annotations

import json
import os
import resource
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from http.client import HTTPConnection
from pathlib import Path
from urllib.parse import urlsplit

from pydantic import SecretStr

from checklists.brand import Brand
from ledger.batches import Of
from ledger.planning import Recipient
from ledger.store import Ledger
from tasks.senders.sender import Bulk, Letter
from tasks.senders.sendgrid import SendGrid, payload
from tasks.sending.batch import Errand
from tasks.world import World
from templates.bodies import Frame, render_body
from templates.look import look
from templates.render import Rendered
from tests.bench.figures import say
from tests.peers.sendgrid import KEY
from tests.tasks.newsroom import newsroom

AT_ONCE = 1_000
ENOUGH = 20_000
"""Receivers that are told anyhow: few of them in as many announcements as that takes, since one is over too soon."""
VALUES = {
    "product": "Acme",
    "version": "2.4.0",
    "headline": "",
    "notes": "## New\n\n- Exports are three times as fast\n" * 10,
    "link": "https://example.com/acme",
    "organisation": "Example",
    "postal_address": "Example, 1 Example Street",
}
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
        planned = measured(lambda: [ledger.planning.plan(of, 1, receivers(people), datetime.now(UTC)) for of in ofs])
        bare = measured(lambda: [bare_loop(host, content, people) for _ in ofs])
        ours = measured(lambda: [drained(world, of, host, content) for of in ofs])
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


def message() -> Rendered:
    return render_body("announcement", "email", VALUES, Frame(look(Brand()), "en", "subscribed"))


def receivers(people: int) -> Iterator[Recipient]:
    return (Recipient(f"person-{number}@example.com", "en", {"name": f"Person {number}"}) for number in range(people))


def measured(run: Callable[[], object]) -> tuple[float, float]:
    """Seconds of wall and of CPU."""
    wall, cpu = time.perf_counter(), time.process_time()
    run()
    return round(time.perf_counter() - wall, 2), round(time.process_time() - cpu, 2)


def drained(world: World, of: Of, host: str, content: Rendered) -> None:
    errand = Errand(
        world=world,
        of=of,
        owner=str(os.getpid()),
        sender=SendGrid(SecretStr(KEY), host=host),
        content=lambda _: content,
        comes_from=("launches@example.com", "Example"),
        personal=lambda _, row: Letter(row.id, row.recipient, row.facts, headers_of(row.id)),
    )
    while errand.carry_out():
        pass


def headers_of(id_: str) -> dict[str, str]:
    at = f"<https://launches.example.com/unsubscribe/{id_}>"
    return {"List-Unsubscribe": at, "List-Unsubscribe-Post": "List-Unsubscribe=One-Click"}


def bare_loop(host: str, content: Rendered, people: int) -> None:
    """The same JSON, built and posted: no ledger, no claim, no outcome."""
    headers = {"Authorization": f"Bearer {KEY}", "Content-Type": "application/json"}
    for start in range(0, people, AT_ONCE):
        letters = [
            Letter(
                f"{number:036d}",
                f"person-{number}@example.com",
                {"name": f"Person {number}"},
                headers_of(f"{number:036d}"),
            )
            for number in range(start, min(start + AT_ONCE, people))
        ]
        body = json.dumps(payload(Bulk(content, "launches@example.com", "Example", letters))).encode()
        at = HTTPConnection(str(urlsplit(host).netloc))
        at.request("POST", "/v3/mail/send", body, headers)
        assert at.getresponse().status == 202
        at.close()

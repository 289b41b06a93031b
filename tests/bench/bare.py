"""The bare loop beside which sending is measured: `python -m tests.bench.bare HOST PEOPLE TIMES`.

A process of its own, as a script that somebody wrote for one mail would be; it prints its seconds of wall and of CPU.
"""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable, Iterable
from functools import partial
from http.client import HTTPConnection
from urllib.parse import urlsplit

from checklists.brand import Brand
from tasks.senders.sender import Bulk, Letter
from tasks.senders.sendgrid import payload
from templates.bodies import Frame, render_body
from templates.look import look
from templates.render import Rendered

AT_ONCE = 1_000
VALUES = {
    "product": "Acme",
    "version": "2.4.0",
    "headline": "",
    "notes": "## New\n\n- Exports are three times as fast\n" * 10,
    "link": "https://example.com/acme",
    "organisation": "Example",
    "postal_address": "Example, 1 Example Street",
}


def message() -> Rendered:
    return render_body("announcement", "email", VALUES, Frame(look(Brand()), "en", "subscribed"))


def measured(runs: Iterable[Callable[[], object]]) -> tuple[float, float]:
    """Seconds of wall and of CPU, of all of them."""
    wall, cpu = time.perf_counter(), time.process_time()
    for run in runs:
        run()
    return round(time.perf_counter() - wall, 2), round(time.process_time() - cpu, 2)


def headers_of(id_: str) -> dict[str, str]:
    at = f"<https://launches.example.com/unsubscribe/{id_}>"
    return {"List-Unsubscribe": at, "List-Unsubscribe-Post": "List-Unsubscribe=One-Click"}


def bare_loop(host: str, content: Rendered, people: int) -> None:
    """The same JSON, built and posted: no ledger, no claim, no outcome."""
    headers = {"Authorization": f"Bearer {'x' * 69}", "Content-Type": "application/json"}
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


if __name__ == "__main__":
    host, people, times = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
    content = message()
    print(json.dumps(measured([partial(bare_loop, host, content, people)] * times)))

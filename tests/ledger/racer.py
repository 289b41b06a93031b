"""Processes that write to a ledger at the same time, or die while they do."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from datetime import UTC, datetime

from sqlalchemy import event

from checklists.entries import Abandoned, Ended, Entry, Resumed
from ledger.store import Conflict, Ledger
from tests.ledger.examples import entries

ENDED = (Abandoned(reason="superseded"), Ended())


def append_until(ledger: Ledger, launch_id: str, actor: str, times: int) -> None:
    """Append one entry `times` times, reading again after every conflict."""
    done = 0
    for _ in range(times * 500):
        seq = len(ledger.read(launch_id))
        mine = Entry(launch_id=launch_id, seq=seq + 1, at=datetime.now(UTC), actor=actor, data=Resumed())
        try:
            ledger.append(launch_id, [mine], seq)
        except Conflict:
            continue
        done += 1
        if done == times:
            return
    raise AssertionError(f"{actor} never got its turn")


def race(url: str, launch_id: str, writers: int, times: int) -> None:
    """Let so many processes append at the same time."""
    names = [f"writer-{number}@example.com" for number in range(writers)]
    racers = [_process(url, "append", launch_id, name, str(times)) for name in names]
    assert [racer.wait(120) for racer in racers] == [0] * writers


def killed_in_the_middle(url: str, launch_id: str, statement: str) -> None:
    """A process that adds entries 4 to 8 and gets SIGKILL where the statement would be next."""
    assert _process(url, "die", launch_id, statement).wait(60) == -signal.SIGKILL


def migrated_at_once(url: str, processes: int) -> list[int]:
    """The exit statuses of so many processes that migrate at the same time."""
    return [racer.wait(120) for racer in [_process(url, "migrate") for _ in range(processes)]]


def _process(url: str, *arguments: str) -> subprocess.Popen[bytes]:
    return subprocess.Popen([sys.executable, "-m", "tests.ledger.racer", url, *arguments])


def _die(ledger: Ledger, launch_id: str, last: str) -> None:
    def kill(*_: object) -> None:
        os.kill(os.getpid(), signal.SIGKILL)

    def before(connection: object, cursor: object, statement: str, *_: object) -> None:
        if statement.startswith(last):
            kill()

    event.listen(ledger.database.engine, "before_cursor_execute", before)
    if last == "COMMIT":
        event.listen(ledger.database.engine, "commit", kill)
    ledger.append(launch_id, entries(5, launch_id, first=4), 3)


def main(url: str, verb: str, *arguments: str) -> None:
    ledger = Ledger(url)
    match verb, arguments:
        case "append", (launch_id, actor, times):
            append_until(ledger, launch_id, actor, int(times))
        case "die", (launch_id, last):
            _die(ledger, launch_id, last)
        case "migrate", ():
            ledger.migrate()


if __name__ == "__main__":
    main(*sys.argv[1:])

"""`make bench`: every figure, one JSON object a line. `make bench ARGS=latency` for one group."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from functools import partial
from pathlib import Path

from deployments.environment import POOL
from tests.bench.figures import say, spread, timed
from tests.bench.stack import ROOT, Stack, folder, stack, wait_until

CHECKLISTS = Path(__file__).with_name("checklists")
GROUPS = (
    "commands",
    "solving",
    "history",
    "latency",
    "throughput",
    "team",
    "scale",
    "reminders",
    "feeds",
    "sending",
    "people",
)


def main(asked: list[str]) -> None:
    wanted = asked or list(GROUPS)
    if unknown := set(wanted) - set(GROUPS):
        sys.exit(f"no such group: {', '.join(sorted(unknown))}; there are {', '.join(GROUPS)}")
    if "commands" in wanted:
        commands()
    if "solving" in wanted:
        solving()
    if "history" in wanted:
        history()
    if "reminders" in wanted:
        reminders()
    if "feeds" in wanted:
        feeds()
    if "sending" in wanted:
        sending()
    if "people" in wanted:
        people()
    os.environ["TMINUS_CHECKLISTS"] = str(CHECKLISTS)
    stacks = (("latency", latency, 1), ("throughput", throughput, 1), ("team", team, 2), ("scale", scale, 1))
    for group, run, processes in stacks:
        if group in wanted:
            with folder() as home, stack(home, processes) as parts:
                run(parts)


def commands(times: int = 9) -> None:
    """The wall time of whole commands, interpreter start and all."""
    for words in (["validate"], ["--help"]):
        command = [str(ROOT / ".venv/bin/tminus"), *words]
        once = partial(subprocess.run, command, check=True, capture_output=True)
        waited = [timed(once) for _ in range(times)]
        say(f"tminus {words[0]}, the whole command", **spread(waited))


def solving() -> None:
    """No database, no server: rules alone."""
    from tests.bench.solving import solvable

    solvable()


def history() -> None:
    """git alone."""
    from tests.bench.history import collecting

    with folder() as home:
        collecting(home)


def reminders() -> None:
    from tests.bench.reminders import due_at_once

    on_both(due_at_once)


def feeds() -> None:
    from tests.bench.feeds import five_thousand

    on_both(five_thousand)


def sending(sizes: tuple[int, ...] = (1_000, 100_000, 1_000_000)) -> None:
    """To a thousand, a hundred thousand and a million."""
    from tests.bench.sending import sent

    for many in sizes:
        on_both(partial(sent, people=many))


def people(sizes: tuple[int, ...] = (10_000, 100_000)) -> None:
    """From the import to the last mail."""
    from tests.bench.people import told

    for many in sizes:
        on_both(partial(told, people=many))


def on_both(run: Callable[[Path, str], None]) -> None:
    """On SQLite, and on PostgreSQL where one answers."""
    with folder() as home:
        run(home, f"sqlite:///{home / 'ledger.sqlite3'}")
    with folder() as home, postgres() as url:
        if url:
            run(home, url)


@contextmanager
def postgres() -> Iterator[str]:
    """The address of an empty database; none where no PostgreSQL answers."""
    from pytest import skip

    from tests.databases import postgres_url

    try:
        with postgres_url() as url:
            yield url
    except skip.Exception as none:
        say("reminders on PostgreSQL", skipped=str(none))
        yield ""


def latency(parts: Stack) -> None:
    from tasks.world import world
    from tests.bench import latency as bench

    bench.own_path(world(), parts)
    bench.prefect_path(world(), parts, "inline")
    bench.webhook(world(), parts)
    with process_worker(parts) as other:
        bench.prefect_path(world(), other, "stock process", launches=2, base="3.0")


@contextmanager
def process_worker(parts: Stack) -> Iterator[Stack]:
    """The same deployments on Prefect's own process worker instead of ours."""
    from deployments.deploy import deploy
    from tasks.boards.prefect_api import forget

    parts.worker.stop()
    deploy("bench-process", "process")
    forget()
    command = [word if word != "inline" else "process" for word in parts.worker.command]
    command = [word if word != POOL else "bench-process" for word in command]
    environment = {**parts.environment, "PREFECT_WORKER_QUERY_SECONDS": "1"}
    worker = replace(parts.worker, command=command, environment=environment)
    worker.start()
    try:
        wait_until(lambda: worker.is_alive)
        yield replace(parts, worker=worker)
    finally:
        worker.stop()


def team(parts: Stack) -> None:
    from tasks.world import world
    from tests.bench import throughput as bench

    bench.launches(world(), parts)


def throughput(parts: Stack) -> None:
    from tasks.world import world
    from tests.bench import throughput as bench

    bench.launches(world(), parts)
    bench.waiting_cost(world(), parts)
    bench.receipts(parts)


def scale(parts: Stack) -> None:
    from tasks.world import world
    from tests.bench import scale as bench

    bench.waiting(world(), parts)


if __name__ == "__main__":
    main(sys.argv[1:])

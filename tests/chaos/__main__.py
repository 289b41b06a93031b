"""`make chaos`: announcements of twenty batches, their senders killed at 200 random moments; `ARGS=50` for fewer."""

from __future__ import annotations

import json
import sys
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory

from pytest import skip
from sqlalchemy import make_url

from tests.chaos.sweep import sweep
from tests.databases import postgres_url


@contextmanager
def database(folder: str, number: int) -> Iterator[str]:
    """On SQLite and on PostgreSQL in turn; on SQLite alone where no PostgreSQL answers."""
    url = f"sqlite:///{folder}/ledger.sqlite3"
    with ExitStack() as until_done:
        if number % 2:
            with suppress(skip.Exception):
                url = until_done.enter_context(postgres_url())
        yield url


if __name__ == "__main__":
    kills = int(sys.argv[1]) if len(sys.argv) > 1 else 200
    seed = int(sys.argv[2]) if len(sys.argv) > 2 else Random().randrange(1_000_000)
    total: Counter[str] = Counter()
    while total["kills"] < kills:
        number = total["announcements"]
        with TemporaryDirectory() as folder, database(folder, number) as url:
            total.update(sweep(Path(folder), Random(seed + number), kills - total["kills"], url))
        print(json.dumps({**total, "seed": seed, "database": make_url(url).get_backend_name()}), flush=True)
    sys.exit(1 if total["twice"] or total["missing"] or total["hidden"] else 0)

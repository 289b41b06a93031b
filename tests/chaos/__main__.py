"""`make chaos`: an announcement of twenty batches, its sender killed at 200 random moments; `ARGS=50` for fewer."""

from __future__ import annotations

import json
import sys
from collections import Counter
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory

from tests.chaos.sweep import sweep

if __name__ == "__main__":
    kills = int(sys.argv[1]) if len(sys.argv) > 1 else 200
    seed = int(sys.argv[2]) if len(sys.argv) > 2 else Random().randrange(1_000_000)
    total: Counter[str] = Counter()
    while total["kills"] < kills:
        with TemporaryDirectory() as folder:
            found = sweep(Path(folder), Random(seed + total["announcements"]), kills - total["kills"])
        total.update(found)
        print(json.dumps({**total, "seed": seed}), flush=True)
    sys.exit(1 if total["twice"] or total["missing"] or total["hidden"] else 0)

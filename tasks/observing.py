"""What tminus sees by itself and writes down: contents that gates are bound to, rosters, what a release consists of."""

from __future__ import annotations

from tasks.world import World


def observe(world: World, launch_id: str) -> None:
    """Write down what has become different since the last look; nothing where nothing has."""

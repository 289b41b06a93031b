"""Checks a checklist that somebody sent as text, as `tminus validate` checks a file."""

from __future__ import annotations

import re
from pathlib import Path
from tempfile import TemporaryDirectory

from checklists.errors import Finding
from checklists.files.validate import validate
from tasks.world import World

NAMED = re.compile(r"^(?:checklist|organisation):\s*[\"']?(?P<name>[a-z][a-z0-9-]{0,59})\b", re.MULTILINE)


def validate_text(world: World, text: str) -> tuple[Finding, ...]:
    """What is wrong with it: by itself, with what it extends, and for this organisation.

    It stands in an empty folder of its own: programs and materials beside it are found wanting.
    """
    named = NAMED.search(text)
    with TemporaryDirectory(prefix="tminus-") as folder:
        file = Path(folder) / f"{named['name'] if named else 'checklist'}.yaml"
        file.write_text(text, "utf-8")
        return validate([file], world.settings.folders, world.settings.organisation)

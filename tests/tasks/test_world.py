"""What the world says of a launch it cannot make sense of."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy import delete

from ledger import schema
from ledger.store import Unreadable
from tests.tasks.worlds import place


def test_a_damaged_record_is_named_with_what_to_do(tmp_path: Path) -> None:
    at = place(tmp_path)
    launch = at.begun()
    with at.ledger.database.writing() as connection:
        connection.execute(delete(schema.entries).where(schema.entries.c.seq == 2))
    with pytest.raises(Unreadable, match=r"^acme-2.4.0: its record is damaged .* entry 2 is missing.*`tminus verify`"):
        at.world.launch(launch.id)
    at.ledger.dispose()

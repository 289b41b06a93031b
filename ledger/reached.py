"""What is counted of an announcement that left: what providers told, and who ended such mail from it."""

from __future__ import annotations

from sqlalchemy import func, select

from ledger import people_schema, schema
from ledger.database import Database
from ledger.deliveries import ANNOUNCEMENT

_E = schema.delivery_events.c
_C = people_schema.consents.c


class Reached:
    """Counts over what was told; each delivery and person once, and nothing that a machine did."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def told(self, launch_id: str, item: str, purpose: str = ANNOUNCEMENT) -> dict[str, dict[str, int]]:
        """By channel, of how many deliveries each kind of event was told."""
        people = (_E.launch_id == launch_id, _E.item == item, _E.purpose == purpose, _E.is_machine.is_(False))
        query = select(_E.channel, _E.kind, func.count(_E.delivery_id.distinct())).where(*people)
        found: dict[str, dict[str, int]] = {}
        with self._database.reading() as connection:
            for channel, kind, count in connection.execute(query.group_by(_E.channel, _E.kind)):
                found.setdefault(channel, {})[kind] = count
        return found

    def left(self, launch_id: str, item: str) -> int:
        """How many people ended such mail in one click from this one."""
        here = _C.origin.startswith(f"{launch_id}/{item} from ", autoescape=True)
        query = select(func.count(_C.person.distinct())).where(_C.how == "one-click", here)
        with self._database.reading() as connection:
            return connection.execute(query).scalar_one()

"""What is counted of an announcement that left: what providers told, and who ended such mail from it."""

from __future__ import annotations

from sqlalchemy import func, select

from ledger import people_schema, schema
from ledger.database import Database
from ledger.deliveries import ANNOUNCEMENT

_E = schema.delivery_events.c
_D = schema.deliveries.c
_C = people_schema.consents.c
_P = people_schema.subscribers.c


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

    def left(self, launch_id: str, item: str, purpose: str = ANNOUNCEMENT) -> int:
        """How many people ended such mail in one click from this one; not those of whom their provider told it, too."""
        told = (_E.launch_id == launch_id, _E.item == item, _E.purpose == purpose, _E.kind == "unsubscribed")
        they = select(func.lower(_D.recipient)).join(schema.delivery_events, _E.delivery_id == _D.id).where(*told)
        here = _C.origin.startswith(origin_of(launch_id, item, purpose), autoescape=True)
        query = select(func.count(_C.person.distinct())).join(people_schema.subscribers, _P.id == _C.person)
        with self._database.reading() as connection:
            return connection.execute(query.where(_C.how == "one-click", here, _P.key.not_in(they))).scalar_one()


def origin_of(launch_id: str, item: str, purpose: str) -> str:
    """How the origin begins of what somebody said to this mail; where from follows."""
    mail = (launch_id, item) if purpose == ANNOUNCEMENT else (launch_id, item, purpose)
    return f"{'/'.join(mail)} from "

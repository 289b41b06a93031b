"""Who got an announcement, or may have: exactly those to whom its correction or recall is said."""

from __future__ import annotations

import json
from collections.abc import Iterator

from sqlalchemy import ColumnElement, and_, func, select

from ledger import schema
from ledger.batches import Of
from ledger.database import Database
from ledger.deliveries import ANNOUNCEMENT, STATE, WITH_BATCH, is_said_again
from ledger.planning import Recipient

HEARD = ("accepted", "delivered", "unknown", "writing")
"""Also what may have arrived. What was refused, dropped or bounced did not; what was never sent cannot have."""
UNDONE = ("planned", "claimed", "writing")
AT_ONCE = 1_000
_B = schema.batches.c
_D = schema.deliveries.c


class Followed:
    """Announcements and what was said after them."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def heard(self, launch_id: str, item: str) -> dict[str, int]:
        """On each channel, how many deliveries of the announcement arrived or may have."""
        query = select(_D.channel, func.count()).select_from(WITH_BATCH).where(_arrived(launch_id, item))
        with self._database.reading() as connection:
            return {row[0]: row[1] for row in connection.execute(query.group_by(_D.channel))}

    def receivers(self, launch_id: str, item: str, channel: str) -> Iterator[Recipient]:
        """Each of them, in the language and for the reason they got it then; a thousand in memory."""
        query = select(_D.id, _D.recipient, _B.segment, _D.facts).select_from(WITH_BATCH).order_by(_D.id).limit(AT_ONCE)
        mine, after = and_(_arrived(launch_id, item), _D.channel == channel), ""
        while True:
            with self._database.reading() as connection:
                rows = connection.execute(query.where(mine, _D.id > after)).all()
            for _, recipient, segment, facts in rows:
                yield Recipient(recipient, segment or "", json.loads(facts) if facts else {})
            if len(rows) < AT_ONCE:
                return
            after = rows[-1][0]

    def undone(self) -> list[Of]:
        """Corrections and recalls of which something has not been handed over yet, the oldest first."""
        what = (_B.launch_id, _B.item, _B.channel, _B.purpose)
        query = select(*what).where(_B.state.in_(UNDONE), is_said_again(_B.purpose)).group_by(*what)
        with self._database.reading() as connection:
            return [Of(*row) for row in connection.execute(query.order_by(func.min(_B.updated_at), *what))]

    def is_undone(self, launch_id: str, item: str, purpose: str) -> bool:
        """Whether something of this one has not been handed over yet."""
        mine = _B.launch_id == launch_id, _B.item == item, _B.purpose == purpose
        query = select(_B.id).where(*mine, _B.state.in_(UNDONE)).limit(1)
        with self._database.reading() as connection:
            return connection.execute(query).first() is not None


def _arrived(launch_id: str, item: str) -> ColumnElement[bool]:
    first = and_(_D.launch_id == launch_id, _D.item == item, _D.purpose == ANNOUNCEMENT)
    return and_(first, STATE.in_(HEARD))

"""Personal links to a gate: what each is bound to. The links themselves are not kept: they are made with a secret."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Select, case, select, update

from ledger import schema
from ledger.database import Database, insert_into

_L = schema.links.c
RENEWED = ("mailing", "asks_code", "created_at", "expires_at", "used_at")


@dataclass(frozen=True, slots=True)
class Link:
    """One person's way to one item, in one round, over one content: `id` is made of these and the secret key.

    `mailing` is the one it was last sent with; `asks_code` says whether its page wants the person's code as well.
    """

    id: str
    launch_id: str
    item: str
    round: int
    person: str
    content: str
    mailing: int
    asks_code: bool
    created_at: datetime
    expires_at: datetime
    used_at: datetime | None = None


class Links:
    """Every link that was ever made."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def keep(self, links: Iterable[Link]) -> None:
        """Add these. What is there already stays as it is, until a newer mailing makes it as good as new."""
        rows = sorted((asdict(link) for link in links), key=lambda row: str(row["id"]))
        if not rows:
            return
        with self._database.writing() as connection:
            new = insert_into(connection, schema.links)
            renewed = {name: new.excluded[name] for name in RENEWED}
            newer = _L.mailing < new.excluded.mailing
            connection.execute(new.on_conflict_do_update(index_elements=["id"], set_=renewed, where=newer), rows)

    def send(self, links: Iterable[Link]) -> None:
        """Keep these, and let them work from now on for as long as a fresh one; a newer mailing forgets their use."""
        rows = sorted((asdict(link) for link in links), key=lambda row: str(row["id"]))
        if not rows:
            return
        with self._database.writing() as connection:
            new = insert_into(connection, schema.links)
            newer = _L.mailing < new.excluded.mailing
            again = {name: case((newer, new.excluded[name]), else_=_L[name]) for name in RENEWED}
            longer = again | {"expires_at": new.excluded.expires_at}
            stands = _L.mailing <= new.excluded.mailing
            connection.execute(new.on_conflict_do_update(index_elements=["id"], set_=longer, where=stands), rows)

    def find(self, id_: str) -> Link | None:
        found = self._all(select(schema.links).where(_L.id == id_))
        return found[0] if found else None

    def of(self, launch_id: str, item: str, round_: int) -> tuple[Link, ...]:
        """Everybody's links to an item in one of its rounds, by person."""
        mine = (_L.launch_id == launch_id, _L.item == item, _L.round == round_)
        return self._all(select(schema.links).where(*mine).order_by(_L.person, _L.id))

    def use(self, id_: str, now: datetime) -> None:
        """Note when it was used; the first time stands."""
        with self._database.writing() as connection:
            connection.execute(update(schema.links).where(_L.id == id_, _L.used_at.is_(None)).values(used_at=now))

    def _all(self, query: Select[Any]) -> tuple[Link, ...]:
        with self._database.reading() as connection:
            return tuple(Link(**row) for row in connection.execute(query).mappings())

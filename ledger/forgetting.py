"""Somebody's traces are taken out of what was settled and sent: that it was stays, and to whom is nobody's to know."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Column, Connection, delete, func, or_, select, update

from checklists.subscriber import key_of
from ledger import people_schema as tables
from ledger import schema
from ledger.database import chunks

BEYOND_ASCII = r"[^\x00-\x7f]"
"""Databases fold the case of ASCII alike, and of nothing else."""
_R = tables.rosters.c
_D = schema.deliveries.c
_B = schema.batches.c
_E = schema.delivery_events.c
_L = schema.readers.c
_A = schema.answers.c


def blank(connection: Connection, id_: str, address: str) -> None:
    """Everywhere but in entries, which are chained; `id_` says nothing about them and stands for them from now on."""
    key = key_of(address)
    nobody = {"key": id_, "address": "", "name": "", "locale": "", "timezone": ""}
    connection.execute(update(tables.rosters).where(or_(_R.person == id_, _R.key == key)).values(nobody))
    for some in chunks(_theirs(connection, _D.id, _D.recipient, key)):
        batches = select(_D.batch).where(_D.id.in_(some))
        named = func.lower(_B.detail).contains(address.lower(), autoescape=True)
        connection.execute(update(schema.batches).where(_B.id.in_(batches), named).values(detail=""))
        connection.execute(update(schema.delivery_events).where(_E.delivery_id.in_(some)).values(detail=""))
        sent = update(schema.deliveries).where(_D.id.in_(some))
        connection.execute(sent.values(recipient=id_, detail="", facts=None))
    for some in chunks(_theirs(connection, _L.id, _L.person, key)):
        connection.execute(delete(schema.readers).where(_L.id.in_(some)))
    connection.execute(delete(schema.answers).where(_A.body.contains(id_)))


def _theirs(connection: Connection, id_: Column[Any], address: Column[Any], key: str) -> list[str]:
    """The rows with this address, in whatever letter case."""
    maybe = or_(func.lower(address) == key, address.regexp_match(BEYOND_ASCII))
    return [row[0] for row in connection.execute(select(id_, address).where(maybe)) if key_of(row[1]) == key]

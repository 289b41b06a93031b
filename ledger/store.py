"""The append-only record of every launch, and the receipts and deliveries kept beside it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, replace
from datetime import datetime

from pydantic import TypeAdapter, ValidationError
from sqlalchemy import Connection, insert, select, update
from sqlalchemy.exc import IntegrityError

from checklists.entries import Entry, Started
from checklists.errors import LaunchError
from checklists.fold import fold
from checklists.launch import Launch
from ledger import schema
from ledger.anchor_table import Anchors
from ledger.answers import Answers
from ledger.batches import Batches
from ledger.chain import FIRST, Fault, Sealed, seal, verify
from ledger.database import Database
from ledger.delegations import Delegations
from ledger.deliveries import Deliveries
from ledger.delivery_events import DeliveryEvents
from ledger.digests import Digests
from ledger.followed import Followed
from ledger.in_doubt import InDoubt
from ledger.index import Head, Index, said_of
from ledger.links import Links
from ledger.newcomers import Newcomers
from ledger.notices import Notices
from ledger.planning import Planning
from ledger.publications import Publications
from ledger.reached import Reached
from ledger.readers import Readers
from ledger.receipts import Receipts
from ledger.rosters import Rosters
from ledger.subscribers import Subscribers
from ledger.switches import Switches
from ledger.tokens import Tokens
from ledger.trials import Trials
from ledger.unsaved import UnsavedTexts
from ledger.watches import Watches
from ledger.wishes import Wishes

_ENTRIES = TypeAdapter(tuple[Entry, ...])
_E = schema.entries.c
_L = schema.launches.c


class Conflict(LaunchError):
    """Somebody else appended first: read again and decide again."""


class Unreadable(LaunchError):
    """Entries that this version of tminus cannot understand."""


class Ledger:
    """Everything tminus remembers, in the database at `url`."""

    def __init__(self, url: str) -> None:
        self.database = Database(url)
        self.receipts = Receipts(self.database)
        self.watches = Watches(self.database)
        self.deliveries = Deliveries(self.database)
        self.planning = Planning(self.database)
        self.in_doubt = InDoubt(self.database)
        self.batches = Batches(self.database)
        self.followed = Followed(self.database)
        self.switches = Switches(self.database)
        self.delivery_events = DeliveryEvents(self.database)
        self.delegations = Delegations(self.database)
        self.index = Index(self.database)
        self.anchors = Anchors(self.database)
        self.links = Links(self.database)
        self.tokens = Tokens(self.database)
        self.notices = Notices(self.database)
        self.answers = Answers(self.database)
        self.publications = Publications(self.database)
        self.readers = Readers(self.database)
        self.digests = Digests(self.database)
        self.subscribers = Subscribers(self.database)
        self.newcomers = Newcomers(self.database)
        self.wishes = Wishes(self.database)
        self.rosters = Rosters(self.database)
        self.unsaved = UnsavedTexts(self.database)
        self.trials = Trials(self.database)
        self.reached = Reached(self.database)

    def migrate(self) -> None:
        """Create or renew the tables; safe at every start, also of several processes at once."""
        from ledger.migrate import migrate  # Alembic costs every command 0.1 s, and few need it

        migrate(self.database)

    def dispose(self) -> None:
        self.database.dispose()

    def read(self, launch_id: str) -> tuple[Entry, ...]:
        """The entries in their order; empty for a launch nobody started."""
        with self.database.reading() as connection:
            query = select(_E.body).where(_E.launch_id == launch_id).order_by(_E.seq)
            bodies = connection.execute(query).scalars().all()
        try:
            return _ENTRIES.validate_json(f"[{','.join(bodies)}]")
        except ValidationError as error:
            raise Unreadable(
                f"{launch_id}: this version of tminus cannot read its ledger ({error.errors()[0]['msg']}); "
                f"use the version that wrote it, and look with `tminus verify {launch_id}`"
            ) from error

    def launch(self, launch_id: str) -> Launch | None:
        """The launch as it is now; None where there is none of this name. Raises Unreadable for a damaged record."""
        entries = self.read(launch_id)
        try:
            return fold(entries) if entries else None
        except (ValueError, LookupError) as error:
            raise Unreadable(f"{launch_id}: its record is damaged ({error}); look with `tminus verify`") from error

    def append(self, launch_id: str, entries: Sequence[Entry], expected_seq: int, after: Launch | None = None) -> None:
        """Add entries after number `expected_seq` (0 for a new launch): all of them, or none and a Conflict.

        `after` is the launch with these entries, for the index; left out, the index does not know until it is renewed.
        """
        _check(launch_id, entries, expected_seq)
        try:
            with self.database.writing() as connection:
                hash_ = _add(connection, entries, _hash_at(connection, launch_id, expected_seq))
                _index(connection, entries, hash_, after)
        except (IntegrityError, _Moved) as error:
            raise Conflict(
                f"{launch_id}: entry {expected_seq + 1} could not be added, because the ledger does not end at "
                f"{expected_seq} any more; read it again and decide again"
            ) from error

    def sealed(self, launch_id: str) -> tuple[Sealed, ...]:
        """The chain as it is stored, for `verify` and for an export."""
        query = select(_E.body, _E.prev, _E.hash).where(_E.launch_id == launch_id).order_by(_E.seq)
        with self.database.reading() as connection:
            return tuple(Sealed(*map(str, row)) for row in connection.execute(query))

    def verify(self, launch_id: str) -> Fault | None:
        """The first entry that does not fit, or None; also notices entries cut off at the end."""
        head = self.index.find(launch_id)  # first: entries may be added
        chain = self.sealed(launch_id)
        return verify(chain) or _missing_end(head, chain)

    def heads(self) -> tuple[Head, ...]:
        """Every launch, the newest first."""
        return self.index.heads()

    def reindexed(self, head: Head, now: datetime) -> Head:
        """The head with a summary, made from the entries and kept. Raises Unreadable."""
        launch = self.launch(head.launch_id)
        if launch is None:
            raise Unreadable(f"{head.launch_id}: its entries are gone; look with `tminus verify {head.launch_id}`")
        self.index.renew(launch, now)
        return replace(head, seq=launch.seq, **said_of(launch, now))

    def open_ids(self) -> tuple[str, ...]:
        """Launches that may still have something to do, the oldest first."""
        return tuple(head.launch_id for head in self.index.open_heads())


class _Moved(Exception):
    """The ledger does not end where the writer thought."""


def _check(launch_id: str, entries: Sequence[Entry], expected_seq: int) -> None:
    found = [(entry.launch_id, entry.seq) for entry in entries]
    if not found or found != [(launch_id, expected_seq + number) for number in range(1, len(found) + 1)]:
        raise ValueError(f"entries {found} do not continue {launch_id} after {expected_seq}")


def _hash_at(connection: Connection, launch_id: str, seq: int) -> str:
    if seq == 0:
        return FIRST
    found: str | None = connection.execute(select(_E.hash).where(_E.launch_id == launch_id, _E.seq == seq)).scalar()
    if found is None:
        raise _Moved
    return found


def _add(connection: Connection, entries: Sequence[Entry], prev: str) -> str:
    """The hash of the last of them."""
    rows = []
    for entry in entries:
        sealed = seal(entry, prev)
        rows.append({"launch_id": entry.launch_id, "seq": entry.seq, **asdict(sealed)})
        prev = sealed.hash
    connection.execute(insert(schema.entries), rows)
    return prev


def _index(connection: Connection, entries: Sequence[Entry], hash_: str, after: Launch | None) -> None:
    """Say in `launches` how far the record goes now; open is what has not ended, or may not have."""
    first, last = entries[0], entries[-1]
    now = {"seq": last.seq, "hash": hash_, "updated_at": last.at, "is_open": last.kind != "ended"}
    now |= said_of(after, last.at)
    if first.seq > 1:
        connection.execute(update(schema.launches).where(_L.launch_id == first.launch_id).values(now))
        return
    if not isinstance(first.data, Started):
        raise ValueError(f"{first.launch_id}: a ledger begins with `started`, not `{first.kind}`")
    release = first.data.release
    about = {"launch_id": first.launch_id, "product": release.product, "version": release.version}
    connection.execute(insert(schema.launches).values(**about, **now, started_at=first.at))


def _missing_end(head: Head | None, chain: Sequence[Sealed]) -> Fault | None:
    if head is None:
        return Fault(1, "its launch is not in the index; the two were not written together") if chain else None
    if len(chain) >= head.seq and chain[head.seq - 1].hash == head.hash:
        return None
    return Fault(min(len(chain) + 1, head.seq), f"it does not lead to the last one the index knows, number {head.seq}")

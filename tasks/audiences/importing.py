"""People come in from a file and go out into one. Neither sends anything to anybody, today or later."""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import TextIO

from checklists.subscriber import Scalar, Subscriber, number_of
from ledger.newcomers import Fate, Newcomer
from ledger.subscribers import BATCH, batches
from ledger.wishes import Consent
from tasks.audiences.reading import FORMULA, LONGEST_VALUE, Asked, BadRow, read_people
from tasks.world import World

OWN = ("address", "name", "locale", "timezone", "state", "pace", "topics", "lists", "consent", "consented")


def import_people(
    world: World,
    file: Path,
    *,
    lists: tuple[str, ...] = (),
    consent: str = "",
    rehearse: bool = False,
    tell: Callable[[BadRow], object] = lambda _: None,
) -> tuple[Counter[Fate], int, int]:
    """What became of the rows, how many were bad (each of those is told), and how many of the good ones name no topic.

    Raises LaunchError for a hopeless file.

    Whoever `consent` does not speak for is unconfirmed until they confirm by themselves; who left stays away.
    """
    bad = without_topic = 0

    def good(rows: Iterable[Newcomer | BadRow]) -> Iterator[Newcomer]:
        nonlocal bad, without_topic
        for row in rows:
            if isinstance(row, BadRow):
                bad += 1
                tell(row)
            else:
                without_topic += not row.topics
                yield row

    asked = Asked(world.organisation.all_topics, world.now(), lists, consent)
    rows = good(read_people(file, asked))
    fates = world.ledger.newcomers.add(rows, "import", file.name, world.now(), rehearse=rehearse)
    return fates, bad, without_topic


def export_people(world: World, stream: TextIO) -> int:
    """How many were written: everybody who is not forgotten, by id, in a file that an import reads again."""
    names = world.ledger.subscribers.attribute_names()
    writer, many = csv.writer(stream, lineterminator="\n"), 0
    writer.writerow([*OWN, *names])
    for some in batches(world.ledger.subscribers.everybody(), BATCH):
        agreed = world.ledger.wishes.agreed([who.id for who in some])
        for who in some:
            cells = (*_own(who, agreed.get(who.id)), *(who.attributes.get(name, "") for name in names))
            writer.writerow([harmless(cell) for cell in cells])
        many += len(some)
    return many


def _own(who: Subscriber, agreed: Consent | None) -> Iterator[str]:
    yield from (who.address, who.name, who.locale, who.timezone, who.state, who.pace)
    yield " ".join(sorted(who.topics))
    yield " ".join(sorted(who.lists))
    is_meant = who.state == "confirmed"
    yield _how(agreed)[:LONGEST_VALUE] if is_meant else ""
    yield agreed.at.isoformat() if is_meant and agreed else ""


def _how(agreed: Consent | None) -> str:
    """`import, customers.csv: customer contract`."""
    return ", ".join(filter(None, (agreed.how, agreed.origin))) if agreed else "exported"


def harmless(value: Scalar) -> str:
    """As text that no spreadsheet takes for a formula; numbers stay numbers."""
    said = str(value).lower() if isinstance(value, bool) else str(value)
    return f"'{said}" if said.startswith(FORMULA) and number_of(said) is None else said

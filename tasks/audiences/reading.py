"""People in a CSV file, one row after the other: what a row says, or what is wrong with it. Any number of rows."""

from __future__ import annotations

import csv
import re
from codecs import BOM_UTF8, BOM_UTF16_BE, BOM_UTF16_LE, getincrementaldecoder
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TextIO

from checklists.binding import KEY
from checklists.checklist import unknown
from checklists.dates import time_zones
from checklists.errors import LaunchError
from checklists.mail_address import in_ascii, why_undeliverable
from checklists.subscriber import NAME, STATES, Scalar, State, locale_of
from ledger.newcomers import Newcomer
from tasks.audiences.consented import consented_at
from tasks.audiences.rows import Row, rows

FORMULA = ("=", "+", "-", "@", "\t", "\r")
"""What spreadsheets take for a formula when a cell begins with it (OWASP: CSV injection)."""
HEADINGS = {
    "address": ("address", "email", "e-mail", "mail", "email address", "mail address", "e-mail address"),
    "name": ("name", "full name"),
    "locale": ("locale", "language"),
    "timezone": ("timezone", "time zone", "tz"),
    "state": ("state", "status"),
    "topics": ("topics", "topic"),
    "lists": ("lists", "list"),
    "consent": ("consent",),
    "consented": ("consented",),
}
IGNORED = ("pace", "id")
"""Columns of our own export that an import leaves alone: people choose that by themselves."""
LONGEST = {"address": 254, "name": 200}
LONGEST_VALUE = 500
MOST_COLUMNS = 200
CONTROL = re.compile(r"[\x00-\x1f\x7f]")
PIECE = 1 << 20


@dataclass(frozen=True, slots=True)
class BadRow:
    """A row that is left out: where it is, what is wrong and what would be right."""

    file: str
    line: int
    problem: str

    def __str__(self) -> str:
        return f"{self.file}:{self.line}: {self.problem}"


@dataclass(frozen=True, slots=True)
class Asked:
    """What is true of every row: which topics there are, what time it is, the lists they are on, how they agreed."""

    topics: Mapping[str, object]
    now: datetime
    lists: tuple[str, ...] = ()
    consent: str = ""


class _Bad(Exception):
    """What is wrong with one row."""


def read_people(file: Path, asked: Asked) -> Iterator[Newcomer | BadRow]:
    """Every row, in its order. Raises LaunchError where the file as a whole cannot be read."""
    try:
        with file.open(encoding=_encoding(file), newline="") as stream:
            yield from _rows(file.name, stream, asked)
    except OSError as error:
        raise LaunchError(f"{file}: cannot be read ({error.strerror}); check its name and rights") from error
    except UnicodeError as error:
        raise LaunchError(f"{file}: its signs cannot be read ({error}); save it as UTF-8") from error


def _encoding(file: Path) -> str:
    """By its first bytes; without any, UTF-8 where all of it is, else what Excel on Windows writes."""
    decoder = getincrementaldecoder("utf-8")()
    with file.open("rb") as stream:
        start = stream.read(4)
        if start.startswith((BOM_UTF16_BE, BOM_UTF16_LE)):
            return "utf-16"
        if start.startswith(BOM_UTF8):
            return "utf-8-sig"
        try:
            decoder.decode(start)
            while piece := stream.read(PIECE):
                decoder.decode(piece)
            decoder.decode(b"", final=True)
        except UnicodeDecodeError:
            return "cp1252"
    return "utf-8"


def _rows(name: str, stream: TextIO, asked: Asked) -> Iterator[Newcomer | BadRow]:
    first = stream.readline()
    sign = max(",;\t", key=first.count)
    heading = next(csv.reader([first.removesuffix("\n")], delimiter=sign), [])
    columns = _columns(name, heading)
    for row in rows(stream, sign, 2):
        if row.problem:
            yield BadRow(name, row.begins, row.problem)
        elif any(row.cells):
            yield _row(name, row, columns, asked)


def _columns(name: str, heading: Sequence[str]) -> list[str]:
    """What each column holds: one of ours, or an attribute by its name."""
    known = {said: column for column, some in HEADINGS.items() for said in some}
    columns = [known.get(one.strip().lower(), "") or _attribute(name, one) for one in heading]
    if "address" not in columns:
        raise LaunchError(f"{name}:1: no column is called `address` or `email`; name the columns in the first line")
    if twice := next((one for one in columns if columns.count(one) > 1), None):
        raise LaunchError(f"{name}:1: two columns hold `{twice}`; leave one of them")
    if len(columns) > MOST_COLUMNS:
        raise LaunchError(f"{name}:1: there are {len(columns)} columns; {MOST_COLUMNS} is the most")
    return columns


def _attribute(name: str, heading: str) -> str:
    found = re.sub(r"[\s.]+", "_", heading.strip().lower())
    if not re.fullmatch(NAME, found) or len(found) > 60:
        shown = heading.strip()[:60]
        raise LaunchError(f"{name}:1: {shown!r} cannot name an attribute; write it like `plan` or `plan_size`")
    return found


def _row(name: str, row: Row, columns: Sequence[str], asked: Asked) -> Newcomer | BadRow:
    try:
        if len(row.cells) > len(columns):
            raise _Bad(f"there are {len(row.cells)} cells for {len(columns)} columns; quote what holds the separator")
        return _newcomer({column: _cell(cell) for column, cell in zip(columns, row.cells, strict=False)}, asked)
    except _Bad as bad:
        within = f"by their quotes, lines {row.begins} to {row.ends} are one row: " if row.ends > row.begins else ""
        return BadRow(name, row.begins, f"{within}{bad}")


def _cell(cell: str) -> str:
    """Without the sign that an export puts before what a spreadsheet would take for a formula."""
    said = cell.strip()
    return said[1:] if said.startswith("'") and said[1:].startswith(FORMULA) else said


def _newcomer(said: Mapping[str, str], asked: Asked) -> Newcomer:
    for column, text in said.items():
        most = LONGEST.get(column, LONGEST_VALUE)
        if len(text) > most or CONTROL.search(text):
            raise _Bad(f"{column}: at most {most} signs in one line, without control signs")
    consent = said.get("consent", "") or asked.consent
    attributes: dict[str, Scalar] = {
        name: text for name, text in said.items() if text and name not in HEADINGS and name not in IGNORED
    }
    return Newcomer(
        _address(said.get("address", "")),
        state=_state(said.get("state", ""), consent),
        name=said.get("name", ""),
        locale=_locale(said.get("locale", "")),
        timezone=_timezone(said.get("timezone", "")),
        attributes=attributes,
        topics=frozenset(_topics(_several(said.get("topics", "")), asked)),
        lists=frozenset((*_lists(_several(said.get("lists", ""))), *asked.lists)),
        consent=consent,
        consented=_consented(said.get("consented", ""), consent, asked.now),
    )


def _address(said: str) -> str:
    if why := why_undeliverable(address := in_ascii(said)):
        raise _Bad(f"address: {said[:80]!r} cannot be mailed: {why}")
    return address


def _state(said: str, consent: str) -> State:
    if not said:
        return "confirmed" if consent else "unconfirmed"
    found = next((state for state in STATES if state == said.lower()), None)
    if found is None:
        raise _Bad(f"state: {unknown(said, list(STATES), 'state')}")
    if found == "confirmed" and not consent:
        raise _Bad("state: say in a column `consent`, or with --consent, how they agreed")
    return found


def _consented(said: str, consent: str, now: datetime) -> datetime | None:
    if said and not consent:
        raise _Bad("consented: say in a column `consent`, or with --consent, how they agreed")
    try:
        return consented_at(said, now) if said else None
    except ValueError as error:
        raise _Bad(f"consented: {error}") from error


def _locale(said: str) -> str:
    found = locale_of(said) if said else ""
    if found is None:
        raise _Bad(f"locale: {said[:40]!r} is no language; one reads like de or pt-BR")
    return found


def _timezone(said: str) -> str:
    if said and said not in time_zones():
        raise _Bad(f"timezone: {said[:60]!r} is not a time zone; one reads like Europe/Berlin")
    return said


def _several(said: str) -> list[str]:
    return [one for one in re.split(r"[\s,;|]+", said) if one]


def _topics(said: Iterable[str], asked: Asked) -> Iterator[str]:
    for topic in said:
        if topic not in asked.topics:
            raise _Bad(f"topics: {unknown(topic, list(asked.topics), 'topic')}")
        yield topic


def _lists(said: Iterable[str]) -> Iterator[str]:
    for name in said:
        if not re.fullmatch(KEY, name) or len(name) > 60:
            raise _Bad(f"lists: {name[:60]!r} is no name of a list; one reads like beta-testers")
        yield name

"""The organisation file: read with findings a person can act on, and read again when it changes."""

from __future__ import annotations

from pathlib import Path
from threading import Lock

from checklists.errors import Finding, InvalidFile
from checklists.files.audiences import unknown_topics
from checklists.files.explain import build, by_line
from checklists.files.people import confusions, twins
from checklists.files.reader import Node, read
from checklists.organisation import Organisation

Stamp = tuple[int, int, int]


def read_organisation(file: Path) -> Organisation:
    """The organisation a file describes. Raises InvalidFile with every finding."""
    return organisation_of(read(file))


def organisation_of(source: Node) -> Organisation:
    """The same, of a file that is read already."""
    organisation, findings = build(Organisation, source)
    findings += tuple(twins(source))
    if organisation is not None and not findings:
        findings = (*confusions(source, organisation), *unknown_topics(source, organisation))
    if organisation is None or findings:
        raise InvalidFile(*by_line(findings))
    return organisation


class OrganisationFile:
    """The organisation as its file says now. A broken edit keeps the last good one and shows in `findings`."""

    def __init__(self, file: Path) -> None:
        self.file = file
        self._lock = Lock()
        self._stamp: Stamp | None = None
        self._good: Organisation | None = None
        self._broken: InvalidFile | None = None

    @property
    def findings(self) -> tuple[Finding, ...]:
        """What is wrong with the newest edit; empty when it is the one in use."""
        broken = self._broken
        return broken.findings if broken else ()

    def current(self) -> Organisation:
        """The newest good organisation. Raises InvalidFile only while there has never been one."""
        with self._lock:
            stamp = self._look()
            if stamp is None or stamp != self._stamp:
                self._read(stamp)
            if self._good is None:
                raise self._broken or InvalidFile()
            return self._good

    def _look(self) -> Stamp | None:
        """What tells one edit from the next, or None where there is no file to look at."""
        try:
            seen = self.file.stat()
        except OSError:
            return None
        return seen.st_mtime_ns, seen.st_size, seen.st_ino

    def _read(self, stamp: Stamp | None) -> None:
        self._stamp = stamp
        try:
            self._good, self._broken = read_organisation(self.file), None
        except InvalidFile as broken:
            self._broken = broken

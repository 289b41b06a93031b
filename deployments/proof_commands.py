"""Commands that prove the record: export, verify, anchor."""

from __future__ import annotations

import sys
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

from deployments.answers import No, plain

if TYPE_CHECKING:
    from ledger.anchors import Kept
    from ledger.bundle import Verdict
    from ledger.store import Ledger
    from tasks.settings import Settings


def verify(launch: str | None = None, *, file: Path | None = None, anchor: Path | None = None) -> None:
    """Check that nobody changed the record of a launch, or an exported file of it.

    Parameters
    ----------
    launch
        The launch in the ledger.
    file
        An export (JSON lines), checked without ledger or Prefect.
    anchor
        An anchor that was kept elsewhere (`tminus anchor --out FILE`), with which the record is compared.
    """
    if (launch is None) == (file is None):
        from deployments.wiring import wrong_usage

        raise wrong_usage("verify takes a launch, or --file")
    kept = _kept(anchor) if anchor else None
    verdict = _verify_file(file, kept) if file else _verify_launch(str(launch), kept)
    if verdict.fault:
        raise No(f"{file or launch}: {plain(str(verdict.fault))}")
    print("intact")
    for note in verdict.notes:
        print(f"  {plain(note)}")


def _verify_file(file: Path, kept: Kept | None) -> Verdict:
    from ledger.bundle import verify_file

    try:
        with file.open("rb") as lines:
            return verify_file(lines, kept)
    except OSError as error:
        raise No(f"{file}: {error.strerror}") from error


def _verify_launch(launch: str, kept: Kept | None) -> Verdict:
    from tasks.proof import verify as verify_kept

    ledger, settings = _reach()
    verdict = verify_kept(ledger, settings, launch, kept)
    if not verdict.fault and not ledger.sealed(launch):
        raise No(f"{launch}: no such launch; `tminus list` shows the launches there are")
    return verdict


def _kept(file: Path) -> Kept:
    from ledger.anchor_file import read_kept

    try:
        return read_kept(file.read_bytes())
    except OSError as error:
        raise No(f"{file}: {error.strerror}") from error


def _reach() -> tuple[Ledger, Settings]:
    from ledger.store import Ledger
    from tasks.settings import Settings

    settings = Settings()
    return Ledger(settings.ledger_url), settings


def export(launch: str) -> None:
    """Write the record of a launch as JSON lines, with the newest anchor that covers it, for `verify --file`."""
    from ledger.bundle import write

    ledger, _ = _reach()
    chain = ledger.sealed(launch)
    if not chain:
        raise No(f"{launch}: no such launch; `tminus list` shows the launches there are")
    _write(write(chain, ledger.anchors.cover(launch)))


def anchor(*, out: Path | None = None) -> None:
    """Sign how far every launch has come today, and write the newest of these anchors, with its public key.

    Kept on another machine, it shows by `tminus verify LAUNCH --anchor FILE` what was cut off or written anew.

    Parameters
    ----------
    out
        The file to write; standard output when left out.
    """
    from datetime import UTC, datetime

    from ledger.anchor_file import write_kept
    from tasks.proof import anchor as make

    ledger, settings = _reach()
    make(ledger, settings, datetime.now(UTC))
    newest = ledger.anchors.newest()
    if newest is None:
        raise No("there is no anchor; it could not be made")
    if out is None:
        _write([write_kept(newest)])
        return
    try:
        out.write_bytes(write_kept(newest))
    except OSError as error:
        raise No(f"{out}: {error.strerror}") from error
    print(f"{out}: the anchor of {newest.anchor.day} over {len(newest.heads)} launches, key {newest.anchor.key}")


def _write(lines: Iterable[bytes]) -> None:
    for line in lines:
        sys.stdout.buffer.write(line)
    sys.stdout.buffer.flush()

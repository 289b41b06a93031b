"""The harmless way out: messages become files in a folder, to be read by people, rehearsals and tests."""

from __future__ import annotations

import json
import os
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from email import policy
from email.errors import MessageError
from email.headerregistry import Address
from email.message import EmailMessage
from email.utils import format_datetime
from pathlib import Path
from typing import ClassVar

from tasks.senders.sender import Outcome, Parcel, accepted, not_sent, rejected


@dataclass(frozen=True)
class Outbox:
    """Writes `<delivery id>.eml` or `.json` whole or not at all; the same delivery again is the same file."""

    folder: Path
    repeatable: ClassVar[bool] = True

    def send(self, parcel: Parcel) -> Outcome:
        (outcome,) = self.send_all([parcel])
        return outcome

    def send_all(self, parcels: Sequence[Parcel]) -> list[Outcome]:
        """One outcome a parcel. The disk is asked once for all whether their files are kept."""
        outcomes = [self._write(parcel) for parcel in parcels]
        try:
            if any(outcome.state == "accepted" for outcome in outcomes):
                _sync_folder(self.folder)
        except OSError as error:
            return [self._unwritable(error) for _ in parcels]
        return outcomes

    def _write(self, parcel: Parcel) -> Outcome:
        try:
            suffix, written = (".json", _post(parcel)) if parcel.content.channel == "slack" else (".eml", _mail(parcel))
            self.folder.mkdir(parents=True, exist_ok=True)
            _write(self.folder / f"{parcel.delivery_id}{suffix}", written)
        except (MessageError, ValueError):
            return rejected(f"{parcel.recipient} is no address a mail can have; correct it in the organisation file")
        except OSError as error:
            return self._unwritable(error)
        return accepted(parcel.delivery_id)

    def _unwritable(self, error: OSError) -> Outcome:
        return not_sent(f"{self.folder}: cannot write the outbox: {error.strerror}; check the folder and the disk")


def _mail(parcel: Parcel) -> bytes:
    mail = EmailMessage(policy.SMTP if parcel.recipient.isascii() and parcel.sender.isascii() else policy.SMTPUTF8)
    mail["Message-ID"] = f"<{parcel.delivery_id}@{parcel.sender.rpartition('@')[2]}>"
    mail["Date"] = format_datetime(datetime.now(UTC))
    mail["From"] = Address(parcel.sender_name, addr_spec=parcel.sender)
    mail["To"] = Address(addr_spec=parcel.recipient)
    mail["Subject"] = parcel.content.subject
    mail.set_content(parcel.content.text)
    mail.add_alternative(parcel.content.html, subtype="html")
    return mail.as_bytes()


def _post(parcel: Parcel) -> bytes:
    post = {"delivery": parcel.delivery_id, "to": parcel.recipient, "at": datetime.now(UTC).isoformat()}
    return json.dumps(post | {"payload": parcel.content.slack}, ensure_ascii=False, indent=2).encode()


def _write(path: Path, written: bytes) -> None:
    """The file appears complete or not at all, whenever the power goes; that it is there is the folder's to keep."""
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(written)
            file.flush()
            os.fsync(file.fileno())
        Path(name).replace(path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise


def _sync_folder(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)

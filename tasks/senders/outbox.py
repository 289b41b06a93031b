"""The harmless way out: messages become files in a folder, to be read by people, rehearsals and tests."""

from __future__ import annotations

import json
import os
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import ClassVar

from tasks.senders.mail import NoMail, as_mail
from tasks.senders.sender import Bulk, Outcome, Parcel, accepted, not_sent, parcels, rejected
from templates.rehearsal import rehearsed


@dataclass(frozen=True)
class Outbox:
    """Writes `<delivery id>.eml` or `.json` whole or not at all; the same delivery again is the same file."""

    folder: Path
    as_posts: bool = False
    """For a channel that posts what would be a mail elsewhere."""
    repeatable: ClassVar[bool] = True
    most: ClassVar[int] = 1_000

    def send(self, parcel: Parcel) -> Outcome:
        (outcome,) = self.send_all([parcel])
        return outcome

    def send_bulk(self, bulk: Bulk) -> list[Outcome]:
        return self.send_all(parcels(bulk))

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
            is_mail = parcel.content.channel == "email" and not self.as_posts
            suffix, written = (".eml", as_mail(parcel)) if is_mail else (".json", _post(parcel))
            self.folder.mkdir(parents=True, exist_ok=True)
            _write(self.folder / f"{parcel.delivery_id}{suffix}", written)
        except NoMail as error:
            return rejected(str(error))
        except OSError as error:
            return self._unwritable(error)
        return accepted(parcel.delivery_id)

    def _unwritable(self, error: OSError) -> Outcome:
        return not_sent(f"{self.folder}: cannot write the outbox: {error.strerror}; check the folder and the disk")


@dataclass(frozen=True)
class Rehearsal(Outbox):
    """The outbox of a rehearsal: every message is marked as one."""

    def _write(self, parcel: Parcel) -> Outcome:
        return super()._write(parcel.model_copy(update={"content": rehearsed(parcel.content)}))


def _post(parcel: Parcel) -> bytes:
    post = {"delivery": parcel.delivery_id, "to": parcel.recipient, "at": datetime.now(UTC).isoformat()}
    said = {"type": "section", "text": {"type": "plain_text", "text": parcel.content.text}}
    payload = parcel.content.slack or parcel.content.teams or {"text": parcel.content.subject, "blocks": [said]}
    return json.dumps(post | {"payload": payload}, ensure_ascii=False, indent=2).encode()


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

"""What a notice is for, as its delivery says it: the same purpose to the same person is the same notice, once.

`ask/1/2` is round 1, mailing 2; `remind/1/before/2026-11-25` a step of round 1 with the day of its date, so that
after a rescheduling the steps to come are notices of their own; `confirm/1/497000` asks who signed up in that hour;
`digest/1/weekly-2026-11-23` is the digest of that week; `doubt/1/correction/2` is about what may have arrived of that
correction in its round 1.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import sha256
from typing import Literal, get_args

Kind = Literal["ask", "reaffirm", "changes", "expired", "remind", "escalate", "confirm", "digest", "doubt"]
UNNUMBERED: tuple[Kind, ...] = ("digest", "doubt")
LONGEST = 60
ABOUT_NO_LAUNCH = ("digest", "subscriptions")
"""What stands where other notices name their launch: digests, and what people outside are asked when they sign up."""


@dataclass(frozen=True, slots=True)
class Purpose:
    """The kind of a notice, the round of its item, and the mailing or the step of the reminders."""

    kind: Kind
    round: int
    which: str

    def __str__(self) -> str:
        whole = f"{self.kind}/{self.round}/{self.which}"
        return whole if len(whole) <= LONGEST else f"{whole[: LONGEST - 9]}~{sha256(whole.encode()).hexdigest()[:8]}"

    @property
    def mailing(self) -> int | None:
        return None if self.is_reminder or self.kind in UNNUMBERED else int(self.which)

    @property
    def is_reminder(self) -> bool:
        return self.kind in ("remind", "escalate")


def of_step(round_: int, step: str, at: datetime) -> Purpose:
    """The purpose of a step of the reminders; those of the ladder are named `1d:team-lead`."""
    kind: Kind = "escalate" if ":" in step else "remind"
    return Purpose(kind, round_, f"{step}/{at.astimezone(UTC):%Y-%m-%d}")


def read(text: str) -> Purpose | None:
    """What a delivery's purpose says; None for one that is no notice of ours."""
    kind, _, rest = text.partition("/")
    round_, _, which = rest.partition("/")
    if kind not in get_args(Kind) or not round_.isdigit() or not which:
        return None
    found = Purpose(kind, int(round_), which)  # type: ignore[arg-type]  # mypy does not narrow by get_args
    return found if found.kind in UNNUMBERED or found.is_reminder or which.isdigit() else None

"""How far an announcement is, as an artifact of its flow run: a bar, how many left, and how fast."""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from uuid import UUID

from prefect.artifacts import create_progress_artifact, update_progress_artifact
from prefect.context import FlowRunContext

from tasks.sending.batch import Done

EVERY = 1.0  # seconds between two updates: a batch may take less


@dataclass
class Progress:
    """Nothing is shown outside a flow run."""

    total: int
    key: str
    sent: int = 0
    """Handed over; at first what was before this flow run."""
    settled: int = 0
    """Of this flow run, whatever became of them."""
    began: float = field(default_factory=time.monotonic)
    shown_at: float = 0.0
    artifact: UUID | None = None

    def __post_init__(self) -> None:
        self._before = self.sent

    def add(self, done: Done) -> None:
        self.sent += done.handed_over
        self.settled += done.settled
        if time.monotonic() - self.shown_at >= EVERY:
            self.show()

    def show(self) -> None:
        if FlowRunContext.get() is None or not self.total:
            return
        self.shown_at = time.monotonic()
        done = min(100.0, 100 * self.sent / self.total)
        if self.artifact is None:
            made = create_progress_artifact(progress=done, key=self.key, description=self.said)
            self.artifact = made if isinstance(made, UUID) else None
        else:
            update_progress_artifact(self.artifact, progress=done, description=self.said)

    @property
    def said(self) -> str:
        rate = (self.sent - self._before) / max(time.monotonic() - self.began, 0.001)
        return f"{self.sent:,} of {self.total:,} handed over, {rate:,.0f} a second"

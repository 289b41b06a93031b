"""One batch: claimed, looked through, written down, handed over once, settled."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from checklists.mail_address import why_undeliverable
from ledger.batches import Batch, Of
from ledger.batches import Letter as Row
from ledger.deliveries import Outcome as State
from tasks.seldom import seldom_collected
from tasks.senders.sender import Bulk, Letter, Outcome, Sender
from tasks.world import World
from templates.render import Rendered

LEASE = timedelta(minutes=2)  # a sender gives up after 30 s
PAUSE = 5.0  # seconds, where a vendor could not be reached and named no time
BEHIND = timedelta(milliseconds=1)  # what met a vendor's trouble comes after what waits for its end
FIRST, LONGEST = timedelta(minutes=1), timedelta(hours=1)
"""Between two tries of a receiver who is put off, doubled each time: at least a minute, says RFC 6647."""
TRIES = 30  # of a receiver who is put off each time: about a day
MANY = 10  # receivers put off one after the other: that is not about them


class Done(NamedTuple):
    """How many receivers of a batch are settled now, whatever they became, and how many of them were handed over."""

    settled: int = 0
    handed_over: int = 0


@dataclass(frozen=True, slots=True)
class Errand:
    """What is handed over on one channel, to whom it may still go, and how."""

    world: World
    of: Of
    owner: str
    sender: Sender
    content: Callable[[str], Rendered]
    """The rendering of a segment."""
    comes_from: tuple[str, str]
    """The address and the name of the sender."""
    reply_to: str | None = None
    """Where answers go, if not to the sender."""
    opted_out: Callable[[Batch, Sequence[str]], Mapping[str, str]] = lambda *_: {}
    """Which of these addresses get nothing more, and why; asked within every claim."""
    personal: Callable[[Batch, Sequence[Row]], Sequence[Letter]] = lambda _, rows: [Letter(*row) for row in rows]
    opens: Callable[[Batch], datetime | None] = lambda _: None
    """When a batch may leave, within its readers' day; None where that is now. Asked within every claim."""
    may_leave: Callable[[], bool] = lambda: True
    put_off: list[str] = field(default_factory=list)
    """The batches whose receivers were put off, one after the other, since somebody else was not."""
    refused: list[str] = field(default_factory=list)
    """Why nothing gets through, whoever it is for, before a person changes our settings."""

    def carry_out(self) -> Done:
        """What became of one batch: nothing where none was there, or it is planned still."""
        with seldom_collected():
            return self._carry_out()

    def _carry_out(self) -> Done:
        world, batches = self.world, self.world.ledger.batches
        batch = batches.claim(self.of, self.owner, world.now(), LEASE)
        if batch is None:
            return Done()
        if batch.size > self.sender.most:
            batches.split(batch.id, self.owner, self.sender.most, world.now())
            return Done()
        if at := self.opens(batch):
            self._keep(batch, not_before=at)
            return Done()
        letters = batches.letters(batch.id)
        rows = self._wanted(batch, letters)
        done = self._handed_over(batch, rows)
        return Done(len(letters) - len(rows) + done.settled, done.handed_over)

    def _handed_over(self, batch: Batch, rows: Sequence[Row]) -> Done:
        world, batches = self.world, self.world.ledger.batches
        if not rows:
            batches.settle(batch.id, self.owner, "suppressed", world.now(), detail="nobody is left in it")
            return Done()
        bulk = self._bulk(batch, rows)  # before `writing`: what cannot be written down has certainly not left
        if self.may_leave() and batches.writing(batch.id, self.owner, world.now()):
            return self._settle(batch, rows, self.sender.send_bulk(bulk))
        self._keep(batch)  # it may not leave, all sending was stopped in this moment, or the claim is lost
        return Done()

    def _keep(self, batch: Batch, **said: Any) -> None:
        """Planned again as if nobody had tried: it was not about those who get it."""
        self.world.ledger.batches.settle(batch.id, self.owner, "planned", self.world.now(), was_tried=False, **said)

    def _wanted(self, batch: Batch, rows: Sequence[Row]) -> Sequence[Row]:
        """Without those who have opted out since, and whose address no mail can have: neither sinks the rest."""
        refused = self.opted_out(batch, [row.recipient for row in rows])
        gone = {address.casefold(): why for address, why in refused.items()}
        aside: dict[str, tuple[State, str]] = {}
        for row in rows:
            if gone and (why := gone.get(row.recipient.casefold())):
                aside[row.id] = "suppressed", why
            elif "@" in row.recipient and (why := why_undeliverable(row.recipient)):
                aside[row.id] = "rejected", why
        if aside:
            self.world.ledger.batches.single_out(batch.id, self.owner, aside, self.world.now())
        return [row for row in rows if row.id not in aside]

    def _bulk(self, batch: Batch, rows: Sequence[Row]) -> Bulk:
        letters = self.personal(batch, rows)
        return Bulk(self.content(batch.segment), *self.comes_from, letters, reply_to=self.reply_to)

    def _settle(self, batch: Batch, rows: Sequence[Row], came: Outcome | list[Outcome]) -> Done:
        if isinstance(came, list):
            if len(came) > 1 and any(one != came[0] for one in came):
                return self._settle_each(batch, rows, came)
            came = came[0]
        now, batches = self.world.now(), self.world.ledger.batches
        if came.state == "unknown" and self.sender.repeatable:
            came = came.model_copy(update={"state": "not_sent"})  # who gets it keeps what it has seen
        if came.is_ours:
            self.refused.append(came.reason)
            self._keep(batch, detail=came.reason)
            return Done()
        if came.is_divisible and len(rows) > 1:
            batches.split(batch.id, self.owner, (len(rows) + 1) // 2, now)
            return Done()
        if came.is_theirs:
            return Done(len(rows) if self._put_off(batch, came) else 0)
        self.put_off.clear()
        said: dict[str, Any] = {"provider_id": came.provider_id or None, "detail": came.reason}
        until, done = now + timedelta(seconds=came.retry_after or PAUSE), Done()
        if came.state == "not_sent":
            self._keep(batch, **said, not_before=until + BEHIND)
        elif batches.settle(batch.id, self.owner, came.state, now, **said):
            done = Done(len(rows), len(rows) if came.state == "accepted" else 0)
        if came.state == "not_sent" or came.retry_after:
            batches.postpone(self.of, now, until)
        return done

    def _put_off(self, batch: Batch, came: Outcome) -> bool:
        """These later, and all others meanwhile; where that is said of everybody, the vendor is left alone.

        Whether they were given up.
        """
        now, batches, is_over = self.world.now(), self.world.ledger.batches, batch.attempt >= TRIES
        if is_over:
            given_up = f"{came.reason}; it said so {batch.attempt} times"
            batches.settle(batch.id, self.owner, "rejected", now, detail=given_up)
        else:
            pause = min(FIRST * 2 ** (batch.attempt - 1), LONGEST)
            batches.settle(batch.id, self.owner, "planned", now, detail=came.reason, not_before=now + pause)
        self.put_off.append(batch.id)
        if len(self.put_off) >= MANY:
            self.put_off.clear()
            batches.postpone(self.of, now, now + FIRST)
        return is_over

    def _settle_each(self, batch: Batch, rows: Sequence[Row], came: Sequence[Outcome]) -> Done:
        """Each became something of its own; what did not leave stays in the batch, and that is planned again."""
        pairs = list(zip(rows, came, strict=True))
        own: dict[str, tuple[State, str]] = {
            row.id: (one.state, one.reason) for row, one in pairs if one.state != "not_sent"
        }
        now, left = self.world.now(), [one for one in came if one.state == "not_sent"]
        self.world.ledger.batches.single_out(batch.id, self.owner, own, now)
        pause = timedelta(seconds=max((one.retry_after or PAUSE for one in left), default=0))
        detail = left[0].reason if left else ""
        state: State = "planned" if left else "accepted"
        until = now + pause if left else None
        self.world.ledger.batches.settle(batch.id, self.owner, state, now, detail=detail, not_before=until)
        return Done(len(own), [state for state, _ in own.values()].count("accepted"))

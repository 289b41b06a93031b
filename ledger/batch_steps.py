"""What is said to the database at each step of a batch. To make a statement takes longer than to carry it out, and a
batch is five of them: so each is made once, and its values are put in where they have a name that ends in `_`."""

from __future__ import annotations

from functools import cache
from typing import Any

from sqlalchemy import ColumnElement, Update, and_, bindparam, not_, or_, select, update

from ledger import schema
from ledger.deliveries import BATCHED, LEADS_TO, Outcome, settled_as
from ledger.switches import is_stopped

_B = schema.batches.c
_D = schema.deliveries.c


def is_due(now: Any) -> ColumnElement[bool]:
    """Whether a batch may leave at this moment."""
    return or_(_B.not_before.is_(None), _B.not_before <= now)


_OF = and_(*(_B[name] == bindparam(f"{name}_") for name in ("launch_id", "item", "channel", "purpose")))
_IN_TURN = (_B.not_before.is_not(None), _B.not_before, _B.number)
"""What was never put off first, then by when it is due: who is put off again and again keeps nobody waiting."""
_RIPE = select(_B.id).where(_OF, _B.state == "planned", is_due(bindparam("now_"))).order_by(*_IN_TURN).limit(1)
_IS_HELD = and_(_B.id == bindparam("id_"), _B.claimed_by == bindparam("owner_"))
_CLAIMED = {
    "state": "claimed",
    "claimed_by": bindparam("owner_"),
    "lease_until": bindparam("until_"),
    "updated_at": bindparam("now_"),
    "attempt": _B.attempt + 1,
}

CLAIM = (
    update(schema.batches)
    .where(_B.id == _RIPE.with_for_update(skip_locked=True).scalar_subquery())
    .values(**_CLAIMED)
    .returning(schema.batches)
)
LETTERS = (
    select(_D.id, _D.recipient, _D.facts)
    .where(_D.batch == bindparam("id_"), _D.state == BATCHED)
    .order_by(_D.recipient)
)
WRITING = (
    update(schema.batches)
    .where(_IS_HELD, _B.state == "claimed", _B.lease_until > bindparam("now_"), not_(is_stopped()))
    .values(state="writing", updated_at=bindparam("now_"))
)


@cache
def settling(state: Outcome) -> Update:
    """What the batch became, in the words of its owner."""
    said: list[Any] = [bindparam(f"{name}_") for name in ("now", "provider_id", "detail", "not_before")]
    values = settled_as(state, *said)
    if state == "planned":
        values["attempt"] = _B.attempt - bindparam("untried_")
    return update(schema.batches).where(_IS_HELD, _B.state.in_(LEADS_TO[state])).values(**values)

"""One batch: what stands in the ledger of it, whatever breaks while it is handed over."""

from __future__ import annotations

from typing import Any

import pytest
from pydantic import SecretStr

from checklists.errors import LaunchError, Unreachable
from tasks.announcements.announcing import batches_of, drain, plan
from tasks.senders.sendgrid import SendGrid
from tasks.sending.batch import Errand
from tasks.world import World
from templates.render import Rendered, Unrenderable
from tests.peers.sendgrid import KEY, SendGridPeer
from tests.tasks.newsroom import RUN, arrivals, at, opened, states

CONTENT = Rendered(channel="email", subject="Acme 2.4.0", text="It is here.", html="<p>It is here.")


def fails(error: LaunchError) -> Any:
    def with_it(*_: object) -> Any:
        raise error

    return with_it


@pytest.mark.parametrize(
    "broken",
    [
        {"content": fails(Unrenderable("templates/correction/body.txt: there is no value `prize`"))},
        {"personal": fails(Unreachable("the SQLite file ledger.sqlite3: disk I/O error"))},
    ],
    ids=["rendering", "database"],
)
def test_what_could_not_be_written_has_certainly_not_left(
    mailing: World, peer: SendGridPeer, broken: dict[str, Any]
) -> None:
    opened(mailing)
    plan(mailing, RUN)
    errand: dict[str, Any] = {"content": lambda _: CONTENT, "comes_from": ("launches@example.com", "Example"), **broken}
    mail = SendGrid(SecretStr(KEY), host=peer.host)
    with pytest.raises(LaunchError):
        Errand(world=mailing, of=batches_of(RUN, "email"), owner="one", sender=mail, **errand).carry_out()
    assert (states(mailing), peer.received) == ({"claimed": 1, "planned": 3}, [])
    assert drain(at(mailing, 5), RUN)
    assert (states(mailing), arrivals(mailing, peer)) == ({"accepted": 4}, {1})

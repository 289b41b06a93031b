"""An announcement that four have got, and a correction or a recall of it of which some answers are lost."""

from __future__ import annotations

from checklists.commands import TMINUS, FollowUp, Report
from checklists.decide import Refusal
from checklists.people import Actor
from tasks.act import act
from tasks.advance import advance
from tasks.announcements.announcing import drain, plan
from tasks.announcements.following import send_follow_ups
from tasks.carrying_out import carry_out
from tasks.world import World
from tests.peers.sendgrid import SendGridPeer
from tests.tasks.newsroom import RUN, opened

LAUNCH = RUN.launch_id
ADA = Actor("ada@example.com", "Ada", ("launch-managers", "internal"))
EVERYBODY = ["ada@example.com", *(f"customer-{number}@example.net" for number in range(3))]
CORRECT = FollowUp(by=ADA, item="tell", what="correction", note="The price is 20.")
RECALL = FollowUp(by=ADA, item="tell", what="recall", note="It is not for sale.")


def announced(world: World, is_: str = "over") -> None:
    """Four have it; beside the announcement a launch that is `running` has something else to do."""
    opened(world, checklist="news" if is_ == "over" else "news-and-more")
    plan(world, RUN)
    assert drain(world, RUN)
    act(world, LAUNCH, Report(by=TMINUS, item="tell", round=1, number=1, ok=True, summary="all"))
    assert advance(world, LAUNCH).is_over == (is_ == "over")


def lost(world: World, peer: SendGridPeer, *modes: str, command: FollowUp = CORRECT) -> None:
    """It was said, and each call answered in its mode; the log knows of none of them."""
    answer, _ = carry_out(world, LAUNCH, command)
    assert not isinstance(answer, Refusal), answer
    peer.answer(*modes)
    send_follow_ups(world)
    peer.answer("accept")
    peer.log.answer("empty")

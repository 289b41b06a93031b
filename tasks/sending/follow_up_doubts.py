"""What is in doubt and settled by its name: what people say of it is carried out, and they are asked while the launch
runs. Those are corrections and recalls, and announcements whose launch is over.

What somebody said stands in the record before it is done, and a launch that is over has not ended until it is: where a
process dies in between, the next round of the patrol finds the launch open, and does it.
"""

from __future__ import annotations

from dataclasses import replace

from checklists.commands import TMINUS
from checklists.decide import Refusal
from checklists.delivery_commands import SETTLES, Doubtful, RaiseDoubt, Settle
from checklists.launch import ItemState, Launch
from ledger.batches import Of
from ledger.deliveries import ANNOUNCEMENT
from tasks.act import act
from tasks.world import World
from templates.doubts import doubt

NAMED = 5


def weighed(world: World, name: str, command: Settle) -> Settle:
    """The command with what is in doubt of this launch."""
    return replace(command, in_doubt=world.ledger.in_doubt.each(name))


def settle_follow_ups(world: World, launch: Launch) -> Launch:
    """Carry out what was said of them by name, and ask about the corrections and recalls that still are."""
    if not any(state.follow_ups or state.verdicts for state in launch.items.values()):
        return launch
    for lost in world.ledger.in_doubt.each(launch.id):
        _carry_out(world, launch.items[lost.item], lost)
    for still in world.ledger.in_doubt.each(launch.id) if not launch.is_over else ():
        launch = _asked(world, launch, still) if still.purpose else launch
    return launch


def _carry_out(world: World, state: ItemState, lost: Doubtful) -> None:
    """In the order it was said. Each *again* is a round of these deliveries, and leaves those alone that are in it."""
    purpose = lost.purpose or ANNOUNCEMENT
    round_ = next((one.round for one in state.follow_ups if one.purpose == lost.purpose), state.round)
    for verdict in state.verdicts:
        if verdict.purpose != lost.purpose:
            continue
        if verdict.fate == "arrived":
            said = f"it arrived, says {verdict.by}"
            world.ledger.in_doubt.arrived(lost.launch_id, lost.item, said, verdict.at, purpose)
            continue
        round_ += 1
        for channel, _ in world.ledger.deliveries.by_channel(lost.launch_id, lost.item, purpose):
            of = Of(lost.launch_id, lost.item, channel, purpose)
            world.ledger.planning.plan_unknown_again(of, round_, world.now(), verdict.at)


def _asked(world: World, launch: Launch, still: Doubtful) -> Launch:
    """The launch with a question about it, once all of it was handed over that can be."""
    if world.ledger.followed.is_undone(launch.id, still.item, still.purpose):
        return launch
    counts = world.ledger.deliveries.counts(launch.id, still.item, still.purpose)
    some = world.ledger.in_doubt.some(launch.id, still.item, NAMED, still.purpose)
    command = RaiseDoubt(
        by=TMINUS,
        via="tminus",
        item=still.item,
        purpose=still.purpose,
        unsettled=doubt(still.count, sum(counts.values()), some),
        lost_at=still.lost_at,
        ask_from=still.lost_at + SETTLES,
    )
    answer = act(world, launch.id, command)
    return launch if isinstance(answer, Refusal) else answer

"""`carry_out`: what every door does with a command: look, decide, write down, move the launch."""

from __future__ import annotations

from dataclasses import replace
from typing import TypeVar

from checklists.commands import AddEvidence, Command, FollowUp, Sign, Word
from checklists.decide import Refusal, decide
from checklists.delivery_commands import Settle
from checklists.launch import Launch
from tasks.act import act
from tasks.advance import try_advance
from tasks.announcements.following import plan_follow_up, prepared
from tasks.changes.evidence import digested
from tasks.observing import observe
from tasks.sending.follow_up_doubts import weighed
from tasks.world import World

Given = TypeVar("Given", bound=Command)


def carry_out(world: World, name: str, command: Command) -> tuple[Launch | Refusal, str]:
    """The launch after the command, or why it was refused; and a sentence where Prefect is away and it is done later.

    Notices are planned, not sent: whoever calls this calls `deliver_notices` once the answer is out.
    """
    has_news = observe(world, name)
    if isinstance(command, FollowUp):
        command = prepared(world, name, command)
    if isinstance(command, Settle):
        command = weighed(world, name, command)
    answer = act(world, name, with_digests(world, name, command))
    if isinstance(answer, Refusal):
        if has_news:
            try_advance(world, name)
        return answer, ""
    if isinstance(command, FollowUp):  # somebody else's may have come in between, and then this has another number
        plan_follow_up(world, name, answer.items[command.item].follow_ups[-1])
    if isinstance(command, Word):
        observe(world, name)  # gates that are bound to these words are open again before anybody is asked
    return try_advance(world, name)


def with_digests(world: World, name: str, command: Given) -> Given:
    """The command with the digests of the evidence it brings along; who may not bring any lets tminus fetch nothing."""
    if not isinstance(command, Sign | AddEvidence) or not command.evidence:
        return command
    if isinstance(decide(world.launch(name), command, world.now()), Refusal):
        return command
    return replace(command, evidence=digested(world, command.evidence))

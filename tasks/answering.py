"""What a person typed into a form, taken to `decide`."""

from __future__ import annotations

from checklists.decide import Refusal
from checklists.entries import RunClosed
from checklists.launch import Launch
from checklists.request import ItemRun
from tasks.act import act
from tasks.advance import record
from tasks.forms import read
from tasks.world import World

NOBODY = "nobody in this organisation has the mail address that was typed"
"""Without the address: Prefect puts the values of its variables into an answer, and more people read the next form."""


def take_answer(world: World, run: ItemRun, run_id: str) -> Launch | Refusal:
    """The launch after this form's answer, or why it did not count. Either way this form is done with."""
    if _is_strange(world, run, run_id):
        return Refusal("people are asked in another flow run; answer that one")
    answer = read(run.form, world.board.answer(run_id, run.number))
    if isinstance(answer, str):
        return _unread(world, run, answer)
    by = world.person(answer.signed_by)
    if not by.is_known:
        return _unread(world, run, NOBODY)
    return act(world, run.launch_id, answer.command(by, item=run.item, round=run.round, number=run.number))


def _is_strange(world: World, run: ItemRun, run_id: str) -> bool:
    """Whether the form of this number hangs on another flow run: somebody has started this one by hand."""
    launch = world.launch(run.launch_id)
    asked = launch.items[run.item].run if launch and run.item in launch.items else None
    return asked is not None and asked.number == run.number and asked.run_id != run_id


def _unread(world: World, run: ItemRun, reason: str) -> Refusal:
    """Nobody said anything: the form closes, and the next one says why on top."""
    launch = world.launch(run.launch_id)
    if launch is not None and run.item in launch.items:
        closed = RunClosed(item=run.item, round=run.round, number=run.number, why=reason)
        record(world, launch, (closed,))
    return Refusal(reason)


def outcome(answer: Launch | Refusal, run: ItemRun) -> tuple[str, str]:
    """How the flow run of an answered form is to be called, and its message."""
    if isinstance(answer, Refusal):
        return "Refused", answer.reason
    state = answer.items[run.item]
    names = {"passed": "Approved", "waived": "Waived", "rejected": "Rejected", "changes-requested": "Changes requested"}
    said = state.summary or state.question or ", ".join(state.missing)
    return names.get(state.status, "Signed"), f"{state.key}: {said}" if said else state.key

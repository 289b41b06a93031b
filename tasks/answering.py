"""What a person typed into a form, taken to `decide`."""

from __future__ import annotations

from hashlib import sha256
from typing import Any

from checklists.commands import Actor
from checklists.decide import Refusal
from checklists.entries import RunClosed
from checklists.launch import Launch
from checklists.request import ItemRun
from tasks.act import act, refuse
from tasks.advance import record
from tasks.boards.forms import ByCode, ByName, Coded, read
from tasks.carrying_out import with_digests
from tasks.observing import observe
from tasks.people.codes import count_wrong_code, link_of_code
from tasks.people.identity import of_code
from tasks.people.links import mark_used, standing
from tasks.world import World

NOBODY = "nobody in this organisation has the mail address that was typed"
"""Without the address: Prefect puts the values of its variables into an answer, and more people read the next form."""


def take_answer(world: World, run: ItemRun, run_id: str) -> Launch | Refusal:
    """The launch after this form's answer, or why it did not count. Either way this form is done with."""
    strange = Refusal("people are asked in another flow run; answer that one")
    answer = strange if _is_strange(world, run, run_id) else _taken(world, run, run_id)
    if world.settings.identity == "verified":
        world.board.forget(run_id, run.number)
    return answer


def _taken(world: World, run: ItemRun, run_id: str) -> Launch | Refusal:
    answer = read(run.form, world.board.answer(run_id, run.number), world.settings.identity)
    if isinstance(answer, str):
        return _unread(world, run, answer)
    observe(world, run.launch_id)
    shown = sha256(world.board.shown(run_id, run.number).encode()).hexdigest()
    of = {"item": run.item, "round": run.round, "number": run.number, "shown": shown}
    return _by_code(world, run, answer, of) if isinstance(answer, Coded) else _by_name(world, run, answer, of)


def _by_name(world: World, run: ItemRun, answer: ByName, of: dict[str, Any]) -> Launch | Refusal:
    by = world.person(answer.signed_by)
    if not by.is_known:
        return refuse(world, run.launch_id, answer.command(Actor("nobody"), **of), Refusal(NOBODY))
    return act(world, run.launch_id, with_digests(world, run.launch_id, answer.command(by, **of)))


def _by_code(world: World, run: ItemRun, answer: ByCode, of: dict[str, Any]) -> Launch | Refusal:
    """Whose code it is answers; a wrong one is counted, and one that is void is told why."""
    launch = world.launch(run.launch_id)
    if launch is None or run.item not in launch.items:
        return Refusal("this form belongs to no launch that is here")
    link = link_of_code(world, launch, run.item, answer.code)
    if link is None:
        return count_wrong_code(world, launch.id, via="form", **of)
    command = answer.command(of_code(world, link), **of)
    if void := standing(world, link, launch):
        return refuse(world, launch.id, command, Refusal(void))
    done = act(world, launch.id, with_digests(world, launch.id, command))
    if not isinstance(done, Refusal):
        mark_used(world, link)
    return done


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

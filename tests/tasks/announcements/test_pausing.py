"""An announcement is paused in the middle of it, or everything is stopped: nothing more leaves, and nothing is lost."""

from __future__ import annotations

from dataclasses import replace

import pytest

from checklists.commands import TMINUS, Command, Pause, Unpause
from checklists.decide import Refusal
from checklists.people import Actor
from tasks.act import act
from tasks.advance import advance
from tasks.announcements import announcing
from tasks.announcements.announcing import drain, is_wanted, plan, put_off
from tasks.sending.switching import switch
from tasks.world import World
from templates.story import told
from tests.peers.sendgrid import SendGridPeer
from tests.tasks.newsroom import RUN, arrivals, opened, states

WHY = "the price is wrong"
PAUSE, UNPAUSE = Pause(by=TMINUS, item="tell", reason=WHY), Unpause(by=TMINUS, item="tell")


def test_a_paused_announcement_sends_nothing_and_the_rest_when_it_goes_on(mailing: World, peer: SendGridPeer) -> None:
    opened(mailing)
    plan(mailing, RUN)
    act(mailing, RUN.launch_id, PAUSE)
    assert not is_wanted(mailing, RUN)
    assert not drain(mailing, RUN)
    assert put_off(mailing, RUN) == f"tell is paused: {WHY}; nothing is sent now"
    paused = advance(mailing, RUN.launch_id)
    assert (paused.items["tell"].run, states(mailing), peer.received) == (None, {"planned": 4}, [])
    act(mailing, RUN.launch_id, UNPAUSE)
    run = advance(mailing, RUN.launch_id).items["tell"].run
    assert run is not None
    assert drain(mailing, RUN.model_copy(update={"number": run.number}))
    assert arrivals(mailing, peer) == {1}


def test_who_paused_it_and_why_stands_in_the_record(outbox: World) -> None:
    opened(outbox)
    act(outbox, RUN.launch_id, PAUSE)
    act(outbox, RUN.launch_id, UNPAUSE)
    *_, paused, unpaused = outbox.ledger.read(RUN.launch_id)
    assert told(paused) == f"tminus paused tell by command, so that nothing more of it leaves: {WHY}"
    assert told(unpaused) == "tminus let tell go on by command"


@pytest.mark.parametrize(
    ("command", "says"),
    [
        (replace(PAUSE, by=Actor("eve@example.com", "Eve")), "does not hold the role launch-managers"),
        (replace(PAUSE, by=Actor("eve@example.com")), "not a person of this organisation"),
        (replace(PAUSE, reason=" "), "say why"),
        (replace(PAUSE, item="tall"), "tell"),
        (UNPAUSE, "is not paused"),
    ],
)
def test_what_may_not_be_paused_is_refused_with_a_reason(outbox: World, command: Command, says: str) -> None:
    opened(outbox)
    answer = act(outbox, RUN.launch_id, command)
    assert isinstance(answer, Refusal)
    assert says in answer.reason
    assert is_wanted(outbox, RUN)


def test_what_is_paused_cannot_be_paused_again(outbox: World) -> None:
    opened(outbox)
    act(outbox, RUN.launch_id, PAUSE)
    answer = act(outbox, RUN.launch_id, replace(PAUSE, reason="another"))
    assert answer == Refusal(f"tell is paused already: {WHY}")


def test_nothing_at_all_leaves_while_everything_is_stopped(
    mailing: World, peer: SendGridPeer, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened(mailing)
    plan(mailing, RUN)
    ada = mailing.person("ada@example.com")
    assert switch(mailing, ada, "command", WHY, is_on=False) is None
    monkeypatch.setattr(announcing, "PATIENCE", announcing.PATIENCE * 0)
    assert not drain(mailing, RUN)
    assert put_off(mailing, RUN) == f"tell is stopped with all sending by ada@example.com: {WHY}; nothing is sent now"
    assert (states(mailing), peer.received) == ({"planned": 4}, [])
    switch(mailing, ada, "command", "", is_on=True)
    monkeypatch.undo()
    run = advance(mailing, RUN.launch_id).items["tell"].run
    assert run is not None
    assert drain(mailing, RUN.model_copy(update={"number": run.number}))
    assert arrivals(mailing, peer) == {1}


def test_only_who_runs_launches_turns_the_switch_and_twice_is_once(outbox: World) -> None:
    opened(outbox)
    ada, customer = outbox.person("ada@example.com"), outbox.person("customer-0@example.net")
    refused = switch(outbox, customer, "command", WHY, is_on=False)
    assert isinstance(refused, Refusal)
    assert isinstance(switch(outbox, ada, "command", " ", is_on=False), Refusal)
    for _ in range(2):
        switch(outbox, ada, "command", WHY, is_on=False)
    assert [(turn.by, turn.is_on, turn.reason) for turn in outbox.ledger.switches.turns()] == [
        ("ada@example.com", False, WHY)
    ]

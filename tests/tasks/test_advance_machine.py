"""Whatever happens to the board, to the processes and in the UI: in the end it shows what the ledger says."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from datetime import timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, rule, run_state_machine_as_test

from checklists.commands import Command
from checklists.due import wanted
from checklists.errors import Unreachable
from checklists.launch import Launch
from tasks.act import act
from tasks.advance import advance, try_advance
from tasks.boards.accidents import Killed
from tasks.boards.memory_board import MemoryRun, State
from tasks.patrol import patrol
from tests.checklists.stories import PLAUSIBLE, SCENES, assert_settled, assert_valid, commands, ends, first_command
from tests.tasks.worlds import WORKER, Place, place, work

given_commands = st.sampled_from([move for move in PLAUSIBLE if isinstance(move, Command)])
indices = st.integers(0, 50)
ANSWERS = (
    *(
        {"signed_by": f"{name}@example.com", "decision": "approve"}
        for name in ("ada", "ben", "cat", "dan", "eve", "fay")
    ),
    {"signed_by": "dan@example.com", "decision": "done"},
    {"signed_by": "eve@example.com", "decision": "waive", "comment": "known good"},
    {"signed_by": "eve@example.com", "decision": "run again"},
    {"signed_by": "cat@example.com", "decision": "request changes", "comment": "not yet"},
    {"signed_by": "dan@example.com", "decision": "reject"},
    {},
)


class Turbulence(RuleBasedStateMachine):
    """One launch among people, workers, crashes and vandals."""

    @initialize()
    def begin(self) -> None:
        self.folder = TemporaryDirectory()
        self.at: Place = place(Path(self.folder.name))
        self.id = self.at.begun(command=first_command()).id

    def survive(self, doing: Callable[[], object]) -> None:
        """Do this in a process that may be killed, or find nobody there."""
        with suppress(Unreachable):
            try:
                doing()
            except Killed:
                self.at.board.revive()
                self.at.board.dead_workers.add(WORKER)

    @rule(command=st.integers(0, 5).flatmap(lambda dice: given_commands if dice else commands))
    def somebody_commands(self, command: Command) -> None:
        self.survive(lambda: act(self.at.world, self.id, command))

    @rule(command=given_commands)
    def somebody_commands_and_it_is_carried_out(self, command: Command) -> None:
        self.survive(lambda: act(self.at.world, self.id, command))
        self.survive(lambda: try_advance(self.at.world, self.id))

    @rule(scene=st.sampled_from([[move for move in scene if isinstance(move, Command)] for scene in SCENES]))
    def people_have_a_busy_day(self, scene: list[Command]) -> None:
        for command in scene:
            self.somebody_commands_and_it_is_carried_out(command)

    @rule(command=ends)
    def somebody_wants_it_to_end(self, command: Command) -> None:
        self.survive(lambda: act(self.at.world, self.id, command))

    @rule(index=indices, answer=st.sampled_from(ANSWERS))
    def somebody_answers_a_form(self, index: int, answer: dict[str, object]) -> None:
        forms = [run for run in self.runs() if run.state == "Suspended" and run.step]
        if forms:
            self.survive(lambda: self.at.board.resume(forms[index % len(forms)].run_id, answer))

    @rule(ok=st.booleans())
    def a_worker_works(self, ok: bool) -> None:
        self.at.board.dead_workers.discard(WORKER)
        self.survive(lambda: work(self.at, ok=ok))

    @rule()
    def it_is_advanced(self) -> None:
        self.survive(lambda: advance(self.at.world, self.id))

    @rule()
    def the_patrol_goes_round(self) -> None:
        self.survive(lambda: patrol(self.at.world))

    @rule(days=st.integers(1, 4))
    def time_passes(self, days: int) -> None:
        self.at.clock.wait(timedelta(days=days))

    @rule(error=st.sampled_from((Killed, Unreachable)), after=st.booleans(), skip=st.integers(0, 4))
    def something_will_break(self, error: type[BaseException], after: bool, skip: int) -> None:
        self.at.board.break_next(error("an accident"), after=after, skip=skip)

    @rule()
    def the_board_goes_away(self) -> None:
        self.at.board.is_reachable = False

    @rule()
    def the_board_comes_back(self) -> None:
        self.at.board.is_reachable = True

    @rule(index=indices, state=st.sampled_from(("Completed", "Failed", "Crashed", "Cancelled", "Running")))
    def a_vandal_sets_a_state(self, index: int, state: State) -> None:
        if self.runs():
            run = self.runs()[index % len(self.runs())]
            self.survive(lambda: self.at.board.set_state(run.run_id, state, worker="a vandal"))
            self.at.board.dead_workers.add("a vandal")

    @rule(index=indices)
    def a_vandal_deletes_a_run(self, index: int) -> None:
        if self.runs():
            run = self.runs()[index % len(self.runs())]
            self.survive(lambda: self.at.board.delete(run.run_id))

    def runs(self) -> list[MemoryRun]:
        return [run for run in self.at.board.runs.values() if run.launch_id == self.id]

    def teardown(self) -> None:
        try:
            self.check()
        finally:
            self.at.ledger.dispose()
            self.folder.cleanup()

    def check(self) -> None:
        launch = self.calmed()
        assert_valid(launch)
        assert_settled(launch)
        assert self.at.ledger.verify(self.id) is None
        for key, state in launch.items.items():
            form = wanted(state, launch)
            assert self.shown(key) == ([(form, state.round)] if form else []), key
        own = [run.state for run in self.runs() if run.step is None and run.is_open]
        assert own == ([] if launch.is_over else ["Suspended"])
        assert launch.has_ended == launch.is_over

    def shown(self, item: str) -> list[tuple[str, int]]:
        """The form and the round of everything open on the board for an item."""
        steps = [run.step for run in self.at.board.open_runs(self.id)]
        return [(step.form, step.round) for step in steps if step and step.item == item]

    def calmed(self) -> Launch:
        """The launch after everything is up again, and the patrol has gone round until it found nothing to do."""
        self.at.board.revive()
        self.at.board.dead_workers.add(WORKER)
        for _ in range(20):
            said = patrol(self.at.world).said
            known = {state.run.run_id for state in self.at.launch(self.id).items.values() if state.run}
            strays = self.at.board.close_strays(known, self.at.clock() + timedelta(seconds=1))
            waiting = [run for run in self.runs() if run.state == "Scheduled"]
            if not (said or strays or waiting):
                return self.at.launch(self.id)
            work(self.at)
        raise AssertionError("the patrol never comes to an end")


@pytest.mark.timeout(600)  # half a minute where nothing else runs
def test_in_the_end_the_board_shows_what_the_ledger_says() -> None:
    patient = settings(max_examples=30, stateful_step_count=35, deadline=None, suppress_health_check=list(HealthCheck))
    run_state_machine_as_test(Turbulence, settings=patient)

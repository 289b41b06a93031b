"""One command at a time, whoever else is writing."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import pytest

from checklists.commands import Abandon, Actor, Hold
from checklists.decide import Refusal
from checklists.entries import Entry, Signed
from checklists.launch import Launch
from ledger.index import said_of
from ledger.store import Conflict, Ledger
from tasks.act import TRIES, act, begin, refuse
from tests.checklists.launches import ADA, BEN, CAT, EVE, sign, start
from tests.tasks.worlds import Place, place


@pytest.fixture
def at(tmp_path: Path) -> Iterator[Place]:
    here = place(tmp_path)
    yield here
    here.ledger.dispose()


class Slow(Ledger):
    """Somebody else writes just before the first entry is added."""

    meanwhile: Callable[[], object]

    def append(self, launch_id: str, entries: Sequence[Entry], expected_seq: int, after: Launch | None = None) -> None:
        meanwhile, self.meanwhile = self.meanwhile, lambda: None
        meanwhile()
        super().append(launch_id, entries, expected_seq, after)


class Crowded(Ledger):
    """Somebody else is always first."""

    def append(self, launch_id: str, entries: Sequence[Entry], expected_seq: int, after: Launch | None = None) -> None:
        raise Conflict("somebody else was first")


def signed(at: Place, launch_id: str) -> list[str]:
    return [entry.actor for entry in at.ledger.read(launch_id) if isinstance(entry.data, Signed)]


def test_a_command_is_written_down_and_the_launch_returned(at: Place) -> None:
    launch = at.begun()
    after = act(at.world, launch.id, sign(ADA, "qa"))
    assert isinstance(after, Launch)
    assert after == at.launch(launch.id)
    assert signed(at, launch.id) == [ADA.email]


def test_a_refused_try_on_an_item_is_written_down(at: Place) -> None:
    launch = at.begun()
    assert isinstance(act(at.world, launch.id, sign(EVE, "qa")), Refusal)
    last = at.ledger.read(launch.id)[-1]
    assert (last.kind, last.actor) == ("refused", EVE.email)


def test_what_a_door_refused_itself_is_written_down_and_counts_nothing(at: Place) -> None:
    launch = at.begun()
    no = Refusal("this link was used")
    assert refuse(at.world, launch.id, sign(ADA, "qa"), no) is no
    state = at.launch(launch.id).items["qa"]
    assert (at.ledger.read(launch.id)[-1].kind, state.signatures) == ("refused", ())


@pytest.mark.parametrize("command", [Hold(by=ADA, reason="frozen"), sign(ADA, "nothing")])
def test_a_refused_try_on_no_item_is_recorded_of_the_launch(at: Place, command: Hold) -> None:
    launch = at.begun()
    assert isinstance(act(at.world, launch.id, command), Refusal)
    assert [entry.kind for entry in at.ledger.read(launch.id)[launch.seq :]] == ["denied"]
    assert at.launch(launch.id).items == launch.items


def test_a_word_counts_in_the_round_it_was_said_in_only(at: Place) -> None:
    """Somebody else ends the round between the look and the writing."""
    launch = at.begun()
    slow = Slow(at.world.settings.ledger_url)
    slow.meanwhile = lambda: act(at.world, launch.id, sign(BEN, "qa", "request-changes"))
    answer = act(replace(at.world, ledger=slow), launch.id, sign(ADA, "qa"))
    assert answer == Refusal("round 1 of qa is over; it is in round 2 now")
    assert at.launch(launch.id).items["qa"].approvals == {}


def test_a_command_on_a_launch_nobody_started_is_refused(at: Place) -> None:
    assert act(at.world, "acme-9.9.9", sign(ADA, "qa")) == Refusal(
        "no such launch; `tminus list` shows the launches there are"
    )
    assert at.ledger.read("acme-9.9.9") == ()


def test_a_release_that_is_started_again_finds_its_launch(at: Place) -> None:
    launch = at.begun()
    assert begin(at.world, start()) == at.launch(launch.id)


def test_abandoning_twice_adds_nothing(at: Place) -> None:
    launch = at.begun()
    act(at.world, launch.id, Abandon(by=EVE, reason="superseded"))
    once = at.launch(launch.id)
    assert act(at.world, launch.id, Abandon(by=EVE, reason="superseded")) == once == at.launch(launch.id)


def test_a_hundred_starts_of_one_release_make_one_launch(at: Place) -> None:
    with ThreadPoolExecutor(8) as pool:
        launches = list(pool.map(lambda _: begin(at.world, start()), range(100)))
    assert {launch.id for launch in launches if isinstance(launch, Launch)} == {"acme-2.4.0"}
    assert Counter(entry.kind for entry in at.ledger.read("acme-2.4.0")) == {"started": 1}


def test_of_fifty_people_who_race_for_two_places_two_are_counted(at: Place) -> None:
    launch = at.begun()
    crowd = [Actor(f"qa-{number}@example.com", f"QA {number}", ("qa",)) for number in range(50)]
    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(lambda person: act(at.world, launch.id, sign(person, "qa")), crowd))
    told_no = [answer.reason for answer in answers if isinstance(answer, Refusal)]
    assert len(told_no) == 48
    assert all(reason.endswith("could fill is taken; qa waits for others") for reason in told_no)
    assert len(signed(at, launch.id)) == len(at.launch(launch.id).items["qa"].signatures) == 2
    assert at.launch(launch.id).items["qa"].missing == ("1 of security",)
    assert at.ledger.verify(launch.id) is None


def test_one_person_who_clicks_twenty_times_signs_once(at: Place) -> None:
    launch = at.begun()
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda _: act(at.world, launch.id, sign(ADA, "qa")), range(20)))
    assert signed(at, launch.id) == [ADA.email]


def test_the_last_three_signatures_at_once_pass_the_gate_once(at: Place) -> None:
    launch = at.begun()
    with ThreadPoolExecutor(3) as pool:
        list(pool.map(lambda person: act(at.world, launch.id, sign(person, "qa")), (ADA, BEN, CAT)))
    assert Counter(entry.kind for entry in at.ledger.read(launch.id))["passed"] == 1


def test_a_writer_who_never_gets_a_turn_gives_up(at: Place) -> None:
    launch = at.begun()
    crowded = Crowded(at.world.settings.ledger_url)
    with pytest.raises(Conflict, match=f"others kept writing to this launch {TRIES} times"):
        act(replace(at.world, ledger=crowded), launch.id, sign(ADA, "qa"))
    crowded.dispose()


def test_the_index_follows_what_is_written_down(at: Place) -> None:
    launch = at.begun()
    act(at.world, launch.id, Hold(by=EVE, reason="the cloud is down"))
    head = at.ledger.index.find(launch.id)
    assert head is not None and head.summary is not None
    assert (head.summary["status"], head.summary["reason"]) == ("on-hold", "the cloud is down")
    assert head.summary == said_of(at.launch(launch.id), at.clock())["summary"]

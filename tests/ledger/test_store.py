from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import event, text

from checklists.entries import Entry, Resumed
from checklists.errors import LaunchError
from ledger.chain import to_lines, verify_lines
from ledger.store import Conflict, Ledger, Unreadable
from tests.ledger.examples import LAUNCH, NOON, entries, entry
from tests.ledger.racer import ENDED, append_until, killed_in_the_middle, race


def change(ledger: Ledger, statement: str, **values: object) -> None:
    """What somebody with access to the database does behind our back."""
    with ledger.database.writing() as connection:
        connection.execute(text(statement), values)


def kept(ledger: Ledger, count: int, launch_id: str = LAUNCH) -> tuple[Entry, ...]:
    facts = entries(count, launch_id)
    ledger.append(launch_id, facts, 0)
    return facts


def test_what_was_appended_is_read_as_it_was(ledger: Ledger) -> None:
    facts = entries(30)
    ledger.append(LAUNCH, facts[:2], 0)
    ledger.append(LAUNCH, facts[2:], 2)
    assert ledger.read(LAUNCH) == facts
    assert ledger.verify(LAUNCH) is None


def test_a_launch_nobody_started_has_no_entries(ledger: Ledger) -> None:
    assert ledger.read("acme-0.0.1") == ()
    assert ledger.verify("acme-0.0.1") is None


@pytest.mark.parametrize("expected", [0, 1, 3, 7])
def test_appending_to_another_end_than_the_ledger_has_is_a_conflict_and_changes_nothing(
    ledger: Ledger, expected: int
) -> None:
    facts = kept(ledger, 2)
    with pytest.raises(Conflict, match=f"does not end at {expected} any more") as raised:
        ledger.append(LAUNCH, entries(2, first=expected + 1), expected)
    assert isinstance(raised.value, LaunchError)
    assert ledger.read(LAUNCH) == facts


@pytest.mark.parametrize(
    "wrong",
    [
        pytest.param((), id="nothing"),
        pytest.param((entry(2, Resumed()), entry(4, Resumed())), id="a gap"),
        pytest.param((entry(3, Resumed()),), id="a later number"),
        pytest.param((entry(2, Resumed(), "acme-9.0.0"),), id="another launch"),
    ],
)
def test_entries_that_do_not_continue_the_ledger_are_a_mistake_of_the_program(
    ledger: Ledger, wrong: tuple[Entry, ...]
) -> None:
    facts = kept(ledger, 1)
    with pytest.raises(ValueError, match="do not continue"):
        ledger.append(LAUNCH, wrong, 1)
    assert ledger.read(LAUNCH) == facts


def test_a_ledger_begins_with_started(ledger: Ledger) -> None:
    with pytest.raises(ValueError, match="begins with `started`"):
        ledger.append(LAUNCH, [entry(1, Resumed())], 0)
    assert ledger.read(LAUNCH) == ()


def test_threads_that_race_lose_nothing_and_write_nothing_twice(ledger: Ledger) -> None:
    kept(ledger, 1)
    names = [f"writer-{number}@example.com" for number in range(8)]
    with ThreadPoolExecutor(len(names)) as threads:
        list(threads.map(lambda name: append_until(ledger, LAUNCH, name, 10), names))
    actors = [one.actor for one in ledger.read(LAUNCH)[1:]]
    assert sorted(actors) == sorted(names * 10)
    assert ledger.verify(LAUNCH) is None


def test_processes_that_race_lose_nothing_and_write_nothing_twice(ledger: Ledger, database_url: str) -> None:
    kept(ledger, 1)
    race(database_url, LAUNCH, writers=3, times=10)
    actors = [one.actor for one in ledger.read(LAUNCH)[1:]]
    assert sorted(actors) == sorted([f"writer-{number}@example.com" for number in range(3)] * 10)
    assert ledger.verify(LAUNCH) is None


@pytest.mark.parametrize("statement", ["INSERT INTO entries", "UPDATE launches", "COMMIT"])
def test_a_process_killed_in_the_middle_of_an_append_leaves_nothing_of_it(
    ledger: Ledger, database_url: str, statement: str
) -> None:
    facts = kept(ledger, 3)
    killed_in_the_middle(database_url, LAUNCH, statement)
    assert ledger.read(LAUNCH) == facts
    ledger.append(LAUNCH, entries(5, first=4), 3)
    assert ledger.verify(LAUNCH) is None


def test_an_append_that_fails_at_its_end_leaves_nothing_of_it(ledger: Ledger) -> None:
    facts = kept(ledger, 3)

    @event.listens_for(ledger.database.engine, "before_cursor_execute")
    def fail(connection: object, cursor: object, statement: str, *_: object) -> None:
        if statement.startswith("UPDATE launches"):
            raise RuntimeError("the power fails")

    with pytest.raises(RuntimeError):
        ledger.append(LAUNCH, entries(5, first=4), 3)
    assert ledger.read(LAUNCH) == facts


@pytest.mark.parametrize(
    ("statement", "entry_named"),
    [
        ("UPDATE entries SET body = replace(body, 'ada@', 'eve@') WHERE seq = 3", 3),
        ("UPDATE entries SET hash = prev WHERE seq = 2", 2),
        ("UPDATE entries SET prev = hash WHERE seq = 4", 4),
        ("UPDATE entries SET body = '' WHERE seq = 5", 5),
        ("UPDATE entries SET launch_id = 'acme-9.0.0' WHERE seq = 2", 2),
        ("UPDATE entries SET seq = 70 WHERE seq = 2", 2),
        ("DELETE FROM entries WHERE seq = 1", 1),
        ("DELETE FROM entries WHERE seq = 4", 4),
        ("DELETE FROM entries WHERE seq > 4", 5),
        ("DELETE FROM entries", 1),
        ("DELETE FROM launches", 1),
    ],
)
def test_a_change_behind_our_back_is_noticed_and_its_entry_named(
    ledger: Ledger, statement: str, entry_named: int
) -> None:
    kept(ledger, 6)
    change(ledger, statement)
    fault = ledger.verify(LAUNCH)
    assert fault is not None
    assert fault.entry == entry_named


def test_rotten_bytes_are_named_as_an_entry(ledger: Ledger) -> None:
    if ledger.database.url.drivername != "sqlite":
        pytest.skip("PostgreSQL refuses to store bytes that are no text")
    kept(ledger, 3)
    change(ledger, "UPDATE entries SET body = CAST(x'ff00fe' AS TEXT) WHERE seq = 2")
    change(ledger, "UPDATE entries SET body = x'ff00fe' WHERE seq = 3")
    fault = ledger.verify(LAUNCH)
    assert fault is not None
    assert fault.entry == 2


@pytest.mark.parametrize("body", ["", "{", '{"kind": "invented-later"}'])
def test_entries_this_version_cannot_read_are_an_error_that_says_so(ledger: Ledger, body: str) -> None:
    kept(ledger, 3)
    change(ledger, "UPDATE entries SET body = :body WHERE seq = 2", body=body)
    with pytest.raises(Unreadable, match=f"{LAUNCH}: this version of tminus cannot read"):
        ledger.read(LAUNCH)


def test_an_export_of_what_is_stored_verifies(ledger: Ledger) -> None:
    kept(ledger, 20)
    assert verify_lines(to_lines(ledger.sealed(LAUNCH))) is None


def test_launches_are_listed_the_newest_first(ledger: Ledger) -> None:
    kept(ledger, 3, "acme-1.0.0")
    late = [one.model_copy(update={"at": NOON.replace(month=12)}) for one in entries(1, "acme-1.1.0")]
    ledger.append("acme-1.1.0", late, 0)
    assert [head.launch_id for head in ledger.heads()] == ["acme-1.1.0", "acme-1.0.0"]
    head = ledger.heads()[1]
    assert (head.product, head.version, head.seq, head.is_open) == ("acme", "2.4.0", 3, True)
    assert head.hash == ledger.sealed("acme-1.0.0")[-1].hash
    assert (head.started_at, head.updated_at) == (ledger.read("acme-1.0.0")[0].at, ledger.read("acme-1.0.0")[-1].at)


def test_only_an_ended_launch_has_nothing_left_to_do(ledger: Ledger) -> None:
    for launch_id in ("acme-1.0.0", "acme-1.1.0"):
        kept(ledger, 2, launch_id)
    ledger.append("acme-1.0.0", [entry(3, ENDED[0], "acme-1.0.0")], 2)
    assert ledger.open_ids() == ("acme-1.0.0", "acme-1.1.0")
    ledger.append("acme-1.0.0", [entry(4, ENDED[1], "acme-1.0.0")], 3)
    assert ledger.open_ids() == ("acme-1.1.0",)


def test_a_waiting_launch_of_twelve_items_takes_at_most_20_kib(ledger: Ledger) -> None:
    kept(ledger, 14)
    stored = sum(len(one.body.encode()) + len(one.prev) + len(one.hash) for one in ledger.sealed(LAUNCH))
    assert stored <= 20 * 1024

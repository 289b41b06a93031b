"""What the demo says at its end."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from io import StringIO
from pathlib import Path

import pytest
from pydantic import SecretStr
from rich.console import Console

from checklists import entries as e
from checklists.reach import Reach
from deployments.demo.closing import looks, print_looks, print_summary, program, summary
from tasks.announcements.reaching import Told
from tasks.settings import Settings
from tests.checklists.launches import NOW
from tests.deployments.demo.test_people import launch_of, played

LAUNCH, _ = played(launch_of("saas-feature"))


def signed(by: str, item: str, via: e.Via, decision: e.Decision = "approve") -> e.Entry:
    return entry(e.Signed(item=item, round=1, decision=decision, name=by.title(), roles=("qa",), via=via), by)


def entry(data: e.Data, actor: str = "tminus") -> e.Entry:
    return e.Entry(launch_id=LAUNCH.id, seq=1, at=NOW, actor=actor, data=data)


def told(entries: Sequence[e.Entry] = (), reached: Sequence[Told] = ()) -> list[str]:
    return [f"{word}: {text}" for word, text in summary(LAUNCH, entries, reached, 21.4)]


def test_it_counts_items_seconds_people_and_doors() -> None:
    entries = [signed("ada", "go", "form"), signed("ben", "qa-signoff", "command"), signed("ben", "go", "command")]
    assert told(entries) == [
        "launched: 12 of 12 items ended, 21 s from the tag to the last",
        "signed: 3 times by 2 people: 1 in Prefect's form, 2 by command",
    ]


def test_what_was_sent_back_and_what_was_checked_are_told_with_their_outcome() -> None:
    entries = [
        entry(e.Reopened(item="docs-review", round=2, question="add a page")),
        entry(e.Failed(item="docs-live", round=1, summary="1 problem")),
        entry(e.Passed(item="docs-live", round=2, summary="3 links answered")),
        entry(e.Passed(item="go", round=1, summary="1 signed")),
    ]
    assert told(entries)[2:] == [
        "sent back: Docs are right: “add a page”; passed in round 2",
        "checked: Docs are live: 1 problem",
        "checked: Docs are live: 3 links answered",
    ]


def test_only_who_was_told_is_counted_by_announcement_and_channel() -> None:
    company = (
        Reach(channel="email", audience=3, handed_over=2, unknown=1),
        Reach(channel="slack", audience=1, handed_over=1),
    )
    gone = {"bounced": 2, "unsubscribed": 24}
    customers = (
        Reach(channel="email", audience=1_026, handed_over=1_000, excluded=gone),
        Reach(channel="feed", audience=1),
    )
    reached = [
        Told("announce-internal", "Tell the company", "passed", company),
        Told("announce-customers", "Tell our customers", "passed", customers),
        Told("announce-partners", "Tell our partners", "waiting", (Reach(channel="email", audience=1),)),
    ]
    assert told(reached=reached)[2:] == [
        "told: Tell the company: 2 by email, 1 by slack",
        "told: Tell our customers: 1,000 by email (26 left out: 2 bounced before, 24 unsubscribed)",
    ]


def settings(home: Path, database: str | None = None) -> Settings:
    return Settings(_env_file=None, home=home, database_url=SecretStr(database) if database else None)


def test_the_command_is_printed_as_it_works_in_this_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "bin").mkdir()
    (tmp_path / "bin" / "tminus").touch(0o755)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(sys, "executable", str(tmp_path / "bin" / "python"))
    monkeypatch.setenv("PATH", "")
    assert program(settings(Path(".tminus"))) == "bin/tminus"
    assert program(settings(tmp_path / "my home")) == f"TMINUS_HOME='{tmp_path}/my home' bin/tminus"
    assert program(settings(Path(".tminus"), "sqlite:///x")) == "TMINUS_DATABASE_URL= bin/tminus"
    monkeypatch.setenv("PATH", str(tmp_path / "bin"))
    assert program(settings(Path(".tminus"))) == "tminus"
    (tmp_path / "bin" / "tminus").unlink()
    assert program(settings(Path(".tminus"))).endswith("bin/python -m deployments.command")


def test_addresses_are_named_only_while_they_answer(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    up, down = (
        dict(looks(LAUNCH, settings(Path(".tminus")), "http://ui", "http://web", stays=stays))
        for stays in (True, False)
    )
    assert (up["launch"], up["outbox"]) == ("http://ui/runs/flow-run/launch-run", "http://web/outbox")
    assert "up, then http://127.0.0.1:4200/runs/flow-run/launch-run" in down["launch"]
    assert down["outbox"] == ".tminus/outbox"
    assert down["play"].startswith("source .tminus/demo/settings.sh ")


def test_an_address_is_never_broken_and_a_word_is_said_once() -> None:
    out = StringIO()
    long = "http://127.0.0.1:4200/runs/flow-run/906140e0-450d-4489-b8a0-d860667a5a09"
    print_looks(Console(file=out, width=60), [("launch", long), ("look", "one"), ("look", "two")])
    assert out.getvalue().splitlines() == [f"launch  {long}", "look    one", "        two"]


def test_a_long_row_goes_on_in_its_column() -> None:
    out = StringIO()
    print_summary(Console(file=out, width=30), "Done", [("sent back", "word " * 6), ("told", "all")])
    lines = [line.rstrip() for line in out.getvalue().splitlines()]
    assert lines == ["Done", "sent back  word word word word", "           word word", "told       all"]

"""How simulated people act: by form with a peer in Prefect's place, by command with the real command."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest

from deployments.demo.doors import TRIES, Doors, NotAllowed, command
from deployments.demo.people import Act
from tests.deployments.demo.test_people import launch_of
from tests.peers.peer import DROP, Answer, Peer, Received

BY_FORM = Act("ben@example.com", "qa-signoff", 1, "approve", number=1)
BY_COMMAND = Act("eva@example.com", "release-notes", 1, "approve", comment="fine", evidence=("notes",))


class Prefect(Peer):
    """Resumes flow runs. Modes: the status it answers with, busy, drop."""

    def reply(self, mode: str, request: Received) -> Answer:
        if mode in ("busy", "drop"):
            return DROP if mode == "drop" else Answer(503)
        return Answer(200, json.dumps({"status": mode}).encode(), {"Content-Type": "application/json"})


@pytest.fixture
def prefect() -> Iterator[Prefect]:
    with Prefect() as peer:
        yield peer


@pytest.fixture
def said() -> list[str]:
    return []


@pytest.fixture
def doors(prefect: Prefect, said: list[str]) -> Iterator[Doors]:
    with closing(Doors(prefect.host, "http://127.0.0.1:1", Path("nowhere"), said.append)) as made:
        yield made


@pytest.mark.parametrize("mode", ["ACCEPT", "ABORT"])
def test_a_form_is_answered_once_with_what_its_fields_ask(doors: Doors, prefect: Prefect, mode: str) -> None:
    prefect.answer(mode)
    for _ in range(3):
        doors.take(launch_of("saas-feature"), BY_FORM)
    (request,) = prefect.received
    assert request.path == "/flow_runs/qa-signoff-1/resume"
    assert request.body == {"run_input": {"signed_by": "ben@example.com", "decision": "approve", "comment": ""}}


@pytest.mark.parametrize("mode", ["REJECT", "busy", "drop"])
def test_a_form_that_was_not_taken_is_answered_again(doors: Doors, prefect: Prefect, mode: str) -> None:
    prefect.answer(mode, "ACCEPT")
    for _ in range(3):
        doors.take(launch_of("saas-feature"), BY_FORM)
    assert len(prefect.received) == 2


def test_a_form_that_is_not_open_yet_is_left_alone(doors: Doors, prefect: Prefect) -> None:
    launch = launch_of("saas-feature")
    closed = replace(launch.items["qa-signoff"], run=None)
    doors.take(replace(launch, items={**launch.items, "qa-signoff": closed}), BY_FORM)
    assert prefect.received == []


@pytest.mark.parametrize(
    ("act", "words"),
    [
        (
            BY_COMMAND,
            "sign acme-2.4.0 release-notes --as eva@example.com --approve --comment fine "
            "--evidence notes=http://127.0.0.1:1/notes.html",
        ),
        (
            Act("eva@example.com", "docs-review", 1, "request-changes", comment="no"),
            "sign acme-2.4.0 docs-review --as eva@example.com --request-changes --comment no",
        ),
        (Act("ada@example.com", "review", 1, "complete"), "complete acme-2.4.0 review --as ada@example.com"),
        (Act("eva@example.com", "docs-live", 1, "rerun"), "rerun acme-2.4.0 docs-live --as eva@example.com"),
    ],
)
def test_the_command_says_what_is_to_happen(act: Act, words: str) -> None:
    assert " ".join(command("acme-2.4.0", act, "http://127.0.0.1:1")) == words


@pytest.mark.slow
def test_who_is_refused_again_and_again_is_named_with_the_reason(
    doors: Doors, said: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TMINUS_HOME", str(tmp_path))
    until = time.monotonic() + 120
    with pytest.raises(NotAllowed, match=r"eva@example.com could not approve release-notes: .+"):
        while time.monotonic() < until:
            doors.take(launch_of("saas-feature"), BY_COMMAND)
            doors.look()
            time.sleep(0.05)
    assert len(said) == TRIES


def test_no_command_is_left_behind(prefect: Prefect) -> None:
    doors = Doors(prefect.host, "http://127.0.0.1:1", Path("nowhere"), print)
    doors.take(launch_of("saas-feature"), BY_COMMAND)
    (process,) = doors._commands.values()
    doors.close()
    assert process.poll() is not None

"""Schemathesis sends what the description allows, and what it does not: every answer is one that is described."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import schemathesis
from schemathesis.config import SchemathesisConfig
from schemathesis.engine import events, from_schema

from tasks.people.tokens import create_token
from tests.tasks.people.mailed import with_settings
from tests.tasks.worlds import place
from tests.web.api.room import ALL, EVE
from web.app import app

EXAMPLES = 6
"""Of each kind, for each address; the seed is fixed, so that a run looks for the same things as the one before."""


@pytest.mark.slow
@pytest.mark.filterwarnings("default")
def test_every_answer_is_as_described(tmp_path: Path) -> None:
    found = "\n".join(sorted(findings(tmp_path)))
    assert not found, found


def findings(folder: Path) -> Iterator[str]:
    at = place(folder)
    at.begun()
    token = create_token(at.world, EVE, ALL)
    config = SchemathesisConfig.from_dict(
        {
            "seed": 77,
            "headers": {"Authorization": f"Bearer {token}"},
            "generation": {"deterministic": True, "max-examples": EXAMPLES},
        }
    )
    schema = schemathesis.openapi.from_asgi(
        "/api/openapi.json", app(with_settings(at.world, identity="verified")), config=config
    )
    answers = 0
    for event in from_schema(schema).execute():
        if isinstance(event, events.NonFatalError | events.FatalError):
            yield f"{event}"
        if isinstance(event, events.ScenarioFinished):
            answers += len(event.recorder.interactions)
            yield from _failures(event.recorder)
    assert answers > 500
    at.ledger.dispose()


def _failures(recorder: Any) -> Iterator[str]:
    for id_, checks in recorder.checks.items():
        failed = [one.failure_info.failure for one in checks if one.failure_info]
        for failure in failed:
            sent, said = recorder.interactions[id_].request, recorder.interactions[id_].response
            if not _is_meant(failure.title, said.json() if said.status_code == 422 else {}):
                yield f"{sent.method} {sent.uri} {sent.body!r}: {failure.title}: {failure.message}"


def _is_meant(title: str, answer: dict[str, Any]) -> bool:
    """What no description can say: a key is for one request, and only we make cursors."""
    made_up = answer.get("type") == "/api/problems/key-reused" or str(answer.get("detail", "")).startswith("cursor: ")
    return title == "Schema-valid request rejected" and made_up

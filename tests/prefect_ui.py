"""What people do and see in the Prefect UI, done through the same API; and `until`, which waits for it."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from functools import cached_property
from typing import Any, TypeVar

import httpx

PATIENCE = 120.0  # seconds until a test gives up on what has to happen; a busy machine takes forty at times
Found = TypeVar("Found")


def until(look: Callable[[], Found | None], seconds: float = PATIENCE) -> Found:
    """What `look` finds, as soon as it is something."""
    end = time.monotonic() + seconds
    while not (found := look()):
        assert time.monotonic() < end, f"nothing after {seconds} s; the last look found {found!r}"
        time.sleep(0.1)
    return found


class PrefectUI:
    """A browser's view of the server at `url`."""

    @property
    def url(self) -> str:
        raise NotImplementedError

    @cached_property
    def api(self) -> httpx.Client:
        return httpx.Client(base_url=self.url, timeout=30)

    def call(self, method: str, path: str, body: object = None) -> Any:
        """The server's answer, as the UI gets it; SQLite is asked again where it is busy."""
        for _ in range(20):
            answer = self.api.request(method, path, json=body)
            if answer.status_code != httpx.codes.SERVICE_UNAVAILABLE:
                break
            time.sleep(0.2)
        answer.raise_for_status()
        return answer.json() if answer.content else None

    def get(self, path: str) -> Any:
        return self.call("GET", path)

    def runs(self, **filters: Any) -> list[dict[str, Any]]:
        """Flow runs that carry these tags or have this name, the oldest first."""
        chosen = {name: {"all_": value} if name == "tags" else {"any_": [value]} for name, value in filters.items()}
        found: list[dict[str, Any]] = self.call("POST", "/flow_runs/filter", {"flow_runs": chosen, "limit": 200})
        return sorted(found, key=lambda run: str(run["created"]))

    def run(self, run_id: str | None) -> dict[str, Any]:
        found: dict[str, Any] = self.get(f"/flow_runs/{run_id}")
        return found

    def resume(self, run_id: str, answer: Mapping[str, object] | None = None) -> dict[str, Any]:
        """The Resume button with its form filled in."""
        body = {} if answer is None else {"run_input": answer}
        try:
            given: dict[str, Any] = self.call("POST", f"/flow_runs/{run_id}/resume", body)
        except httpx.HTTPStatusError as error:
            assert error.response.status_code == httpx.codes.CONFLICT, error.response.text
            return {"status": "CONFLICT"}  # somebody else was a moment earlier
        return given

    def states(self, run_id: str) -> list[str]:
        """The names of all states a run has been in."""
        return [state["name"] for state in self.get(f"/flow_run_states/?flow_run_id={run_id}")]

    def set_state(self, run_id: str, type_: str) -> None:
        """The "change state" dialog of a run, with the box that forces it."""
        due = {"state_details": {"scheduled_time": datetime.now(UTC).isoformat()}} if type_ == "SCHEDULED" else {}
        self.call("POST", f"/flow_runs/{run_id}/set_state", {"state": {"type": type_, **due}, "force": True})

    def input(self, run_id: str, key: str) -> Any:
        """What stands with a run's form: its schema, description or response."""
        for found in self.call("POST", f"/flow_runs/{run_id}/input/filter", {"prefix": "", "limit": 50}):
            if str(found["key"]).endswith(key):
                return found["value"] if isinstance(found["value"], dict) else json.loads(found["value"])
        return None

    def artifacts(self, run_id: str) -> dict[str, Any]:
        """What hangs on a run, by kind."""
        chosen = {"artifacts": {"flow_run_id": {"any_": [run_id]}}}
        return {found["type"]: _data(found["data"]) for found in self.call("POST", "/artifacts/filter", chosen)}


def over(run: dict[str, Any]) -> dict[str, Any] | None:
    """The run, where it has come to its end."""
    return run if run["state"]["type"] in ("COMPLETED", "CANCELLED", "FAILED", "CRASHED") else None


def _data(value: Any) -> Any:
    """Tables are kept as text."""
    return json.loads(value) if isinstance(value, str) and value.startswith("[") else value

"""Prefect's artifacts: the tables, progress bars and reports a launch shows beside its flow run."""

from __future__ import annotations

import json
from typing import Any

import httpx

from tasks.boards.prefect_api import talking


def make_artifact(run_id: str, key: str, kind: str, data: object, description: str) -> str:
    """The new artifact's id. By hand: the client's own call sends an event besides, which every command waits for."""
    made = {"key": key, "type": kind, "data": _data(data), "description": description, "flow_run_id": run_id}
    with talking() as api:
        return str(api.request("POST", "/artifacts/", json=made).json()["id"])


def update_artifact(artifact_id: str, data: object) -> None:
    """Show something else in it; one that was deleted in the UI stays deleted."""
    with talking() as api:
        try:
            api.request("PATCH", "/artifacts/{id}", path_params={"id": artifact_id}, json={"data": _data(data)})
        except httpx.HTTPStatusError as error:
            if error.response.status_code != httpx.codes.NOT_FOUND:
                raise


def _data(value: object) -> Any:
    return json.dumps(value) if isinstance(value, list) else value

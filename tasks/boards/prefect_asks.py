"""How a question waits in Prefect: a suspended flow run with its Resume form and the description on top of it."""

from __future__ import annotations

import json
from contextlib import suppress
from functools import cache
from typing import Any
from uuid import UUID

import httpx
from prefect.client.schemas.objects import State
from prefect.exceptions import ObjectNotFound
from prefect.input.run_input import keyset_from_paused_state
from prefect.states import Suspended

from checklists.entries import Form
from tasks.boards.forms import FORMS
from tasks.boards.prefect_api import talking
from tasks.settings import Identity


def suspended(number: int) -> State[Any]:
    """Suspended without end: no timeout, so it never expires by itself."""
    state: State[Any] = Suspended(pause_key=f"ask-{number}")
    state.state_details.run_input_keyset = {**keyset_from_paused_state(state)}  # type: ignore[dict-item]
    return state


def ask(run_id: str, number: int, form: Form, identity: Identity, description: str) -> None:
    """Hang the form and its description on a suspended run; what hangs there already stays."""
    keys = _keys(number)
    _write(run_id, keys["schema"], _schema(form, identity))
    _write(run_id, keys["description"], description)


def describe(run_id: str, number: int, description: str) -> None:
    """Put another description on top of a form that waits."""
    key = _keys(number)["description"]
    _delete(run_id, key)
    with suppress(ObjectNotFound):
        _write(run_id, key, description)


def answer(run_id: str, number: int) -> object:
    """What was typed into the form, None where nothing was. Untrusted."""
    return _read(run_id, _keys(number)["response"])


def shown(run_id: str, number: int) -> str:
    """The description on top of the form, empty where there is none."""
    return str(_read(run_id, _keys(number)["description"]) or "")


def forget(run_id: str, number: int) -> None:
    """Delete what was typed into the form."""
    _delete(run_id, _keys(number)["response"])


def _delete(run_id: str, key: str) -> None:
    with talking() as api, suppress(ObjectNotFound, httpx.HTTPStatusError):
        api.delete_flow_run_input(UUID(run_id), key)


def _read(run_id: str, key: str) -> object:
    with talking() as api:
        try:
            return json.loads(api.read_flow_run_input(UUID(run_id), key) or "null")
        except httpx.HTTPStatusError as error:
            if error.response.status_code != httpx.codes.NOT_FOUND:
                raise
            return None


@cache
def _keys(number: int) -> dict[str, str]:
    return {**keyset_from_paused_state(suspended(number))}  # type: ignore[dict-item]


@cache
def _schema(form: Form, identity: Identity) -> dict[str, Any]:
    from prefect._internal.pydantic.v2_schema import create_v2_schema  # what RunInput.save stores

    model = FORMS[identity][form]
    return create_v2_schema(model.__name__, model_base=model)


def _write(run_id: str, key: str, value: object) -> None:
    with talking() as api:
        try:
            api.create_flow_run_input(UUID(run_id), key=key, value=json.dumps(value))
        except httpx.HTTPStatusError as error:
            if error.response.status_code != httpx.codes.CONFLICT:
                raise

"""Tells Prefect that a release was tagged. What gets lost on the way, the patrol starts from its receipt."""

from __future__ import annotations

import logging
from datetime import UTC, datetime
from functools import cache
from typing import Any
from uuid import NAMESPACE_URL, uuid5

from httpx import HTTPError
from prefect.context import SettingsContext, get_settings_context
from prefect.settings import PREFECT_CLIENT_MAX_RETRIES

from checklists.errors import LaunchError
from checklists.request import LaunchRequest
from tasks.boards.prefect_api import talking
from templates.words import one_line

TAGGED = "tminus.release.tagged"
PATIENCE = 5  # seconds
log = logging.getLogger(__name__)


def announce_release(request: LaunchRequest, release_key: str) -> bool:
    """Whether Prefect took the event. One release has one event id: sent again, it starts nothing again."""
    try:
        with talking() as api, _impatient().model_copy():
            api.request("POST", "/events", json=[_event(request, release_key)], timeout=PATIENCE)
    except (LaunchError, HTTPError, ValueError) as error:  # ValueError: something else than Prefect answers there
        said = one_line(error, 300)
        log.warning("%s: the event is lost, the patrol will start the launch: %s", release_key, said)
        return False
    return True


@cache
def _impatient() -> SettingsContext:
    """One retry: Prefect's client would go on for a minute, and the patrol comes sooner. Made once; it takes 25 ms."""
    current = get_settings_context()
    settings = current.settings.copy_with_update(updates={PREFECT_CLIENT_MAX_RETRIES: 1})
    return SettingsContext(profile=current.profile, settings=settings)


def _event(request: LaunchRequest, release_key: str) -> dict[str, Any]:
    asked = request.model_copy(update={"receipt": release_key}).model_dump(mode="json", exclude_none=True)
    return {
        "id": str(uuid5(NAMESPACE_URL, release_key)),
        "occurred": datetime.now(UTC).isoformat(),
        "event": TAGGED,
        "resource": {"prefect.resource.id": f"tminus.product.{request.product}"},
        "payload": {"request": asked},
    }

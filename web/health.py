"""Two questions of a load balancer: is the process alive, and can it do its work."""

from __future__ import annotations

import logging

import httpx
from fastapi import APIRouter
from fastapi.responses import JSONResponse
from prefect.settings import PREFECT_API_URL
from sqlalchemy import select

from checklists.errors import Unreachable
from ledger.columns import metadata
from tasks.world import World

LOOKS = ["GET", "HEAD"]
PATIENCE = 2  # seconds
log = logging.getLogger(__name__)


def router(world: World) -> APIRouter:
    made = APIRouter()

    @made.api_route("/healthz", methods=LOOKS)
    async def alive() -> JSONResponse:
        return JSONResponse({"status": "alive"})

    @made.api_route("/readyz", methods=LOOKS)
    def ready() -> JSONResponse:
        """Not ready only without the ledger: receipts are kept, and signed, while Prefect is away."""
        kept, runs = has_ledger(world), has_prefect()
        said = {"ledger": "ready" if kept else "away", "prefect": "ready" if runs else "away"}
        return JSONResponse(said, status_code=200 if kept else 503)

    return made


def has_ledger(world: World) -> bool:
    """Whether the database answers and has every table and column of this version."""
    try:
        with world.ledger.database.reading() as connection:
            for table in metadata.sorted_tables:
                connection.execute(select(table).limit(0))
    except Unreachable as error:
        log.warning("not ready: %s", error)
        return False
    return True


def has_prefect() -> bool:
    """Whether the Prefect server says that it is well."""
    url = PREFECT_API_URL.value()
    try:
        return bool(url) and httpx.get(f"{url}/health", timeout=PATIENCE).is_success
    except httpx.HTTPError:
        return False

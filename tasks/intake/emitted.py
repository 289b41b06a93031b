"""What an event of Prefect tells of a release: the payload of `POST /webhooks/release`, taken as strictly."""

from __future__ import annotations

import json
from hashlib import sha256
from typing import Any

from pydantic import ValidationError

from checklists.decide import Refusal
from tasks.events import announce_release
from tasks.intake.asking import Ignored
from tasks.intake.following import follow
from tasks.intake.receiving import keep
from tasks.intake.release import told
from tasks.world import World
from templates.words import one_line

PUBLISHED = "tminus.release.published"
PRODUCT = "tminus.product."
"""What the resource id of the event begins with; the product's name follows."""
LONGEST = 1_000_000


def take(world: World, payload: dict[str, Any], resource: str, event: str) -> str | Refusal:
    """What follows, in a sentence, or what is wrong. What has to be done is done, or kept for the patrol."""
    try:
        found = told(_whole(payload, resource))
    except (ValidationError, ValueError, TypeError, RecursionError) as error:
        return Refusal(f"the event's payload is not that of docs/releases.md: {_wrong(error)}; no launch was started")
    mark = sha256(event.encode(errors="replace")).hexdigest()[:32]
    kept = keep(world, found, "event", "event", mark)
    if isinstance(kept.launch, Ignored):
        return kept.launch.reason if kept.launch.is_meant else Refusal(kept.launch.reason)
    if kept.news:
        announce_release(kept.news, found.release_key)
    return (kept.follow and follow(world, kept.follow)) or f"{kept.launch}: {'starts' if kept.news else 'is known'}"


def _whole(payload: dict[str, Any], resource: str) -> bytes:
    """The payload as JSON, with the product that the event's resource names. Raises ValueError for two products."""
    product = resource.removeprefix(PRODUCT) if resource.startswith(PRODUCT) else None
    if product and payload.get("product", product) != product:
        raise ValueError(f"product: the event is about {product}")
    whole = json.dumps({**payload, "product": product} if product else payload, allow_nan=False).encode()
    if len(whole) > LONGEST:
        raise ValueError(f"it has {len(whole)} bytes, and {LONGEST} is the most")
    return whole


def _wrong(error: Exception) -> str:
    if not isinstance(error, ValidationError):
        return one_line(error, 300)
    found = error.errors(include_url=False, include_input=False, include_context=False)
    return one_line("; ".join(f"{'.'.join(map(str, one['loc'])) or 'payload'}: {one['msg']}" for one in found[:5]), 600)

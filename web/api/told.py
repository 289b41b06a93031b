"""What the description of the API says beside its addresses: problems, tags, and how to begin."""

from __future__ import annotations

from typing import Any

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi

from web.api.problems import MEDIA
from web.api.shapes import ProblemShape

PROBLEM = "#/components/schemas/Problem"
SAID = {
    400: "The request could not be read.",
    401: "No token, or one that is not known, was revoked, or has expired.",
    403: "The token lacks the scope, or the person may not do this.",
    404: "There is nothing of this name.",
    409: "It cannot be done as things stand; `detail` says why, and what to do.",
    413: "The body is too long.",
    415: "The body is not JSON.",
    422: "A field is missing, unknown, or not valid; `errors` names each.",
    503: "The database does not answer; `Retry-After` says when to try again.",
}
PROBLEMS: dict[int | str, dict[str, Any]] = {
    status: {"description": said, "content": {MEDIA: {"schema": {"$ref": PROBLEM}}}} for status, said in SAID.items()
}
TAGS = [
    {"name": "launches", "description": "Start launches, find them, read what happened to them."},
    {"name": "items", "description": "Give your word on an item: sign, complete, waive, run again, add evidence."},
    {"name": "steering", "description": "Hold, resume, reschedule, retag and abandon a launch."},
    {"name": "people", "description": "Who you are, your tokens, and who signs for whom."},
    {"name": "subscribers", "description": "People outside who hear of launches, and who is in an audience."},
    {"name": "checklists", "description": "The checklists there are, and whether one of yours is valid."},
]
ABOUT = """\
Everything the command `tminus` does, for programs.

**Begin** with a token: `tminus token create --as you@example.com --scope read --scope sign`. Send it with every
request: `Authorization: Bearer tm_…`. `GET /api/me` says who you are then.

**Errors** are `application/problem+json` (RFC 9457). `detail` is a sentence for a person. A rule that says no is a 409,
or a 403 where it is about who you are.

**Sending again** is safe with the header `Idempotency-Key` (a UUID, say): the same request with the same key is done
once, and answered with the same answer for 24 hours. After a 503, send it again with the same key.

**Pages**: where an answer has `next`, pass it as `cursor` to get what follows; null is the end.
"""
KEY = {
    "name": "Idempotency-Key",
    "in": "header",
    "required": False,
    "description": "The same key with the same body is done once; the first answer is given again for 24 hours.",
    "schema": {"type": "string", "pattern": r"^[!-~]{1,200}$"},
    "example": "5c8f0f38-0f7e-11ef-9d4b-6c2b59ffb2a1",
}


def described(app: FastAPI, version: str) -> dict[str, Any]:
    """The description, OpenAPI 3.1."""
    made = get_openapi(
        title="tminus",
        version=version,
        summary="Product launches: gated checklists, real sign-offs, announcements that leave once.",
        description=ABOUT,
        tags=TAGS,
        servers=[{"url": "/api"}],
        routes=app.routes,
    )
    for path in made["paths"].values():
        if "post" in path:
            path["post"].setdefault("parameters", []).append(KEY)
    schemas = made["components"]["schemas"]
    schemas["Problem"] = ProblemShape.model_json_schema()
    made["components"]["schemas"] = dict(sorted(schemas.items()))
    return made

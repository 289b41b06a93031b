"""Through which door somebody's word came in, and how it was made sure who they are."""

from __future__ import annotations

from checklists import entries as e

DOORS = {
    "command": "by command",
    "form": "in the Prefect form",
    "link": "by link",
    "page": "on the sign-off page",
    "api": "over the API",
    "webhook": "by webhook",
    "prefect": "in the Prefect UI",
    "tminus": "by itself",
}
PROOFS = {
    "asserted": "unverified",
    "link": "known by their link",
    "code": "known by their code",
    "token": "known by their token",
    "proxy": "known by the sign-in before it",
    "command": "at tminus's own machine",
    "tminus": "",
}
GO_WITHOUT_SAYING = {("link", "link"), ("page", "proxy"), ("api", "token")}


def by_door(data: e.Said) -> str:
    """`in the Prefect form`."""
    return DOORS[data.via]


def came_in(data: e.Said) -> str:
    """`in the Prefect form, known by their code, from 203.0.113.9`."""
    proof = "" if (data.via, data.proof) in GO_WITHOUT_SAYING else PROOFS[data.proof]
    address = f"from {data.address}" if data.address else ""
    return ", ".join(part for part in (by_door(data), proof, address) if part)

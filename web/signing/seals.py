"""What a form was shown with, sealed: nobody else can make one, and it tells when something has changed since."""

from __future__ import annotations

import hashlib
import hmac
from dataclasses import dataclass
from typing import Any

import rfc8785

from checklists.due import wanted
from checklists.launch import Launch
from tasks.people.links import signed
from tasks.world import World
from web.signing.visitor import Visitor


@dataclass(frozen=True, slots=True)
class Shown:
    """The length of the record when the page was made, and the hash of what is signed."""

    seen: int
    digest: str

    def sealed(self, world: World, visitor: Visitor) -> str:
        """A code over door, item and what was shown; without the secret key nobody makes one."""
        return signed(world, "form", visitor.door, visitor.launch_id, visitor.item, self.seen, self.digest).hex()

    def is_sealed(self, world: World, visitor: Visitor, seal: str) -> bool:
        return hmac.compare_digest(self.sealed(world, visitor).encode(), seal.encode(errors="replace"))


def shown(launch: Launch, key: str) -> Shown:
    """The round, what is asked, what the signature is bound to, and every piece of evidence."""
    state = launch.items[key]
    said: dict[str, Any] = {
        "launch": launch.id,
        "item": key,
        "round": state.round,
        "form": wanted(state, launch),
        "content": launch.bound_content(key),
        "question": state.question,
        "evidence": {name: [one.url, one.piece.sha256] for name, one in state.evidence.items()},
    }
    return Shown(launch.seq, hashlib.sha256(rfc8785.dumps(said)).hexdigest())

"""Notes on somebody's desk: whose, of which launch, for which audience, and whether they may write there."""

from __future__ import annotations

import hmac
from dataclasses import dataclass, field
from typing import Any

from checklists.decide import Refusal, decide
from checklists.launch import ItemState, Launch
from checklists.notes.change import Audience
from checklists.people import Actor
from ledger.unsaved import Unsaved
from tasks.notes.editing import base_of, tidy, unjudged
from tasks.people.links import signed, standing, token_of
from tasks.world import World
from web.signing.visitor import Visitor


@dataclass(frozen=True, slots=True)
class Desk:
    """One look at the notes for an audience; `words` are those in the editor, where they are not the saved ones."""

    world: World
    launch: Launch
    visitor: Visitor
    state: ItemState
    audience: Audience
    words: str | None = None
    email: str = ""
    problems: dict[str, str] = field(default_factory=dict)

    @property
    def saved(self) -> str:
        there = self.state.wordings.get(self.audience)
        return there.words if there else ""

    @property
    def base(self) -> str:
        return base_of(self.state, self.audience)

    @property
    def by(self) -> Actor:
        """Who they are; where the form asks for that, whoever they say."""
        return self.visitor.actor or self.world.person(self.email)

    @property
    def path(self) -> str:
        """Where the page is, without the audience."""
        visitor = self.visitor
        if visitor.link:
            return f"/notes/{token_of(self.world, visitor.link)}"
        return f"/launches/{visitor.launch_id}/{visitor.item}/notes"

    @property
    def unsaved(self) -> Unsaved | None:
        """What this person has written and not saved, where it differs from what is saved."""
        if not self.by.is_known:
            return None
        kept = self.world.ledger.unsaved.find(self.launch.id, self.state.key, self.audience, self.by.email)
        return kept if kept and tidy(kept.words) != self.saved else None

    def seal(self, base: str) -> str:
        """A code over door, notes and the words they began with; without the secret key nobody makes one."""
        about = (self.visitor.door, self.launch.id, self.state.key, self.audience, base)
        return signed(self.world, "notes form", *about).hex()

    def is_sealed(self, base: str, seal: str) -> bool:
        return hmac.compare_digest(self.seal(base).encode(), seal.encode(errors="replace"))

    @property
    def said(self) -> dict[str, Any]:
        """What the record says of how their words came in."""
        return {"by": self.by, "via": self.visitor.via, "address": self.visitor.address}


def shut(desk: Desk) -> str:
    """Why this link opens no notes any more; empty where it does, and where there is none.

    Its round may be over and its item may have ended: words are written until the launch is over.
    """
    link = desk.visitor.link
    if link is None:
        return ""
    if not desk.world.person(link.person).is_known:
        return "you are not a person of this organisation any more"
    now = max(filter(None, (desk.world.now(), desk.launch.updated_at)))
    if link.expires_at <= now:
        again = f"`tminus ask {desk.launch.id} {link.item}`"
        return f"this link expired on {link.expires_at:%d %b %Y %H:%M} UTC; {again} mails a new one"
    return ""


def barred(desk: Desk) -> str:
    """Why this person cannot save anything here; empty where they can, or have still to say who they are."""
    if desk.visitor.actor is None and not desk.email:
        return f"{desk.launch.name} is {desk.launch.status}" if desk.launch.is_over else ""
    if desk.visitor.asks_code and desk.visitor.link and (why := standing(desk.world, desk.visitor.link, desk.launch)):
        return why  # its code cannot be checked any more
    answer = decide(desk.launch, unjudged(desk.state, desk.audience, desk.saved, **desk.said), desk.world.now())
    return answer.reason if isinstance(answer, Refusal) else ""

"""Personal codes: eight signs that say who fills in a form. Bound like the link they are mailed with."""

from __future__ import annotations

import hmac
from typing import Any

from checklists.commands import Actor, WrongCode
from checklists.launch import Launch
from checklists.rules.proving import told_of_wrong
from checklists.rules.refusal import Refusal
from ledger.links import Link
from tasks.act import act
from tasks.people.links import signed
from tasks.world import World

ALPHABET = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"  # without 0 and O, 1, I and L
LENGTH = 8
NOBODY = Actor("nobody", proof="code")


def code_of(world: World, link: Link) -> str:
    """The code that goes out with this mailing of the link; the next mailing has another one."""
    number = int.from_bytes(signed(world, "code", link.id, link.mailing))
    signs = []
    for _ in range(LENGTH):
        number, place = divmod(number, len(ALPHABET))
        signs.append(ALPHABET[place])
    return "".join(signs)


def plain(code: str) -> str:
    """A code as it was made, however people write it: in small letters, in groups, with dashes."""
    return "".join(code.split()).replace("-", "").upper()


def link_of_code(world: World, launch: Launch, item: str, code: str) -> Link | None:
    """The link this code came with, in the item's round and latest mailing; None for any other text.

    Every code that could be meant is compared, to its end: how long it takes tells nothing about any of them.
    """
    state, typed, found = launch.items[item], plain(code).encode(errors="replace"), None
    for link in world.ledger.links.of(launch.id, item, state.round):
        is_it = hmac.compare_digest(code_of(world, link).encode(), typed)
        if is_it and link.mailing == state.mailing:
            found = link
    return found


def count_wrong_code(world: World, launch_id: str, item: str, *, by: Actor = NOBODY, **of: Any) -> Refusal:
    """Count a code that is nobody's, or not theirs where `by` is known; what to tell whoever typed it.

    `of` says through which door it came, and for which form: what a command on an item says.
    """
    answer = act(world, launch_id, WrongCode(by=by, item=item, **of))
    if isinstance(answer, Refusal):
        return answer
    state = answer.items[item]
    return Refusal(told_of_wrong(answer, state, state.wrong_codes))


def whose_code(world: World, launch: Launch, item: str, code: str) -> str | None:
    """Whose code it is, by mail address."""
    link = link_of_code(world, launch, item, code)
    return link.person if link else None

"""The command on personal links to the change channel."""

from __future__ import annotations

from typing import Annotated

from cyclopts import Parameter

from deployments.answers import No
from deployments.wiring import reach


def reader(email: str, *, revoke: Annotated[bool, Parameter(negative=())] = False) -> None:
    """Print somebody's own address of the change channel, with what is for their audiences only.

    Parameters
    ----------
    email
        The mail address of a subscriber, or of a person of the organisation.
    revoke
        Let every link of theirs that there is open nothing any more.
    """
    from tasks.people.readers import is_somebody, reader_address

    world = reach()
    if revoke:
        count = world.ledger.readers.revoke(email.strip().lower(), world.now())
        print(f"{count} {'link' if count == 1 else 'links'} of {email} revoked")
        return
    if not is_somebody(world, email.strip().lower()):
        raise No(f"nobody has the address {email}: no subscriber, and no person or audience of the organisation file")
    print(reader_address(world, email))

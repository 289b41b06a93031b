"""Which addresses no mail can have: found before a whole batch is refused for one of them."""

from __future__ import annotations

import re

from checklists.mail_address import ADDRESS

MAIL = re.compile(ADDRESS)
LONGEST = 254


def why_undeliverable(address: str) -> str:
    """A sentence; empty for an address that can have mail, and for the name of a channel that posts."""
    if "@" not in address:
        return ""
    host = address.rpartition("@")[2]
    if MAIL.match(address) and len(address) <= LONGEST and ".." not in address and "." in host.strip("."):
        return ""
    return "it is no address a mail can have; correct it"

"""Mail addresses, and the other names people go by."""

from __future__ import annotations

import re
import unicodedata
from typing import Annotated

from pydantic import AfterValidator, StringConstraints

ADDRESS = r'^[^@\s<>,;:"()\[\]\\\x00-\x1f\x7f]{1,64}@[A-Za-z0-9]([A-Za-z0-9.-]{0,251}[A-Za-z0-9])?$'
ALIAS = r"^[^\s\x00-\x1f\x7f]+$"
Address = Annotated[str, StringConstraints(pattern=ADDRESS, max_length=254), AfterValidator(str.lower)]
"""A mail address, folded to lower case: one person is one key."""
Alias = Annotated[str, StringConstraints(pattern=ALIAS, max_length=254), AfterValidator(str.lower)]
"""Another name of a person, folded to lower case: an address they commit with, or a login such as `github:ada`."""
LONGEST = 254
HOW = "one reads like ada@example.com"


def why_undeliverable(address: str) -> str:
    """Why no mail can be sent there, in a sentence that says what would be right; empty where it can."""
    name, _, host = address.rpartition("@")
    if not host.isascii():
        return f"its domain has no form in ASCII that is certain; write that one, {HOW}"
    if not re.fullmatch(ADDRESS, address) or len(address) > LONGEST or ".." in address or name != name.strip("."):
        return f"it is no mail address; {HOW}"
    if not name.isascii():
        return "no mail can be sent to a name with signs beyond ASCII before its @; use another address of theirs"
    return "" if "." in host else f"its domain is not whole; {HOW}"


def in_ascii(address: str) -> str:
    """With its domain as mail servers know it: `ada@xn--mller-kva.de`. As it is where no such form is certain.

    Two standards disagree about a few signs, such as the German sharp s: what is one domain in the newer is another in
    the older, which Python speaks (RFC 3490, RFC 5891).
    """
    name, at, host = address.rpartition("@")
    if not at or host.isascii():
        return address
    try:
        found = host.encode("idna").decode()
        is_certain = found.encode().decode("idna") == unicodedata.normalize("NFKC", host).lower()
    except UnicodeError:
        return address
    return f"{name}@{found}" if is_certain else address

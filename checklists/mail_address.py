"""Mail addresses, and the other names people go by."""

from __future__ import annotations

from typing import Annotated

from pydantic import AfterValidator, StringConstraints

ADDRESS = r'^[^@\s<>,;:"()\[\]\\\x00-\x1f\x7f]{1,64}@[A-Za-z0-9]([A-Za-z0-9.-]{0,251}[A-Za-z0-9])?$'
ALIAS = r"^[^\s\x00-\x1f\x7f]+$"
Address = Annotated[str, StringConstraints(pattern=ADDRESS, max_length=254), AfterValidator(str.lower)]
"""A mail address, folded to lower case: one person is one key."""
Alias = Annotated[str, StringConstraints(pattern=ALIAS, max_length=254), AfterValidator(str.lower)]
"""Another name of a person, folded to lower case: an address they commit with, or a login such as `github:ada`."""

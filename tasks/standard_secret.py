"""Secrets of Standard Webhooks: https://github.com/standard-webhooks/standard-webhooks, "Signing scheme"."""

from __future__ import annotations

import re
import secrets
from base64 import b64decode, b64encode
from contextlib import suppress

PREFIX = "whsec_"
BYTES = range(24, 65)


def several(text: str) -> list[str]:
    """The secrets in a list with spaces or commas."""
    return [part for part in re.split(r"[\s,]+", text) if part]


def is_standard(secret: str) -> bool:
    with suppress(ValueError):
        return len(b64decode(secret.removeprefix(PREFIX), validate=True)) in BYTES
    return False


def new_secret() -> str:
    return PREFIX + b64encode(secrets.token_bytes(32)).decode()

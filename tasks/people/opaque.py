"""What stands in a personal address: an id and its MAC, so that nothing that was not made here is ever looked up."""

from __future__ import annotations

import hmac
import json
from base64 import b64decode, urlsafe_b64encode
from binascii import Error as NotBase64

from tasks.world import World

HALF = 16  # bytes: 128 bits of id, 128 bits of mac
LENGTH = 43  # letters of base64 for both, without its padding


def signed(world: World, use: str, *parts: str | int) -> bytes:
    """An HMAC over these parts, each with its own borders; what is made for one use fits no other."""
    key = world.settings.link_secret.get_secret_value().encode()
    return hmac.digest(key, json.dumps([use, *parts]).encode(), "sha256")


def sealed(world: World, use: str, id_: str) -> str:
    """The token of this id (32 hexadecimal digits) for one use."""
    return urlsafe_b64encode(bytes.fromhex(id_) + signed(world, use, id_)[:HALF]).decode().rstrip("=")


def unsealed(world: World, use: str, token: str) -> str | None:
    """The id in a token of ours. Base64 has several spellings for the same bytes; only one of them is a token."""
    if len(token) != LENGTH or not token.isascii():
        return None
    try:
        both = b64decode(f"{token}=", altchars=b"-_", validate=True)
    except NotBase64:
        return None
    id_, mac = both[:HALF].hex(), both[HALF:]
    is_ours = hmac.compare_digest(mac, signed(world, use, id_)[:HALF])
    return id_ if is_ours and urlsafe_b64encode(both).decode() == f"{token}=" else None

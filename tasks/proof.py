"""What shows that nobody changed a record: the daily anchor, and the check of a launch against all of them."""

from __future__ import annotations

import hmac
from base64 import urlsafe_b64decode
from datetime import UTC, datetime

from ledger.anchors import Kept, public_key
from ledger.bundle import Verdict
from ledger.bundle import verify as verify_chain
from ledger.chain import Fault
from ledger.store import Ledger
from tasks.settings import Settings


def anchor(ledger: Ledger, settings: Settings, now: datetime) -> bool:
    """Sign the heads of all launches, once a UTC day; whether it was done now."""
    if ledger.anchors.last_day() == now.astimezone(UTC).date():
        return False
    return ledger.anchors.make(now, seed(settings))


def seed(settings: Settings) -> bytes:
    """The private key of the anchors, made in home on first use.

    Machines that share a secret key share this one, too: it is made of that.
    """
    if settings.secret_key:
        return hmac.digest(settings.secret_key.get_secret_value().encode(), b"tminus anchor key", "sha256")
    return urlsafe_b64decode(settings.kept("anchor-key") + "=")


def own_key(settings: Settings) -> str | None:
    """Our public key; None where this machine has not made one."""
    if settings.secret_key or (settings.home / "anchor-key").exists():
        return public_key(seed(settings))
    return None


def verify(ledger: Ledger, settings: Settings, launch_id: str, kept: Kept | None = None) -> Verdict:
    """Check a launch's record, its rules and every anchor, and an anchor that was kept elsewhere."""
    if fault := ledger.verify(launch_id):
        return Verdict(fault)
    chain, key = ledger.sealed(launch_id), own_key(settings)
    if not chain:
        return Verdict(_gone(ledger, launch_id))
    return verify_chain(chain, lambda: ledger.anchors.compare(launch_id, chain, key), kept)


def _gone(ledger: Ledger, launch_id: str) -> Fault | None:
    """Whether an anchor knows a launch of which nothing is left."""
    newest = ledger.anchors.newest()
    if newest is None or launch_id not in newest.heads:
        return None
    seq, _ = newest.heads[launch_id]
    return Fault(1, f"the anchor of {newest.anchor.day} knows {seq} entries; the whole record is gone")

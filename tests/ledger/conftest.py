from __future__ import annotations

from tests.databases import database_url, ledger

__all__ = ["database_url", "ledger"]

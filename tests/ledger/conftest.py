from __future__ import annotations

from tests.databases import changeable_ledger, database_url, kept_postgres, ledger

__all__ = ["changeable_ledger", "database_url", "kept_postgres", "ledger"]

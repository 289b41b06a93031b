"""By which name it is remembered what was seen of a repository."""

from __future__ import annotations

from checklists.organisation import Product


def watch_key(product: Product) -> str:
    """One for all products of a repository that are watched in the same way."""
    if product.watch == "git":
        return f"git:{(product.git or '').lower()}"
    return f"{product.host}:{(product.repository or '').lower()}"

"""Which tags are releases, and of which product."""

from __future__ import annotations

from collections.abc import Iterable

from checklists.organisation import Product
from checklists.versions import version_of

EVENT = "watch"
AT_ONCE = 10
"""More new tags than this are somebody's import, not releases; and more that are gone, a mistake."""


def release_tags(tags: Iterable[str], products: Iterable[Product]) -> dict[str, tuple[Product, str]]:
    """The release tags among these, each with a product that reads it, and the version it is to it."""
    read = ((tag, product, version_of(tag, product.tags)) for tag in tags for product in products)
    return {tag: (product, version) for tag, product, version in read if version}

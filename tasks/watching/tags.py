"""Which tags are releases, and of which product."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from checklists.organisation import Product
from checklists.versions import version_of
from tasks.world import World

EVENT = "watch"
AT_ONCE = 10
"""More new tags than this are somebody's import, not releases; and more that are gone, a mistake."""


def release_tags(tags: Iterable[str], products: Iterable[Product]) -> dict[str, tuple[Product, str]]:
    """The release tags among these, each with a product that reads it, and the version it is to it."""
    read = ((tag, product, version_of(tag, product.tags)) for tag in tags for product in products)
    return {tag: (product, version) for tag, product, version in read if version}


def under_way(world: World, products: Sequence[Product]) -> set[tuple[str, str]]:
    """Title and version of these products' launches that are open."""
    titles = {key: one.title for key, one in world.organisation.products.items() if one in products}
    return {(title, head.version) for key, title in titles.items() for head in world.ledger.index.open_of(key)}

"""Links in the draft of a launch's notes: none that its readers may not follow."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from checklists.launch import Launch
from checklists.notes.change import Audience, Change
from checklists.notes.findings import is_of_the_house
from checklists.notes.linking import FOLLOW, Home, links_of, site_of
from checklists.organisation import Product
from tasks.settings import Settings
from tasks.world import World


def links_for(world: World, launch: Launch, changes: Iterable[Change], audience: Audience) -> Mapping[str, str]:
    """Where numbers and authors in these changes lead for an audience; none where the host is unknown or not theirs."""
    product = world.organisation.products.get(launch.release.product)
    if audience not in FOLLOW or product is None:
        return {}
    home = home_of(world.settings, product)
    if audience != "internal" and is_of_the_house(home.site, product.style):
        return {}
    return links_of(changes, home)


def home_of(settings: Settings, product: Product) -> Home:
    """Where the product's repository lives; nowhere where it names none."""
    if product.repository is None:
        return Home()
    api = {"github": settings.github_api, "gitlab": settings.gitlab_api}.get(product.host, "")
    site = site_of(product.host, product.repository, product.git or "", api)
    return Home(product.host, site, product.repository)

"""Links in the draft of a launch's notes: none that its readers may not follow."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from checklists.launch import Launch
from checklists.notes.change import Audience, Change
from checklists.notes.findings import is_of_the_house
from checklists.notes.linking import links_of, site_of
from tasks.world import World

FOLLOW: tuple[Audience, ...] = ("developer", "internal")
"""Whose work is done where issues are; customers and admins get no link into it."""


def links_for(world: World, launch: Launch, changes: Iterable[Change], audience: Audience) -> Mapping[str, str]:
    """Where the numbers in these changes lead for an audience; nowhere where the host is unknown or not theirs."""
    product = world.organisation.products.get(launch.release.product)
    if audience not in FOLLOW or product is None or product.repository is None:
        return {}
    settings = world.settings
    api = {"github": settings.github_api, "gitlab": settings.gitlab_api}.get(product.host, "")
    site = site_of(product.host, product.repository, product.git or "", api)
    if audience != "internal" and is_of_the_house(site, product.style):
        return {}
    return links_of(changes, product.host, site, product.repository)

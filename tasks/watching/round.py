"""A round over every product that is watched. One that cannot be looked at does not keep the others from it."""

from __future__ import annotations

from checklists.errors import LaunchError
from checklists.organisation import Product
from tasks.settings import Settings
from tasks.watching.hosts import GitHub, GitLab, Host
from tasks.watching.look import look
from tasks.world import World
from templates.words import one_line


def watch(world: World) -> list[str]:
    """What there is to say, one sentence each."""
    said: list[str] = []
    for key, product in world.organisation.products.items():
        host = host_of(product, world.settings)
        if host is None:
            continue
        try:
            said += look(world, product, host)
        except LaunchError as error:
            said.append(f"{key}: {error}")
        except Exception as error:  # of one product; the others are looked at all the same
            said.append(f"{key}: {one_line(f'{type(error).__name__}: {error}', 300)}")
    return said


def host_of(product: Product, settings: Settings) -> Host | None:
    """Where the product's tags are looked for; None where nobody asked for that."""
    if product.watch == "no" or product.repository is None:
        return None
    if product.host == "gitlab":
        return GitLab(product.repository, settings.gitlab_api, settings.gitlab_token)
    return GitHub(product.repository, settings.github_api, settings.github_token)

"""A round over every product that is watched. One that cannot be looked at does not keep the others from it."""

from __future__ import annotations

from collections.abc import Iterable

from checklists.errors import LaunchError
from checklists.organisation import Organisation, Product
from tasks.changes.mirror import mirror
from tasks.settings import Settings
from tasks.watching.hosts import GitHub, GitLab, Host, PlainGit
from tasks.watching.keys import watch_key
from tasks.watching.look import look
from tasks.world import World
from templates.words import one_line

GIT_PATIENCE = 60  # seconds for a list of tags


def watch(world: World) -> list[str]:
    """What there is to say, one sentence each."""
    said: list[str] = []
    for key, products in _repositories(world.organisation).items():
        try:
            if host := host_of(products[0], world.settings, world.organisation.allow_private_addresses):
                said += look(world, products, host)
        except LaunchError as error:
            said.append(f"{key}: {error}")
        except Exception as error:  # of one repository; the others are looked at all the same
            said.append(f"{key}: {one_line(f'{type(error).__name__}: {error}', 300)}")
    return said


def _repositories(organisation: Organisation) -> dict[str, list[Product]]:
    """The watched products by repository: several may be released from one, which is looked at once for all of them."""
    found: dict[str, list[Product]] = {}
    for product in organisation.products.values():
        if product.watch != "no":
            found.setdefault(watch_key(product), []).append(product)
    return found


def host_of(product: Product, settings: Settings, allowed: Iterable[str] = ()) -> Host | None:
    """Where the product's tags are looked for; None where nobody asked for that."""
    if product.watch == "git" and product.git:
        return PlainGit(mirror(settings, product.git, GIT_PATIENCE, allowed))
    if product.watch == "no" or product.repository is None:
        return None
    if product.host == "gitlab":
        return GitLab(product.repository, settings.gitlab_api, settings.gitlab_token)
    return GitHub(product.repository, settings.github_api, settings.github_token)

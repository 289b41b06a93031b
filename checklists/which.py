"""What a tag starts: whose release it is, which step it is from the one before, and so which checklist."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from checklists.organisation import IGNORE, Organisation, PreReleases, Product
from checklists.versions import Step, before, final, is_pre_release, step, version_of

POLICY = {"launch": "are launched", "rehearse": "are rehearsed", "ignore": "start nothing"}


@dataclass(frozen=True, slots=True)
class Reading:
    """How one product reads a tag: the version it carries, or why it is none of its releases."""

    product: str
    version: str | None
    why: str


def readings(tag: str, organisation: Organisation, repository: str | None = None) -> tuple[Reading, ...]:
    """How every product reads this tag; without a repository, by its pattern alone."""
    return tuple(_reading(tag, key, one, repository) for key, one in organisation.products.items())


def _reading(tag: str, key: str, product: Product, repository: str | None) -> Reading:
    if repository is not None and not product.is_of(repository):
        theirs = f"is {product.origin}" if product.origin else "is not named"
        return Reading(key, None, f"its repository {theirs}")
    version = version_of(tag, product.tags)
    fits = f"`{product.tags}` reads it as version {version}"
    return Reading(key, version, fits if version else f"its release tags read like `{product.tags}`")


def problem(tag: str, found: Iterable[Reading], organisation: Organisation, of: str) -> str | None:
    """Why no product can be told from this tag of a repository, or of a product; None where exactly one reads it."""
    matching = [one.product for one in found if one.version]
    if len(matching) == 1:
        return None
    if matching:
        return f"{tag} fits {_listed(matching)}; give them different `tags` in the organisation file"
    patterns = [one.tags for key, one in organisation.products.items() if one.is_of(of) or key == of]
    if not patterns:
        return f"no product in the organisation file has the repository {of}; add it there"
    return f"{tag} is no release tag of {of}, where they read like {_listed(patterns)}"


def _listed(names: Iterable[str]) -> str:
    return " and ".join(sorted({f"`{name}`" for name in names}))


@dataclass(frozen=True, slots=True)
class Choice:
    """What a version starts, and why.

    `towards` is the step of the release a pre-release leads to; that of a final version is its own.
    """

    version: str
    previous: str | None
    step: Step
    towards: Step
    checklist: str
    policy: PreReleases

    @property
    def is_ignored(self) -> bool:
        return self.checklist == IGNORE

    @property
    def is_rehearsal(self) -> bool:
        return self.policy == "rehearse" and not self.is_ignored

    @property
    def since(self) -> str:
        """The step in words."""
        if self.step != self.towards:
            return f"a pre-release of a {self.towards} version"
        return f"a {self.step} version after {self.previous}" if self.previous else f"a {self.step} version by its look"


def choose(product: Product, version: str, known: Iterable[str]) -> Choice:
    """Which checklist this version starts, given the versions that were released. Raises ValueError for no version."""
    releases = tuple(known)
    last = before(version, releases, pre_releases=product.pre_release_policy == "launch")
    last_final = before(final(version), releases)
    kind = step(version, last, product.versions)
    towards = step(final(version), last_final, product.versions)
    policy = product.pre_release_policy if is_pre_release(version) else "launch"
    return Choice(version, last, kind, towards, _checklist(product, kind, towards, policy), policy)


def _checklist(product: Product, kind: Step, towards: Step, policy: PreReleases) -> str:
    """A pre-release with no checklist of its own has that of the release it leads to."""
    if policy == IGNORE:
        return IGNORE
    chosen = product.checklists.of(kind)
    return product.checklists.of(towards) if kind != towards and chosen == IGNORE else chosen


def refusal(key: str, choice: Choice) -> str:
    """Why this version starts nothing."""
    if choice.step == "pre-release":
        return f"{key} starts nothing for a pre-release such as {choice.version}"
    return f"{key} starts nothing for {choice.since}: {choice.version} is ignored"


def never_starts(product: Product, version: str) -> bool:
    """Whether this starts nothing, whatever was released before it."""
    return all(checklist == IGNORE for checklist in _possible(product, version))


def _possible(product: Product, version: str) -> Iterator[str]:
    pre_release = is_pre_release(version)
    policy = product.pre_release_policy if pre_release else "launch"
    for towards in ("major", "minor", "patch"):
        yield _checklist(product, "pre-release" if pre_release else towards, towards, policy)

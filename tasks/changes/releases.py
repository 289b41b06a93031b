"""What a release consists of, as git tells it: its commit, and what is new since the release before."""

from __future__ import annotations

from collections.abc import Iterable

from checklists.entries import Difference
from checklists.organisation import Product
from checklists.versions import before, version_of
from tasks.changes.comparing import compare
from tasks.changes.git import GitFailed
from tasks.changes.mirror import Mirror


def since_the_one_before(at: Mirror, product: Product, version: str, tag: str | None, commit: str | None) -> Difference:
    """What is new in this release. Never raises: where git is away or knows no such release, `why` says so."""
    name = tag or product.tags.replace("{version}", version)
    try:
        at.fetch()
        head = found(at, name, commit)
        previous = previous_tag(at, product, version)
        base = at.commit_of(previous) if previous else None
    except (GitFailed, OSError) as error:
        return Difference(head=commit, why=away(at, error))
    return compare(at, base, head) if head else Difference(head=commit, why=unknown(at, name, commit))


def found(at: Mirror, tag: str, commit: str | None) -> str | None:
    """The full hash of this commit, else of the one the tag is on; None where it is not there."""
    if commit is None:
        return at.commit_of(tag)
    return at.full(commit) or (commit if at.bring(commit) else None)


def previous_tag(at: Mirror, product: Product, version: str) -> str | None:
    """The tag of the release before, by version and not by date; None where there is none."""
    tags = release_tags(at.tags(), product)
    last = before(version, tags, pre_releases=product.pre_release_policy == "launch")
    return tags[last] if last else None


def release_tags(tags: Iterable[str], product: Product) -> dict[str, str]:
    """The release tags among these, by version."""
    return {version: tag for tag in tags if (version := version_of(tag, product.tags))}


def away(at: Mirror, error: Exception) -> str:
    return f"{at.address} cannot be read: {error}"[:500]


def unknown(at: Mirror, tag: str, commit: str | None) -> str:
    what = f"commit {commit[:12]}" if commit else f"tag {tag}"
    return f"{what} is not in {at.address}"[:500]

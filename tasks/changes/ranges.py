"""Which commits a release is made of: from the release before, by version, to this one."""

from __future__ import annotations

from pathlib import Path

from checklists.errors import LaunchError
from checklists.versions import before, precedence, split_tag
from tasks.changes.history import answer


def span_of(repository: Path, asked: str) -> str:
    """The range that is meant: `v1.0..v1.1` as it is, `v1.1` from the release before, nothing since the newest.

    Raises LaunchError where there is no release before, and NoHistory where there is no such repository.
    """
    if ".." in asked:
        return asked
    releases = _releases(repository)
    if not asked:
        return f"{_newest(repository, releases)}..HEAD"
    named = split_tag(asked)
    if named is None:
        raise LaunchError(f"{asked} carries no version; name the release before and this one, such as v1.0..v1.1")
    prefix, version = named
    last = before(version, releases.get(prefix, {}), pre_releases=True)
    if last is None:
        raise LaunchError(f"no release before {asked} has a tag; name a commit to begin with, such as HASH..{asked}")
    return f"{releases[prefix][last]}..{asked}"


def _releases(repository: Path) -> dict[str, dict[str, str]]:
    """Every release tag by what stands before its version, and by version."""
    found: dict[str, dict[str, str]] = {}
    for line in answer(repository, "for-each-ref", "--format=%(refname)", "refs/tags").splitlines():
        tag = line.removeprefix("refs/tags/")
        if named := split_tag(tag):
            found.setdefault(named[0], {})[named[1]] = tag
    return found


def _newest(repository: Path, releases: dict[str, dict[str, str]]) -> str:
    """The newest of the releases whose tags are written most often."""
    if not releases:
        raise LaunchError(f"{repository}: no tag carries a version; name two commits, such as HASH..HEAD")
    usual = max(releases.values(), key=len)
    return usual[max(usual, key=precedence)]

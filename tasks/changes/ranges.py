"""Which commits a release is made of: from the release before, by version, to this one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import pairwise
from pathlib import Path

from checklists.errors import LaunchError
from checklists.versions import before, is_pre_release, precedence, split_tag
from tasks.changes.git import lines
from tasks.changes.history import answer

UNRELEASED = "Unreleased"


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


def spans_between(repository: Path, asked: str) -> dict[str, str]:
    """Every release of a range such as `v1.0..v2.0`, the newest first, with its own range; all there are, if unsaid.

    By version, each from the one before; of pre-releases only those that are named. Where the range has no end, or
    ends at HEAD, what is not released yet comes first. Raises LaunchError where it names no releases.
    """
    if asked and ".." not in asked:
        return {asked: span_of(repository, asked)}
    old, _, new = asked.partition("..")
    ends = [name for name in (old, new) if name not in ("", "HEAD")]
    known = _of_one_line(repository, ends)
    named = [version for version, tag in known.items() if tag in ends]
    line = sorted((one for one in known if one in named or not is_pre_release(one)), key=precedence)
    line = line[line.index(_version(old)) if old else 0 :]
    if new in ends:
        line = line[: line.index(_version(new)) + 1] if _version(new) in line else []
    spans = {known[one]: f"{known[last]}..{known[one]}" for last, one in pairwise(line)}
    if new not in ends and line:
        spans[UNRELEASED] = f"{known[line[-1]]}..HEAD"
    if not spans:
        raise LaunchError(f"{repository}: no release lies between {old} and {new}; the newer one comes second")
    return dict(reversed(spans.items()))


def _of_one_line(repository: Path, ends: Sequence[str]) -> dict[str, str]:
    """The releases whose tags are written like these, by version; those written most often where there are none."""
    releases = _releases(repository)
    if not ends:
        return _usual(repository, releases)
    found = releases.get((split_tag(ends[0]) or ("", ""))[0], {})
    for one in ends:
        if one not in found.values():
            raise LaunchError(f"{one} is no release; name two whose tags are written alike, such as v1.0..v2.0")
    return found


def _version(tag: str) -> str:
    return (split_tag(tag) or ("", ""))[1]


def _releases(repository: Path) -> dict[str, dict[str, str]]:
    """Every release tag by what stands before its version, and by version."""
    found: dict[str, dict[str, str]] = {}
    for line in lines(answer(repository, "for-each-ref", "--format=%(refname)", "refs/tags")):
        tag = line.removeprefix("refs/tags/")
        if named := split_tag(tag):
            found.setdefault(named[0], {})[named[1]] = tag
    return found


def _newest(repository: Path, releases: dict[str, dict[str, str]]) -> str:
    """The newest of the releases whose tags are written most often."""
    usual = _usual(repository, releases)
    return usual[max(usual, key=precedence)]


def _usual(repository: Path, releases: Mapping[str, dict[str, str]]) -> dict[str, str]:
    if not releases:
        raise LaunchError(f"{repository}: no tag carries a version; name two commits, such as HASH..HEAD")
    return max(releases.values(), key=len)

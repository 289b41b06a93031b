"""Versions and the tags that carry them: SemVer, PEP 440 and calendar versions."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Annotated, Literal

from pydantic import AfterValidator, StringConstraints

RELEASE = r"\d{1,8}(?:\.\d{1,8}){0,3}"
PRE = r"(?:[-.]?(?:a|alpha|b|beta|c|rc|pre|preview|dev)[-.]?\d*(?:[.-][0-9A-Za-z]+)*|-[0-9A-Za-z.-]+)"
VERSION = re.compile(
    rf"^(?P<release>{RELEASE})(?P<pre>{PRE})?(?P<post>\.post\d+)?(?:\+[0-9A-Za-z.-]+)?$", re.IGNORECASE | re.ASCII
)
NUMBERED = re.compile(r"(?<![A-Za-z])(a|alpha|b|beta|c|rc|pre|preview|dev)(\d+)(?![A-Za-z])", re.IGNORECASE | re.ASCII)
SAME = {"dev": "", "a": "alpha", "b": "beta", "c": "rc", "pre": "rc", "preview": "rc"}
"""Words of PEP 440 that mean the same in an order of letters: `dev` comes first."""
SAFE_TAG = re.compile(r"^[A-Za-z0-9@][\w.@+/-]{0,199}$", re.ASCII)

Step = Literal["major", "minor", "patch", "pre-release"]


def _one_version(pattern: str) -> str:
    if pattern.count("{version}") != 1:
        raise ValueError("a tag pattern names {version} exactly once, such as 'v{version}' or 'acme@{version}'")
    return pattern


TagPattern = Annotated[str, StringConstraints(max_length=100), AfterValidator(_one_version)]


def is_version(text: str) -> bool:
    """Whether this is a version tminus can compare: numbers, then an optional pre-release and build part."""
    return len(text) <= 80 and VERSION.fullmatch(text) is not None


def _parsed(version: str) -> re.Match[str]:
    found = VERSION.fullmatch(version)
    if not found:
        raise ValueError(f"{version!r} is no version; expected numbers such as 2.4.0 or 2.4.0-rc.1")
    return found


def step(version: str) -> Step:
    """What a version says about itself: a suffix is a pre-release, trailing zeros a minor or major step.

    Raises ValueError for a text that is no version.
    """
    found = _parsed(version)
    if found["pre"]:
        return "pre-release"
    numbers = [*map(int, found["release"].split(".")), 0, 0]
    if any(numbers[2:]) or found["post"]:
        return "patch"
    return "minor" if numbers[1] else "major"


def precedence(version: str) -> tuple[object, ...]:
    """What versions are sorted by: SemVer 2.0 §11, with PEP 440's `dev` before `a` before `b` before `rc`.

    Raises ValueError for a text that is no version.
    """
    found = _parsed(version)
    numbers = [*map(int, found["release"].split(".")), 0, 0, 0][:4]
    suffix = tuple(map(_rank, _identifiers(found["pre"] or "")))
    return (*numbers, not suffix, suffix, int((found["post"] or "0").lower().removeprefix(".post")))


def _identifiers(suffix: str) -> list[str]:
    """`-rc.1`, `-rc1` and `rc1` are `rc` and `1`."""
    return [one for one in re.split(r"[.-]", NUMBERED.sub(r"\1.\2", suffix)) if one]


def _rank(identifier: str) -> tuple[bool, int, str]:
    """Numbers come before words."""
    if identifier.isdigit():
        return False, int(identifier), ""
    word = identifier.lower()
    return True, 0, SAME.get(word, word)


def newer(version: str, than: str) -> bool:
    """Whether a version comes after another one; build parts (`+...`) make no difference."""
    return precedence(version) > precedence(than)


def before(version: str, others: Iterable[str], *, pre_releases: bool = False) -> str | None:
    """The release before this one by version, not date; None where it is the first.

    The release before a final version is final. Before a pre-release it may be another one, where those are released.
    """
    finals = step(version) != "pre-release" or not pre_releases
    earlier = [one for one in others if newer(version, one) and not (finals and step(one) == "pre-release")]
    return max(earlier, key=precedence, default=None)


def version_of(tag: str, pattern: str) -> str | None:
    """The version a tag of this product carries, or None where the tag is not of the pattern, unsafe, or no version."""
    before, after = pattern.split("{version}")
    if not SAFE_TAG.fullmatch(tag) or ".." in tag or not (tag.startswith(before) and tag.endswith(after)):
        return None
    version = tag[len(before) : len(tag) - len(after)]
    return version if is_version(version) else None


def split_tag(tag: str) -> tuple[str, str] | None:
    """What stands before the version in a tag, and the version: `pkg/v` and `1.2.3`; None where it carries none."""
    for place, sign in enumerate(tag):
        if sign.isdigit() and (place == 0 or tag[place - 1] in "vV@/-_") and is_version(tag[place:]):
            return tag[:place], tag[place:]
    return None

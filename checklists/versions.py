"""Versions and the tags that carry them: SemVer, PEP 440 and calendar versions."""

from __future__ import annotations

import re
from typing import Annotated, Literal

from pydantic import AfterValidator, StringConstraints

RELEASE = r"\d{1,8}(?:\.\d{1,8}){0,3}"
PRE = r"(?:[-.]?(?:a|alpha|b|beta|c|rc|pre|preview|dev)[-.]?\d*(?:[.-][0-9A-Za-z]+)*|-[0-9A-Za-z.-]+)"
VERSION = re.compile(
    rf"^(?P<release>{RELEASE})(?P<pre>{PRE})?(?P<post>\.post\d+)?(?:\+[0-9A-Za-z.-]+)?$", re.IGNORECASE | re.ASCII
)
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


def step(version: str) -> Step:
    """What a version says about itself: a suffix is a pre-release, trailing zeros a minor or major step.

    Raises ValueError for a text that is no version.
    """
    found = VERSION.fullmatch(version)
    if not found:
        raise ValueError(f"{version!r} is no version; expected numbers such as 2.4.0 or 2.4.0-rc.1")
    if found["pre"]:
        return "pre-release"
    numbers = [*map(int, found["release"].split(".")), 0, 0]
    if any(numbers[2:]) or found["post"]:
        return "patch"
    return "minor" if numbers[1] else "major"


def version_of(tag: str, pattern: str) -> str | None:
    """The version a tag of this product carries, or None where the tag is not of the pattern, unsafe, or no version."""
    before, after = pattern.split("{version}")
    if not SAFE_TAG.fullmatch(tag) or ".." in tag or not (tag.startswith(before) and tag.endswith(after)):
        return None
    version = tag[len(before) : len(tag) - len(after)]
    return version if is_version(version) else None

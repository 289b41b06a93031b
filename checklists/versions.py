"""Versions and the tags that carry them: SemVer, PEP 440 and calendar versions."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Literal

RELEASE = r"\d{1,8}(?:\.\d{1,8}){0,3}"
PRE = r"(?:[-.]?(?:a|alpha|b|beta|c|rc|pre|preview|dev)[-.]?\d*(?:[.-][0-9A-Za-z]+)*|-[0-9A-Za-z.-]+)"
VERSION = re.compile(
    rf"^(?P<release>{RELEASE})(?P<pre>{PRE})?(?P<post>\.post\d+)?(?:\+[0-9A-Za-z.-]+)?$", re.IGNORECASE | re.ASCII
)
NUMBERED = re.compile(r"(?<![A-Za-z])(a|alpha|b|beta|c|rc|pre|preview|dev)(\d+)(?![A-Za-z])", re.IGNORECASE | re.ASCII)
SAME = {"dev": "", "a": "alpha", "b": "beta", "c": "rc", "pre": "rc", "preview": "rc"}
"""Words of PEP 440 that mean the same in an order of letters: `dev` comes first."""
SAFE_TAG = re.compile(r"^[A-Za-z0-9@][\w.@+/-]{0,199}$", re.ASCII)

YEAR = re.compile(r"(?:19|20)\d\d(?:\d{2}){0,2}", re.ASCII)
"""A year, or a whole date such as 20261123, where versions begin with one."""
MONTH = re.compile(r"\d\d\.0\d(?:\.|$)", re.ASCII)
"""`24.04`: nobody but a calendar writes a zero there."""

Step = Literal["major", "minor", "patch", "pre-release"]
Scheme = Literal["auto", "semantic", "calendar"]
STEPS: tuple[Step, ...] = ("major", "minor", "patch")


def is_version(text: str) -> bool:
    """Whether this is a version tminus can compare: numbers, then an optional pre-release and build part."""
    return len(text) <= 80 and VERSION.fullmatch(text) is not None


def _parsed(version: str) -> re.Match[str]:
    found = VERSION.fullmatch(version)
    if not found:
        raise ValueError(f"{version!r} is no version; expected numbers such as 2.4.0 or 2.4.0-rc.1")
    return found


def is_pre_release(version: str) -> bool:
    """Raises ValueError for a text that is no version."""
    return _parsed(version)["pre"] is not None


def final(version: str) -> str:
    """The release a pre-release leads to: `2.4.0` of `2.4.0-rc.1`; a final version is that itself."""
    found = _parsed(version)
    return found["release"] if found["pre"] else version


def step(version: str, previous: str | None = None, scheme: Scheme = "auto") -> Step:
    """Which step a version is from the release before it; a suffix makes it a pre-release.

    The first number that differs decides, so that 1.4.9 is a patch of 1.4.8 although 2.0.0 is out. In versions by
    calendar a new year is no major step. Without a release before, a version has only its look: trailing zeros.
    Raises ValueError for a text that is no version.
    """
    found = _parsed(version)
    if found["pre"]:
        return "pre-release"
    place = _first_difference(found["release"], previous) if previous else _look(found)
    return STEPS[max(place, 1) if _is_calendar(found["release"], scheme) else place]


def _first_difference(release: str, previous: str) -> int:
    """Of the first three numbers; what comes after those is a patch, too."""
    pairs = zip(_numbers(release), _numbers(_parsed(previous)["release"]), strict=True)
    return min(next((place for place, (now, then) in enumerate(pairs) if now != then), 2), 2)


def _look(found: re.Match[str]) -> int:
    _, second, *rest = _numbers(found["release"])
    if any(rest) or found["post"]:
        return 2
    return 1 if second else 0


def _numbers(release: str) -> list[int]:
    return [*map(int, release.split(".")), 0, 0, 0][:4]


def _is_calendar(release: str, scheme: Scheme) -> bool:
    if scheme != "auto":
        return scheme == "calendar"
    return YEAR.fullmatch(release.partition(".")[0]) is not None or MONTH.match(release) is not None


def precedence(version: str) -> tuple[object, ...]:
    """What versions are sorted by: SemVer 2.0 §11, with PEP 440's `dev` before `a` before `b` before `rc`.

    Raises ValueError for a text that is no version.
    """
    found = _parsed(version)
    numbers = _numbers(found["release"])
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
    finals, this = not (pre_releases and is_pre_release(version)), precedence(version)
    ranked = ((precedence(one), one) for one in others if not (finals and is_pre_release(one)))
    return max(((rank, one) for rank, one in ranked if rank < this), default=(None, None))[1]


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

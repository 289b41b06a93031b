"""Versions and the tags that carry them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import TypeAdapter, ValidationError

from checklists.versions import TagPattern, is_version, step, version_of

STEPS = {
    "2.0.0": "major", "2": "major", "2.0": "major", "2.4.0": "minor", "2.4": "minor", "0.1.0": "minor",
    "2.4.1": "patch",
    "2.0.1": "patch", "1.2.3.4": "patch", "2026.11": "minor", "2.4.0-rc.1": "pre-release", "2.4.0rc1": "pre-release",
    "2.4.0a1": "pre-release", "2.4.0.dev3": "pre-release", "2.0.0-beta": "pre-release", "2.4.0+build.5": "minor",
    "2.4.1.post1": "patch",
}  # fmt: skip


@pytest.mark.parametrize(("version", "expected"), STEPS.items())
def test_a_version_says_which_step_it_is(version: str, expected: str) -> None:
    assert is_version(version)
    assert step(version) == expected


@pytest.mark.parametrize(
    "text", ["", "v2", "2.", ".2", "2..4", "2.4.0\n", "latest", "2.4 0", "1.2.3.4.5", "9" * 9, "1" * 81, "٢.٤"]
)
def test_what_is_no_version_is_refused(text: str) -> None:
    assert not is_version(text)
    with pytest.raises(ValueError, match="is no version; expected numbers"):
        step(text)


@pytest.mark.parametrize(
    ("tag", "pattern", "version"),
    [
        ("v2.4.0", "v{version}", "2.4.0"),
        ("acme@2.4.0", "acme@{version}", "2.4.0"),
        ("release/2.4.0-final", "release/{version}-final", "2.4.0"),
        ("2.4.0", "v{version}", None),
        ("v2.4.0", "acme@{version}", None),
        ("vnext", "v{version}", None),
        ("v../2.4.0", "v{version}", None),
        ("v2.4.0\n", "v{version}", None),
        ("v2.4.0\x1b[2J", "v{version}", None),
        ("-v2.4.0", "-v{version}", None),
        ("v2.4.0 x", "v{version} x", None),
        ("aa", "a{version}a", None),
        ("a", "a{version}a", None),
        ("v" + "1" * 300, "v{version}", None),
    ],
)
def test_a_tag_carries_a_version_or_none(tag: str, pattern: str, version: str | None) -> None:
    assert version_of(tag, pattern) == version


@given(st.text(max_size=60), st.sampled_from(["v{version}", "{version}", "a{version}a"]))
def test_whatever_the_tag_it_is_safe_or_refused(tag: str, pattern: str) -> None:
    version = version_of(tag, pattern)
    assert version is None or (is_version(version) and tag.isprintable() and ".." not in tag)


@pytest.mark.parametrize("pattern", ["v", "{version}{version}", ""])
def test_a_tag_pattern_names_the_version_once(pattern: str) -> None:
    with pytest.raises(ValidationError, match="exactly once"):
        TypeAdapter(TagPattern).validate_python(pattern)


def test_a_post_release_is_a_patch() -> None:
    assert step("2.4.0.post1") == "patch"

"""Versions and the tags that carry them."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import TypeAdapter, ValidationError

from checklists.organisation import TagPattern
from checklists.versions import (
    VERSION,
    Scheme,
    before,
    final,
    is_version,
    newer,
    precedence,
    split_tag,
    step,
    version_of,
)

STEPS = {
    "2.0.0": "major", "2": "major", "2.0": "major", "2.4.0": "minor", "2.4": "minor", "0.1.0": "minor",
    "2.4.1": "patch",
    "2.0.1": "patch", "1.2.3.4": "patch", "2026.11": "minor", "2.4.0-rc.1": "pre-release", "2.4.0rc1": "pre-release",
    "2026": "minor", "24.04": "minor",
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


@pytest.mark.parametrize(
    ("version", "previous", "expected"),
    [
        ("1.4.9", "1.4.8", "patch"),
        ("1.5.0", "1.4.9", "minor"),
        ("1.5.1", "1.4.9", "minor"),  # 1.5.0 was never released
        ("2.0.1", "1.9.0", "major"),
        ("2.1", "1.9.3", "major"),
        ("2.0.0", "2.0.0-rc.1", "patch"),
        ("1.4.1.post1", "1.4.1", "patch"),
        ("1.2.3.4", "1.2.3.3", "patch"),
        ("1.2.3.1", "1.2.3", "patch"),
        ("2.4.0+build.2", "2.3", "minor"),
        ("0.2.0", "0.1.9", "minor"),
        ("2.0.0rc1", "1.9.0", "pre-release"),
        ("2026.11", "2026.10", "minor"),
        ("2027.1", "2026.12", "minor"),
        ("2026.11.1", "2026.11", "patch"),
        ("20261123", "20261120", "minor"),
        ("24.04", "23.10", "minor"),
        ("25.0", "24.3.1", "major"),
    ],
)
def test_the_first_number_that_differs_is_the_step(version: str, previous: str, expected: str) -> None:
    assert step(version, previous) == expected


@pytest.mark.parametrize(
    ("version", "previous", "scheme", "expected"),
    [
        ("25.0", "24.3.1", "calendar", "minor"),
        ("25.0", None, "calendar", "minor"),
        ("2027.1", "2026.12", "semantic", "major"),
        ("24.04", "23.10", "semantic", "major"),
    ],
)
def test_a_product_may_say_how_its_versions_count(
    version: str, previous: str | None, scheme: Scheme, expected: str
) -> None:
    assert step(version, previous, scheme) == expected


@pytest.mark.parametrize(
    ("version", "expected"), [("2.4.0-rc.1", "2.4.0"), ("2.0.0a1", "2.0.0"), ("1.4.1.post1", "1.4.1.post1")]
)
def test_a_pre_release_leads_to_a_release(version: str, expected: str) -> None:
    assert final(version) == expected


ORDER = [
    "0.9", "1.0.0.dev3", "1.0.0a1", "1.0.0-alpha.2", "1.0.0-alpha.beta", "1.0.0b2", "1.0.0-beta.11", "1.0.0-rc.1",
    "1.0.0rc2", "1.0.0-rc10", "1.0.0", "1.0.0.post1", "1.0.0.post2", "1.0.1-1", "1.0.1-2", "1.0.1-x", "1.0.1", "1.0.2",
    "1.0.10", "1.2", "1.10", "2", "2026.11", "2026.11.1",
]  # fmt: skip


def test_versions_have_an_order_that_people_expect() -> None:
    assert sorted([*ORDER[1::2], *ORDER[::2]], key=precedence) == ORDER
    assert all(newer(later, sooner) for sooner, later in pairwise(ORDER))


@pytest.mark.parametrize(
    ("one", "other"),
    [("2.4", "2.4.0"), ("2.4.0+build.5", "2.4.0"), ("2.4.0rc1", "2.4.0-rc.1"), ("1.0-RC.1", "1.0-rc1")],
)
def test_versions_that_are_the_same_are_neither_newer(one: str, other: str) -> None:
    assert precedence(one) == precedence(other)
    assert not newer(one, other)
    assert not newer(other, one)


@given(st.from_regex(VERSION, fullmatch=True), st.from_regex(VERSION, fullmatch=True))
def test_every_two_versions_can_be_compared(one: str, other: str) -> None:
    assert newer(one, other) + newer(other, one) + (precedence(one) == precedence(other)) == 1


@pytest.mark.parametrize(
    ("version", "pre_releases", "expected"),
    [
        ("2.4.0", False, "2.3.9"),
        ("2.4.0", True, "2.3.9"),
        ("2.4.0-rc.2", False, "2.3.9"),
        ("2.4.0-rc.2", True, "2.4.0-rc.1"),
        ("2.3.9", False, "2.3"),
        ("3.0", False, "2.4.1"),
        ("1.0", False, None),
    ],
)
def test_the_release_before_is_found_by_version(version: str, pre_releases: bool, expected: str | None) -> None:
    known = ["2.4.1", "2.3.9", "1.0", "2.3", "2.4.0-rc.1", "2.4.0-rc.2", "2.4.0", "3.1-rc.1"]
    assert before(version, known, pre_releases=pre_releases) == expected


@pytest.mark.parametrize(
    ("tag", "parts"),
    [
        ("v1.2.3", ("v", "1.2.3")),
        ("1.2.3", ("", "1.2.3")),
        ("release-1.2", ("release-", "1.2")),
        ("pkg@1.2.3", ("pkg@", "1.2.3")),
        ("@scope/pkg@1.2.3", ("@scope/pkg@", "1.2.3")),
        ("pkg/v1.2.3-rc.1", ("pkg/v", "1.2.3-rc.1")),
        ("acme2-1.0.0", ("acme2-", "1.0.0")),
        ("2.0.0rc1", ("", "2.0.0rc1")),
        ("v9", ("v", "9")),
        ("nightly", None),
        ("", None),
    ],
)
def test_a_tag_is_what_stands_before_the_version_and_the_version(tag: str, parts: tuple[str, str] | None) -> None:
    assert split_tag(tag) == parts

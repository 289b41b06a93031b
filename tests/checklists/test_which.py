"""Which product a tag is of, which step its version is, and which checklist that starts."""

from __future__ import annotations

from typing import Any

import pytest

from checklists.organisation import Organisation, Product
from checklists.which import choose, never_starts, problem, readings, refusal

KNOWN = ["1.4.7", "1.4.8", "1.5.0", "2.0.0-rc.1", "2.0.0", "2.1.0"]
CHOICES = {"major": "big", "minor": "usual", "patch": "small"}


def product(**more: Any) -> Product:
    return Product.model_validate({"title": "Acme", "checklists": CHOICES, **more})


@pytest.mark.parametrize(
    ("version", "checklist", "previous", "since"),
    [
        ("3.0.0", "big", "2.1.0", "a major version after 2.1.0"),
        ("2.2.0", "usual", "2.1.0", "a minor version after 2.1.0"),
        ("2.2.4", "usual", "2.1.0", "a minor version after 2.1.0"),
        ("1.4.9", "small", "1.4.8", "a patch version after 1.4.8"),
        ("0.9.0", "usual", None, "a minor version by its look"),
        ("2.2.0-rc.1", "ignore", "2.1.0", "a pre-release of a minor version"),
    ],
)
def test_the_release_before_decides(version: str, checklist: str, previous: str | None, since: str) -> None:
    choice = choose(product(), version, KNOWN)
    assert (choice.checklist, choice.previous, choice.since) == (checklist, previous, since)


@pytest.mark.parametrize(
    ("policy", "own", "expected"),
    [
        (None, "ignore", ("ignore", "ignore", False)),
        (None, "beta", ("beta", "launch", False)),
        ("ignore", "beta", ("ignore", "ignore", False)),
        ("rehearse", "ignore", ("big", "rehearse", True)),
        ("rehearse", "beta", ("beta", "rehearse", True)),
        ("launch", "ignore", ("big", "launch", False)),
    ],
)
def test_pre_releases_are_what_the_product_says(policy: str | None, own: str, expected: tuple[str, str, bool]) -> None:
    one = product(checklists={**CHOICES, "pre-release": own}, **({"pre-releases": policy} if policy else {}))
    choice = choose(one, "3.0.0rc1", KNOWN)
    assert (choice.checklist, choice.policy, choice.is_rehearsal) == expected
    final = choose(one, "3.0.0", KNOWN)
    assert (final.policy, final.is_rehearsal) == ("launch", False), "no final release is ever a rehearsal"


def test_the_release_before_a_rehearsal_is_a_final_one() -> None:
    """People rehearse the launch of the release that is coming, with everything that is new in it."""
    known = [*KNOWN, "2.2.0-rc.1"]
    assert choose(product(**{"pre-releases": "rehearse"}), "2.2.0-rc.2", known).previous == "2.1.0"
    assert choose(product(**{"pre-releases": "launch"}), "2.2.0-rc.2", known).previous == "2.2.0-rc.1"


@pytest.mark.parametrize(
    ("more", "version", "expected"),
    [
        ({}, "2.2.0-rc.1", True),
        ({}, "2.2.0", False),
        ({"checklists": {"major": "ignore", "minor": "ignore", "patch": "ignore"}}, "2.2.0", True),
        ({"checklists": {"major": "big", "minor": "ignore", "patch": "ignore"}}, "2.2.0", False),
        ({"checklists": {"major": "ignore", "minor": "ignore"}, "pre-releases": "launch"}, "2.2.0-rc.1", False),
    ],
)
def test_only_what_never_starts_is_turned_away_before_anybody_has_looked(
    more: dict[str, Any], version: str, expected: bool
) -> None:
    assert never_starts(product(**more), version) is expected


def test_a_release_that_is_ignored_says_why() -> None:
    one = product(checklists={"patch": "ignore"})
    said = refusal("acme", choose(one, "2.1.1", KNOWN))
    assert said == "acme starts nothing for a patch version after 2.1.0: 2.1.1 is ignored"


MONO = Organisation.model_validate(
    {
        "organisation": "Example",
        "products": {
            "app": {"title": "App", "repository": "example-org/mono"},
            "sdk": {"title": "SDK", "repository": "Example-Org/mono", "tags": "sdk@{version}"},
            "cli": {"title": "CLI", "repository": "example-org/mono", "tags": "tools/cli/v{version}"},
            "other": {"title": "Other", "repository": "example-org/other"},
            "inside": {"title": "Inside", "git": "ssh://git@git.example.com/team/inside.git"},
            "none": {"title": "None"},
        },
    }
)


@pytest.mark.parametrize(
    ("tag", "repository", "expected"),
    [
        ("v1.2.3", "example-org/mono", ("app", "1.2.3")),
        ("sdk@1.2.3", "EXAMPLE-ORG/MONO", ("sdk", "1.2.3")),
        ("tools/cli/v1.2.3-rc.1", "example-org/mono", ("cli", "1.2.3-rc.1")),
        ("v2.0", "git.example.com/team/inside", ("inside", "2.0")),
    ],
)
def test_a_tag_of_a_shared_repository_is_of_one_product(tag: str, repository: str, expected: tuple[str, str]) -> None:
    found = readings(tag, MONO, repository)
    assert problem(tag, found, MONO, repository) is None
    assert [(one.product, one.version) for one in found if one.version] == [expected]


def test_every_product_says_why_a_tag_is_none_of_its_own() -> None:
    said = {one.product: one.why for one in readings("sdk@1.2.3", MONO, "example-org/mono")}
    assert said == {
        "app": "its release tags read like `v{version}`",
        "sdk": "`sdk@{version}` reads it as version 1.2.3",
        "cli": "its release tags read like `tools/cli/v{version}`",
        "other": "its repository is example-org/other",
        "inside": "its repository is git.example.com/team/inside",
        "none": "its repository is not named",
    }

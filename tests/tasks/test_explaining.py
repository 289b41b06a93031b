"""A tag is explained by the rules that it meets when it arrives, and nothing comes of asking."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from checklists.decide import Refusal
from checklists.errors import LaunchError
from checklists.files.organisation_file import OrganisationFile
from checklists.request import LaunchRequest
from tasks.explaining import Asked, explain
from tasks.intake.asking import Ignored, asked_for
from tasks.intake.told import Tagged
from tasks.opening import open_launch
from tests.tasks.changes.repository import Repository, released
from tests.tasks.worlds import Place, place

GO = "checklist: {name}\nitems:\n  go: {{gate: Go, sign: [1 of launch-managers]}}\n"
ORGANISATION = """organisation: Example
people: {ada@example.com: {name: Ada, roles: [launch-managers]}}
products:
  acme:
    title: Acme
    repository: example-org/mono
    git: source
    checklists: {major: big, minor: big, patch: small}
    pre-releases: ignore
  sdk:
    title: SDK
    repository: example-org/mono
    tags: sdk@{version}
    checklists: {major: big, minor: lost, patch: ignore}
  twin: {title: Twin, repository: example-org/twin}
"""


@pytest.fixture
def at(tmp_path: Path) -> Iterator[Place]:
    made = place(tmp_path)
    (tmp_path / "organisation.yaml").write_text(ORGANISATION)
    for name in ("big", "small"):
        (tmp_path / f"{name}.yaml").write_text(GO.format(name=name))
    file = tmp_path / "organisation.yaml"
    given = made.world.settings.model_copy(update={"checklists": (tmp_path,), "organisation": file})
    yield replace(made, world=replace(made.world, settings=given, organisation_file=OrganisationFile(file)))
    made.ledger.dispose()


@pytest.fixture
def source(at: Place) -> Repository:
    return released(at.world.settings.home / "source")


def asked(at: Place) -> Asked:
    return Asked(at.world.settings, at.world.organisation, at.ledger)


def test_it_says_which_product_step_and_checklist_and_the_release_before(at: Place, source: Repository) -> None:
    found = explain(asked(at), "v1.1.1", repository="example-org/mono")
    assert found.choice is not None
    assert (found.product, found.choice.checklist, found.choice.since) == (
        "acme",
        "small",
        "a patch version after 1.1.0",
    )
    assert found.found == "the tag v1.1.0, by git"
    assert (found.outcome, found.starts) == ("the launch acme-1.1.1 with the checklist small", True)
    assert [one.why for one in found.readings] == [
        "`v{version}` reads it as version 1.1.1",
        "its release tags read like `sdk@{version}`",
        "its repository is example-org/twin",
    ]
    assert at.ledger.heads() == ()
    assert at.ledger.receipts.find("github:example-org/mono:v1.1.1") is None


@pytest.mark.parametrize(
    ("tag", "more", "outcome"),
    [
        ("v1.2.0-rc.1", {"product": "acme"}, "nothing: acme starts nothing for a pre-release such as 1.2.0-rc.1"),
        ("sdk@1.0.1", {}, "nothing: sdk starts nothing for a patch version by its look: 1.0.1 is ignored"),
        ("sdk@1.1.0", {}, 'no checklist is called "lost"'),
        ("v1.1.1", {}, "nothing: v1.1.1 fits `acme` and `twin`; say which with --product or --repository"),
        ("nightly", {}, "nothing: nightly is a release tag of no product"),
        ("nightly", {"repository": "example-org/mono"}, "nightly is no release tag of example-org/mono, where they"),
        ("v1.1.1", {"repository": "a/b"}, "no product in the organisation file has the repository a/b"),
        ("--upload-pack=x", {}, "nothing: it has signs that no release tag has"),
        ("v1\u202e0", {}, "nothing: it has signs that no release tag has"),
        ("v" + "1" * 250, {}, "nothing: it has signs that no release tag has"),
    ],
)
def test_it_says_why_nothing_would_start(
    tag: str, more: dict[str, str], outcome: str, at: Place, source: Repository
) -> None:
    found = explain(asked(at), tag, **more)
    assert outcome in found.outcome
    assert not found.starts


def test_a_release_that_has_its_launch_starts_nothing_new(at: Place, source: Repository) -> None:
    open_launch(at.world, LaunchRequest(product="acme", version="1.1.1"))
    assert explain(asked(at), "v1.1.1", "acme").outcome == "nothing new: acme-1.1.1 is there already, scheduled"


def test_where_git_is_away_it_says_so_and_what_is_known_here_counts(at: Place) -> None:
    open_launch(at.world, LaunchRequest(product="acme", version="1.1.0"))
    found = explain(asked(at), "v1.1.1", "acme")
    assert found.choice is not None
    assert found.choice.step == "patch"
    assert found.found.startswith("the launch acme-1.1.0; ")
    assert "cannot be read" in found.found


def test_git_copies_nothing_to_explain(at: Place, source: Repository) -> None:
    """Copying a large repository for the first time takes minutes, and the step must not depend on that."""
    explain(asked(at), "v1.1.1", "acme")
    assert list(at.world.settings.home.glob("mirrors/*.git")) == []


def test_an_unknown_product_is_an_error_that_names_the_likely_one(at: Place) -> None:
    with pytest.raises(LaunchError, match='did you mean "acme"'):
        explain(asked(at), "v1.0.0", "acne")


@pytest.mark.parametrize("tag", ["v1.1.1", "v1.2.0", "v2.0.0", "v1.2.0-rc.1", "sdk@1.0.1", "sdk@2.0.0", "nightly"])
def test_what_it_says_is_what_happens(tag: str, at: Place, source: Repository) -> None:
    said = explain(asked(at), tag, repository="example-org/mono")
    request = asked_for(Tagged(repository="example-org/mono", tag=tag), at.world.organisation)
    launch = request if isinstance(request, Ignored) else open_launch(at.world, request)
    assert said.starts is not isinstance(launch, Ignored | Refusal)
    if said.choice and not isinstance(launch, Ignored | Refusal):
        assert launch.checklist.checklist == said.choice.checklist

"""The past is written down as over: once, by version, and without a word to anybody."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from checklists.audit import audit
from checklists.commands import TMINUS, Abandon
from checklists.decide import Refusal
from checklists.due import due
from checklists.entries import Started
from checklists.errors import LaunchError
from checklists.files.organisation_file import OrganisationFile
from checklists.request import LaunchRequest
from tasks.act import act
from tasks.advance import advance
from tasks.backfilling import backfill, past
from tasks.explaining import Asked
from tasks.opening import open_launch
from tasks.patrol import patrol
from tests.tasks.changes.repository import Repository, repository
from tests.tasks.worlds import Place, place

NEWS = """checklist: {name}
items:
  go: {{gate: Go, sign: [1 of launch-managers]}}
  tell: {{announce: {{audience: customers, channels: [email]}}}}
"""
ORGANISATION = """organisation: Example
people: {ada@example.com: {name: Ada, roles: [launch-managers]}}
products:
  acme: {title: Acme, git: source, checklists: {major: big, minor: big, patch: small}}
  bare: {title: Bare}
audiences: {customers: {addresses: [customer@example.net], external: true}}
"""
TAGS = ["v0.9.0", "v1.0.0", "v2.0.0-rc.1", "v2.0.0", "v1.0.1", "nightly", "v1.10.0"]


@pytest.fixture
def at(tmp_path: Path) -> Iterator[Place]:
    made = place(tmp_path)
    file = tmp_path / "organisation.yaml"
    file.write_text(ORGANISATION)
    for name in ("big", "small"):
        (tmp_path / f"{name}.yaml").write_text(NEWS.format(name=name))
    given = made.world.settings.model_copy(update={"checklists": (tmp_path,), "organisation": file})
    yield replace(made, world=replace(made.world, settings=given, organisation_file=OrganisationFile(file)))
    made.ledger.dispose()


@pytest.fixture
def source(at: Place) -> Repository:
    made = repository(at.world.settings.home / "source")
    for tag in TAGS:
        made.commit(f"work on {tag}")
        made.git("tag", "--annotate", "--message=released", tag, GIT_COMMITTER_DATE="2024-02-03T04:05:06Z")
    return made


def asked(at: Place) -> Asked:
    return Asked(at.world.settings, at.world.organisation, at.ledger)


def fill(at: Place, since: str = "v1.0.0") -> list[str]:
    return [launch.id for launch in backfill(at.world, "acme", past(asked(at), "acme", since), TMINUS)]


def test_the_past_is_looked_at_by_version_and_looking_writes_nothing(at: Place, source: Repository) -> None:
    found = past(asked(at), "acme", "v1.0.0")
    assert [(one.version, one.checklist) for one in found if not one.skipped] == [
        ("1.0.0", "big"),
        ("1.0.1", "small"),
        ("1.10.0", "big"),
        ("2.0.0", "big"),
    ]
    assert [one.skipped for one in found if one.skipped] == ["acme starts nothing for a pre-release such as 2.0.0-rc.1"]
    assert at.ledger.heads() == ()


def test_a_tag_whose_name_would_end_a_line_elsewhere_is_no_release_and_no_trouble(
    at: Place, source: Repository
) -> None:
    before = past(asked(at), "acme", "v1.0.0")
    for sign in "\x85\u2028":
        source.tag(f"odd{sign}name")
        source.tag(f"v3.0{sign}0")
    assert past(asked(at), "acme", "v1.0.0") == before


def test_a_release_of_the_past_is_over_from_its_first_moment(at: Place, source: Repository) -> None:
    assert fill(at) == ["acme-1.0.0", "acme-1.0.1", "acme-1.10.0", "acme-2.0.0"]
    for head in at.ledger.heads():
        assert not head.is_open
        entries = at.ledger.read(head.launch_id)
        launch, breach = audit(entries)
        assert launch is not None
        assert breach is None
        assert isinstance(entries[0].data, Started)
        assert (launch.status, launch.imported, launch.has_ended) == ("closed", True, True)
        assert launch.launched_at == launch.closed_at == datetime(2024, 2, 3, 4, 5, 6, tzinfo=UTC)
        assert {state.status for state in launch.items.values()} == {"skipped"}
        assert due(launch, at.clock()) == ()


def test_nobody_is_asked_or_told_whatever_looks_at_it_later(at: Place, source: Repository) -> None:
    fill(at)
    for head in at.ledger.heads():
        advance(at.world, head.launch_id)
    patrol(at.world)
    assert at.board.runs == {}
    for head in at.ledger.heads():
        assert at.ledger.deliveries.of(head.launch_id) == ()
        assert at.ledger.notices.of(head.launch_id) == ()
    assert not at.world.settings.outbox.exists()


def test_done_twice_it_is_done_once(at: Place, source: Repository) -> None:
    fill(at)
    before = at.ledger.heads()
    assert fill(at) == []
    assert fill(at, "v0.9.0") == ["acme-0.9.0"]
    assert {head.seq for head in at.ledger.heads()} == {3}
    assert len(at.ledger.heads()) == len(before) + 1


def test_a_launch_that_is_there_stays_as_it_is(at: Place, source: Repository) -> None:
    real = open_launch(at.world, LaunchRequest(product="acme", version="2.0.0"))
    assert "acme-2.0.0" not in fill(at)
    assert at.ledger.launch("acme-2.0.0") == real
    act(at.world, "acme-2.0.0", Abandon(by=TMINUS, reason="no"))
    assert fill(at) == []


def test_a_late_event_of_a_past_release_starts_nothing(at: Place, source: Repository) -> None:
    fill(at)
    launch = open_launch(at.world, LaunchRequest(product="acme", version="2.0.0", tag="v2.0.0"))
    assert not isinstance(launch, Refusal)
    assert launch.imported
    assert at.board.runs == {}


@pytest.mark.parametrize(
    ("product", "since", "problem"),
    [
        ("acne", "v1.0.0", 'did you mean "acme"'),
        ("bare", "v1.0.0", "names no `git` address"),
        ("acme", "v9.0.0", "is no release tag at"),
        ("acme", "nightly", "is no release tag at"),
        ("acme", "--all", "is no release tag at"),
    ],
)
def test_what_cannot_be_read_says_why(product: str, since: str, problem: str, at: Place, source: Repository) -> None:
    with pytest.raises(LaunchError, match=problem):
        past(asked(at), product, since)

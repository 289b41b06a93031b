from __future__ import annotations

from datetime import UTC, datetime
from typing import Any, get_args

import pytest

from checklists.organisation import Organisation
from checklists.request import LaunchRequest
from tasks.intake.asking import Ignored, asked_for, receipt_of
from tasks.intake.told import Host, Tagged
from tests.web.room import COMMIT

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)


def organisation(**products: dict[str, Any]) -> Organisation:
    given = {key: {"title": key, **product} for key, product in products.items()}
    return Organisation.model_validate({"organisation": "Example", "products": given})


def told(tag: str = "v2.4.0", repository: str = "Example-Org/acme", **more: Any) -> Tagged:
    return Tagged(repository=repository, tag=tag, **more)


ACME = organisation(acme={"repository": "example-org/Acme"})
MONO = organisation(
    app={"repository": "example-org/mono"},
    sdk={"repository": "example-org/mono", "tags": "sdk@{version}"},
    beta={"repository": "example-org/mono", "tags": "beta/{version}", "checklists": {"pre-release": "hotfix"}},
    quiet={"repository": "example-org/mono", "tags": "quiet-{version}", "checklists": {"patch": "ignore"}},
)


def test_the_launch_gets_everything_the_release_said() -> None:
    tag = told(commit=COMMIT, notes="# Faster", url="https://github.com/x", requested_by="github:ada")
    asked = asked_for(tag, ACME)
    assert asked == LaunchRequest(
        product="acme",
        version="2.4.0",
        tag="v2.4.0",
        commit=COMMIT,
        repository="Example-Org/acme",
        url="https://github.com/x",
        notes="# Faster",
        requested_by="github:ada",
        receipt="github:example-org/acme:v2.4.0",
    )


ALL = Organisation(organisation="Example", products={**ACME.products, **MONO.products})


@pytest.mark.parametrize(
    ("tag", "product", "version"),
    [
        ("v2.4.0", "app", "2.4.0"),
        ("sdk@1.0.0", "sdk", "1.0.0"),
        ("beta/1.0.0-rc.1", "beta", "1.0.0-rc.1"),
        ("quiet-2.0", "quiet", "2.0"),
        ("quiet-2.0.1", "quiet", "2.0.1"),  # a patch only if 2.0.0 was released
    ],
)
def test_a_tag_of_a_shared_repository_finds_its_product(tag: str, product: str, version: str) -> None:
    asked = asked_for(told(tag, "Example-Org/mono"), MONO)
    assert isinstance(asked, LaunchRequest)
    assert (asked.product, asked.version) == (product, version)


@pytest.mark.parametrize(
    ("tag", "repository", "reason"),
    [
        ("v1.0.0", "example-org/acme", "no product in the organisation file has the repository example-org/acme"),
        ("nightly", "example-org/mono", "read like `beta/{version}` and `quiet-{version}` and `sdk@{version}`"),
        ("v1.0.0-rc.1", "example-org/mono", "app starts nothing for a pre-release such as 1.0.0-rc.1"),
        ("v1..0", "example-org/mono", "'v1..0' has signs that no release tag has"),
        ("v1\n0", "example-org/mono", "'v1\\n0' has signs that no release tag has"),
        ("v1\u202e0", "example-org/mono", "'v1\\u202e0' has signs that no release tag has"),
    ],
)
def test_a_tag_that_starts_nothing_says_why(tag: str, repository: str, reason: str) -> None:
    answer = asked_for(told(tag, repository), MONO)
    assert isinstance(answer, Ignored)
    assert reason in answer.reason


@pytest.mark.parametrize("tag", ["../x", "a/../b", "v1\x00", "v1\x1b[2J", "\ud800", "-rf", "v 1", "é", "x" * 201, ""])
def test_no_tag_however_odd_reaches_a_key_or_a_payload_as_it_was(tag: str) -> None:
    kept = receipt_of(told(tag), Ignored("odd"), "create", "1", NOW)
    assert kept.payload["tag"] != tag
    assert kept.release_key.isascii()
    assert kept.release_key.isprintable()


def test_notes_and_addresses_fit_a_launch() -> None:
    tag = told(notes="x\x00\r\n" + "y" * 20_000, url="https://github.com/" + "z" * 1_000)
    assert (len(tag.notes), tag.notes[:3], tag.notes[-1], tag.url) == (8_000, "x\ny", "…", None)
    assert told(url="javascript:alert(1)").url is None


def test_a_receipt_carries_the_request_or_the_reason() -> None:
    asked = asked_for(told(), ACME)
    new = receipt_of(told(), asked, "push", "5c8f", NOW)
    ignored = receipt_of(told(), Ignored("no such product"), "push", "5c8f", NOW)
    assert LaunchRequest.model_validate(new.payload) == asked
    assert (new.state, new.reason) == ("new", "")
    assert (ignored.state, ignored.reason) == ("ignored", "no such product")
    assert Tagged.model_validate(ignored.payload) == told()


@pytest.mark.parametrize(
    ("about", "product", "version", "tag"),
    [
        ({"product": "app", "version": "2.4.0"}, "app", "2.4.0", "v2.4.0"),
        ({"product": "sdk", "tag": "sdk@1.0.0"}, "sdk", "1.0.0", "sdk@1.0.0"),
        ({"product": "sdk", "repository": "Example-Org/Mono", "version": "1.1"}, "sdk", "1.1", "sdk@1.1"),
        ({"repository": "example-org/acme", "version": "3.0.0"}, "acme", "3.0.0", "v3.0.0"),
        ({"product": "app", "tag": "v1.0.0", "version": "1.0.0"}, "app", "1.0.0", "v1.0.0"),
    ],
)
def test_a_program_names_product_or_repository_and_tag_or_version(
    about: dict[str, str], product: str, version: str, tag: str
) -> None:
    answer = asked_for(Tagged(host="release", **about), ALL)
    assert isinstance(answer, LaunchRequest)
    assert (answer.product, answer.version, answer.tag) == (product, version, tag)


@pytest.mark.parametrize(
    ("about", "reason"),
    [
        ({"product": "absent", "version": "1.0.0"}, "no product in the organisation file is called absent"),
        ({"product": "app", "repository": "a/b", "version": "1.0.0"}, "called app with the repository a/b"),
        ({"product": "app", "tag": "sdk@1.0.0"}, "sdk@1.0.0 is no release tag of app"),
        ({"product": "app", "tag": "v1.0.0", "version": "2.0.0"}, "carries the version 1.0.0, not '2.0.0'"),
        ({"product": "app", "version": "latest"}, "'latest' is no version"),
        ({"repository": "example-org/mono", "version": "1.0.0"}, "name the `product`, or the `tag`"),
        ({"product": "app", "tag": "-rf"}, "has signs that no release tag has"),
    ],
)
def test_what_names_no_release_says_why(about: dict[str, str], reason: str) -> None:
    answer = asked_for(Tagged(host="release", **about), ALL)
    assert isinstance(answer, Ignored)
    assert reason in answer.reason
    assert not answer.is_meant


@pytest.mark.parametrize(
    ("host", "repository", "product"),
    [
        ("github", "twin/acme", "here"),
        ("gitlab", "twin/acme", "there"),
        ("gitea", "twin/acme", None),
        ("release", "twin/other", "other"),
    ],
)
def test_a_host_speaks_for_its_own_repositories_only(host: Host, repository: str, product: str | None) -> None:
    products = organisation(
        here={"repository": "twin/acme"},
        there={"repository": "twin/acme", "host": "gitlab"},
        other={"repository": "twin/other", "host": "gitea"},
    )
    answer = asked_for(Tagged(host=host, repository=repository, tag="v1.0.0"), products)
    if product is None:
        assert isinstance(answer, Ignored)
        assert "`here` (host: github), `there` (host: gitlab); correct `host`" in answer.reason
    else:
        assert isinstance(answer, LaunchRequest)
        assert answer.product == product


def test_the_key_names_the_host_so_that_two_of_them_never_share_a_receipt() -> None:
    keys = {Tagged(host=host, repository="a/b", tag="v1").release_key for host in get_args(Host)}
    assert keys == {"github:a/b:v1", "gitlab:a/b:v1", "gitea:a/b:v1", "release:a/b:v1"}


def test_a_receipt_of_before_there_were_other_hosts_is_understood() -> None:
    kept = {"repository": "Example-Org/acme", "tag": "v2.4.0", "requested_by": "github:ada"}
    assert Tagged.model_validate(kept).release_key == "github:example-org/acme:v2.4.0"

"""An address answers with the status it should."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from checklists.checks import HttpCheck
from tasks.checks.run import CheckResult, Subject, run_check
from tests.tasks.checks.site import Page, Site, hangs, redirects, says

Subjects = Callable[..., Subject]


def look(subject: Subject, *, timeout: int = 20, **target: Any) -> CheckResult:
    return run_check(HttpCheck.model_validate({"check": "http", "with": target, "timeout": timeout}), subject)


@pytest.mark.parametrize(
    ("page", "status", "ok"),
    [
        (says(200), 200, True),
        (says(404), 404, True),
        (says(204), 200, False),
        (says(500), 200, False),
        (redirects("/end"), 200, True),
        (redirects("/end"), 302, True),
        (redirects("/end", 308), 308, True),
        (redirects("/end", 301), 302, False),
    ],
)
def test_only_the_expected_status_is_good(site: Site, subject: Subjects, page: Page, status: int, ok: bool) -> None:
    site.pages |= {"/": page, "/end": says(200)}
    assert look(subject(), url=site.at("/"), status=status).ok is ok


def test_a_redirect_that_is_expected_is_not_followed(site: Site, subject: Subjects) -> None:
    site.pages["/"] = redirects("http://10.0.0.1/")
    assert look(subject(), url=site.at("/"), status=302).ok


def test_a_wrong_status_is_said_with_what_to_do(site: Site, subject: Subjects) -> None:
    site.pages["/"] = says(503)
    result = look(subject(), url=site.at("/"))
    assert result.summary == f"{site.at('/')} answers 503"
    assert result.findings == (f"{site.at('/')} answers 503, not 200; bring it up, or correct `status` in the item",)


def test_the_launch_is_filled_in_and_quoted(site: Site, subject: Subjects) -> None:
    site.pages["/acme/v1%2F%3F%23%40%20x"] = says(200)
    assert look(subject(tag="v1/?#@ x"), url=site.at("/{product}/{tag}")).ok


def test_what_is_filled_in_cannot_change_the_host(site: Site, subject: Subjects) -> None:
    result = look(subject(version="127.0.0.1/?"), url=f"http://{{version}}:{site.port}/")
    assert not result.ok
    assert not site.asked


@pytest.mark.parametrize(
    ("allowed", "reason"),
    [((), "is not a public address"), (("10.0.0.0/8",), "is not a public address"), (("lo",), "is not a network")],
)
def test_what_may_not_be_asked_is_a_finding(
    site: Site, subject: Subjects, allowed: tuple[str, ...], reason: str
) -> None:
    result = look(subject(allowed_networks=allowed), url=site.at("/"))
    assert not result.ok
    assert reason in result.findings[0]
    assert not site.asked


def test_a_hanging_server_is_left_after_the_items_timeout(site: Site, subject: Subjects) -> None:
    site.pages["/"] = hangs
    assert "did not answer in time" in look(subject(), url=site.at("/"), timeout=1).findings[0]

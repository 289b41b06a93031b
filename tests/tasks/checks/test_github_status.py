"""A commit is green only when GitHub shows that everything ran and nothing failed."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest

from checklists.checks import GithubStatusCheck
from tasks.checks.run import CheckResult, Subject, run_check
from tests.tasks.checks.site import Page, Site, floods, hangs, redirects, says

Subjects = Callable[..., Subject]
SHA = "9f2c" * 10
PATH = f"/repos/acme/shop/commits/{SHA}"
GREEN = {"name": "build", "status": "completed", "conclusion": "success", "output": {"text": "…"}}


def look(subject: Subject, timeout: int = 20) -> CheckResult:
    return run_check(GithubStatusCheck.model_validate({"check": "github-status", "timeout": timeout}), subject)


def speaks(value: Any) -> Page:
    return says(200, json.dumps(value), kind="application/json; charset=utf-8")


def runs(*found: dict[str, Any], total: int | None = None) -> Page:
    return speaks({"total_count": len(found) if total is None else total, "check_runs": found})


def statuses(state: str, *states: str, total: int | None = None) -> Page:
    found = [{"context": f"ci/{number}", "state": one, "url": "…"} for number, one in enumerate(states)]
    return speaks({"state": state, "total_count": len(found) if total is None else total, "statuses": found})


@pytest.fixture
def launch(site: Site, subject: Subjects) -> Subject:
    site.pages |= {f"{PATH}/check-runs": runs(GREEN), f"{PATH}/status": statuses("pending")}
    return subject(repository="acme/shop", github_api=site.at(""), allowed_networks=())


def test_a_commit_is_green_when_everything_is(site: Site, launch: Subject) -> None:
    site.pages[f"{PATH}/check-runs"] = runs(GREEN, GREEN | {"conclusion": "skipped"}, GREEN | {"conclusion": "neutral"})
    site.pages[f"{PATH}/status"] = statuses("success", "success")
    result = look(launch)
    assert result.ok
    assert result.summary == f"4 checks of acme/shop@{SHA[:12]} green"


@pytest.mark.parametrize("only", ["check-runs", "status"])
def test_either_kind_of_check_is_enough(site: Site, launch: Subject, only: str) -> None:
    if only == "status":
        site.pages |= {f"{PATH}/check-runs": runs(), f"{PATH}/status": statuses("success", "success")}
    assert look(launch).ok


@pytest.mark.parametrize(
    ("status", "conclusion", "said"),
    [
        ("queued", None, "queued"),
        ("in_progress", None, "in progress"),
        ("waiting", None, "waiting"),
        ("completed", "failure", "failure"),
        ("completed", "cancelled", "cancelled"),
        ("completed", "timed_out", "timed out"),
        ("completed", "action_required", "action required"),
        ("completed", "stale", "stale"),
        ("completed", "startup_failure", "startup failure"),
        ("completed", None, "unknown"),
        ("completed", "", "unknown"),
        ("success", None, "success"),
    ],
)
def test_a_check_run_that_has_not_passed_blocks(
    site: Site, launch: Subject, status: str, conclusion: str | None, said: str
) -> None:
    site.pages[f"{PATH}/check-runs"] = runs(GREEN, {"name": "e2e", "status": status, "conclusion": conclusion})
    result = look(launch)
    assert not result.ok
    assert result.findings == (f"acme/shop@{SHA[:12]}: e2e is {said}; let it finish or fix it",)


@pytest.mark.parametrize(
    ("state", "states", "findings"),
    [("pending", ("success", "pending"), 1), ("failure", ("failure", "error"), 2), ("failure", ("success",), 1)],
)
def test_a_commit_status_that_is_not_success_blocks(
    site: Site, launch: Subject, state: str, states: tuple[str, ...], findings: int
) -> None:
    site.pages[f"{PATH}/status"] = statuses(state, *states)
    result = look(launch)
    assert not result.ok
    assert len(result.findings) == findings


def test_a_commit_without_any_check_is_not_green(site: Site, launch: Subject) -> None:
    site.pages[f"{PATH}/check-runs"] = runs()
    result = look(launch)
    assert not result.ok
    assert "has no checks on GitHub at all" in result.findings[0]


@pytest.mark.parametrize("conclusion", ["success", "failure"])
def test_every_page_counts(site: Site, launch: Subject, conclusion: str) -> None:
    site.pages[f"{PATH}/check-runs?per_page=100&page=1"] = runs(*[GREEN] * 100, total=101)
    site.pages[f"{PATH}/check-runs?per_page=100&page=2"] = runs(GREEN | {"conclusion": conclusion}, total=101)
    result = look(launch)
    assert result.ok is (conclusion == "success")
    assert result.looked_at == 101


@pytest.mark.parametrize("kind", ["check-runs", "status"])
def test_results_that_are_not_shown_do_not_pass(site: Site, launch: Subject, kind: str) -> None:
    site.pages[f"{PATH}/{kind}"] = runs(GREEN, total=2000) if kind == "check-runs" else statuses("success", total=3)
    result = look(launch)
    assert not result.ok
    assert "look at the commit there" in result.findings[0]
    assert len(site.asked) <= 11


@pytest.mark.parametrize(
    ("page", "reason"),
    [
        (says(401, '{"message": "Bad credentials"}'), "does not let us look (401)"),
        (says(403, '{"message": "Resource not accessible"}'), "does not let us look (403)"),
        (says(403, '{"message": "API rate limit exceeded for 192.0.2.1."}'), "rate limit is used up (403)"),
        (says(403, "You have exceeded a secondary rate limit."), "rate limit is used up (403)"),
        (says(429), "rate limit is used up (429)"),
        (says(404, '{"message": "Not Found"}'), "does not know this commit (404)"),
        (says(422, '{"message": "No commit found for SHA"}'), "does not know this commit (422)"),
        (says(500, "<html>oops</html>"), "GitHub answers 500; try again later"),
        (says(502, "<html>unicorn</html>"), "GitHub answers 502; try again later"),
        (says(200, "<html>Sign in to the guest network</html>"), "correct TMINUS_GITHUB_API"),
        (speaks([]), "correct TMINUS_GITHUB_API"),
        (speaks({"total_count": 0}), "correct TMINUS_GITHUB_API"),
        (redirects("http://127.0.0.1:1/"), "must not see the credentials"),
        (floods, "is longer than 16 MiB"),
    ],
)
def test_what_github_cannot_say_is_never_green(site: Site, launch: Subject, page: Page, reason: str) -> None:
    site.pages[f"{PATH}/check-runs"] = page
    result = look(launch)
    assert not result.ok
    assert reason in result.findings[0]


def test_a_github_that_hangs_is_never_green(site: Site, launch: Subject) -> None:
    site.pages[f"{PATH}/check-runs"] = hangs
    assert "did not answer in time" in look(launch, timeout=1).findings[0]


def test_a_repository_that_was_renamed_is_followed_on_the_same_server(site: Site, launch: Subject) -> None:
    site.pages |= {f"{PATH}/check-runs": redirects("/repositories/1/check-runs", 301)}
    site.pages["/repositories/1/check-runs"] = runs(GREEN)
    assert look(launch).ok


@pytest.mark.parametrize("token", [None, "ghp_secret"])
def test_the_token_goes_to_github_and_into_no_message(site: Site, launch: Subject, token: str | None) -> None:
    site.pages[f"{PATH}/status"] = says(401)
    result = look(Subject.model_validate({**dict(launch), "github_token": token}))
    assert [headers.get("Authorization") for headers in site.headers] == [f"Bearer {token}" if token else None] * 2
    assert "secret" not in result.model_dump_json()


@pytest.mark.parametrize(
    ("missing", "remedy"), [("repository", "organisation file"), ("commit", "start it from a tag, or with --commit")]
)
def test_without_a_commit_or_repository_it_says_what_to_do(
    site: Site, launch: Subject, missing: str, remedy: str
) -> None:
    result = look(launch.model_copy(update={missing: None}))
    assert remedy in result.findings[0]
    assert not site.asked


def test_a_commit_cannot_lead_to_another_address(site: Site, launch: Subject) -> None:
    look(launch.model_copy(update={"commit": "../../../user?x#"}))
    assert site.asked == ["GET /repos/acme/shop/commits/..%2F..%2F..%2Fuser%3Fx%23/check-runs?per_page=100&page=1"]

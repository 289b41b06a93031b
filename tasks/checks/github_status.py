"""Whether all checks of the launch's commit are green on GitHub: check runs and commit statuses."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TypeVar
from urllib.parse import quote

from pydantic import BaseModel, ConfigDict, ValidationError

from checklists.checks import GithubStatusCheck
from tasks.checks.fetch import MEBIBYTE, Answer, Fetcher
from tasks.checks.result import CheckFailed, CheckResult, judged
from tasks.checks.subject import Subject

PASSING = ("success", "neutral", "skipped")
"""What GitHub itself counts as passed: docs.github.com, "About status checks"."""

PER_PAGE = 100
PAGES = 10
PAGE_SIZE = 16 * MEBIBYTE
EVERYWHERE = ("0.0.0.0/0", "::/0")
"""The API's address is the operator's setting, not a stranger's text: it may be private."""


class Said(BaseModel):
    """The part of GitHub's answers that is read; the rest is ignored."""

    model_config = ConfigDict(frozen=True, extra="ignore")


class CheckRun(Said):
    """One job of GitHub Actions or of an app."""

    name: str
    status: str
    conclusion: str | None = None

    @property
    def state(self) -> str:
        return self.conclusion or "unknown" if self.status == "completed" else self.status

    @property
    def is_green(self) -> bool:
        return self.status == "completed" and self.conclusion in PASSING


class CheckRuns(Said):
    """One page of `GET /repos/{repo}/commits/{sha}/check-runs`."""

    total_count: int
    check_runs: tuple[CheckRun, ...]


class Status(Said):
    """The newest status of one context."""

    context: str
    state: str

    @property
    def name(self) -> str:
        return self.context

    @property
    def is_green(self) -> bool:
        return self.state == "success"


class CombinedStatus(Said):
    """One page of `GET /repos/{repo}/commits/{sha}/status`; with no statuses its state is `pending`."""

    state: str
    total_count: int
    statuses: tuple[Status, ...]


Page = TypeVar("Page", CheckRuns, CombinedStatus)
Found = TypeVar("Found", CheckRun, Status)


class Commit:
    """A commit on GitHub, to be asked about."""

    def __init__(self, subject: Subject, seconds: float) -> None:
        if not subject.repository:
            raise CheckFailed(f"{subject.product} has no repository; give it one in the organisation file")
        if not subject.commit:
            raise CheckFailed("this launch has no commit; start it from a tag, or with --commit")
        self.name = f"{subject.repository}@{subject.commit[:12]}"
        path = f"repos/{quote(subject.repository)}/commits/{quote(subject.commit, safe='')}"
        self._address = f"{subject.github_api.rstrip('/')}/{path}"
        self._headers = {"Accept": "application/vnd.github+json", "X-GitHub-Api-Version": "2022-11-28"}
        if subject.github_token:
            self._headers["Authorization"] = f"Bearer {subject.github_token.get_secret_value()}"
        self._fetcher = Fetcher(EVERYWHERE, seconds)

    def check_runs(self) -> tuple[CheckRun, ...]:
        pages = tuple(self._pages("check-runs", CheckRuns))
        return self._whole(tuple(run for page in pages for run in page.check_runs), pages[0].total_count)

    def statuses(self) -> tuple[Status, ...]:
        pages = tuple(self._pages("status", CombinedStatus))
        found = self._whole(tuple(status for page in pages for status in page.statuses), pages[0].total_count)
        if found and pages[0].state != "success" and all(status.is_green for status in found):
            return (*found, Status(context="the combined status", state=pages[0].state))
        return found

    def _pages(self, what: str, kind: type[Page]) -> Iterator[Page]:
        for number in range(1, PAGES + 1):
            page = self._page(f"{self._address}/{what}?per_page={PER_PAGE}&page={number}", kind)
            yield page
            if page.total_count <= number * PER_PAGE:
                return

    def _page(self, address: str, kind: type[Page]) -> Page:
        answer = self._fetcher.fetch(address, read_at_most=PAGE_SIZE, headers=self._headers)
        if not answer.is_good:
            raise CheckFailed(f"{self.name}: {_refusal(answer)}")
        try:
            return kind.model_validate_json(answer.text)
        except ValidationError as problem:
            raise CheckFailed(
                f"{self.name}: {address} does not answer as GitHub's API does; correct TMINUS_GITHUB_API"
            ) from problem

    def _whole(self, found: tuple[Found, ...], total: int) -> tuple[Found, ...]:
        if len(found) < total:
            raise CheckFailed(f"{self.name}: GitHub showed {len(found)} of {total} results; look at the commit there")
        return found


def check_github_status(check: GithubStatusCheck, subject: Subject) -> CheckResult:
    commit = Commit(subject, check.timeout)
    found: tuple[CheckRun | Status, ...] = (*commit.check_runs(), *commit.statuses())
    if not found:
        raise CheckFailed(f"{commit.name} has no checks on GitHub at all; let its CI run, or waive this item")
    wrong = [
        f"{commit.name}: {one.name} is {one.state.replace('_', ' ')}; let it finish or fix it"
        for one in found
        if not one.is_green
    ]
    total = f"{len(found)} check{'' if len(found) == 1 else 's'} of {commit.name}"
    bad = f"{len(wrong)} of {total} {'is' if len(wrong) == 1 else 'are'} not green"
    return judged(wrong, looked_at=len(found), good=f"{total} green", bad=bad)


def _refusal(answer: Answer) -> str:
    if answer.status == 429 or (answer.status == 403 and "rate limit" in answer.text.lower()):
        return f"GitHub's rate limit is used up ({answer.status}); set TMINUS_GITHUB_TOKEN, or try again later"
    if answer.status in (401, 403):
        return f"GitHub does not let us look ({answer.status}); correct TMINUS_GITHUB_TOKEN or its permissions"
    if answer.status in (404, 422):
        return (
            f"GitHub does not know this commit ({answer.status});"
            " correct the repository, or give TMINUS_GITHUB_TOKEN access to it"
        )
    return f"GitHub answers {answer.status}; try again later"

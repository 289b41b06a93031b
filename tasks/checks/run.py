"""One attempt at an automated check; Prefect makes the further ones."""

from __future__ import annotations

from checklists.checks import Automated, CommandCheck, GithubStatusCheck, HttpCheck, LinksCheck
from tasks.checks.address import check_address
from tasks.checks.command import check_command
from tasks.checks.github_status import check_github_status
from tasks.checks.links import check_links
from tasks.checks.result import CheckFailed, CheckResult
from tasks.checks.subject import Subject

__all__ = ["CheckResult", "Subject", "run_check"]


def run_check(check: Automated, subject: Subject) -> CheckResult:
    """Looks once, for at most the item's `timeout`; what could not be looked at is a finding, never an exception."""
    try:
        return _looked(check, subject)
    except CheckFailed as problem:
        return CheckResult(ok=False, summary=str(problem), findings=(str(problem),))


def _looked(check: Automated, subject: Subject) -> CheckResult:
    match check:
        case LinksCheck():
            return check_links(check, subject)
        case HttpCheck():
            return check_address(check, subject)
        case GithubStatusCheck():
            return check_github_status(check, subject)
        case CommandCheck():
            return check_command(check, subject)
    raise TypeError(f"no check is made of a {type(check).__name__}")

"""Whether an address answers with the status it should."""

from __future__ import annotations

from checklists.checks import HttpCheck
from tasks.checks.fetch import Fetcher
from tasks.checks.result import CheckResult, judged
from tasks.checks.subject import Subject


def check_address(check: HttpCheck, subject: Subject) -> CheckResult:
    """Redirects are followed, unless a redirect is what is expected."""
    address, expected = subject.filled_address(check.with_.url), check.with_.status
    fetcher = Fetcher(subject.allowed_networks, check.timeout)
    status = fetcher.fetch(address, follow=not 300 <= expected < 400).status
    said = f"{address} answers {status}"
    wrong = f"{said}, not {expected}; bring it up, or correct `status` in the item"
    return judged([] if status == expected else [wrong], looked_at=1, good=said, bad=said)

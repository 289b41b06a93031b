"""Whether every link in the named files and pages answers."""

from __future__ import annotations

from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

from checklists.checks import LinksCheck
from tasks.checks.fetch import Fetcher, OutOfTime
from tasks.checks.result import CheckFailed, CheckResult, judged
from tasks.checks.sources import Source, is_web, read_file, read_page
from tasks.checks.subject import Subject

LINKS = 500
AT_ONCE = 8
PATIENCE = 15.0
"""Seconds one link may take: a few that hang must not use up the time of all the others."""

HEAD_IS_BELIEVED = (404, 410, 429)


@dataclass(frozen=True, slots=True)
class Link:
    """Where a link leads, and the first file or page it stands in."""

    target: str
    source: str


@dataclass(frozen=True, slots=True)
class Outcome:
    """What following a link showed; a link nobody had time for is not `asked`."""

    finding: str | None = None
    asked: bool = True


def check_links(check: LinksCheck, subject: Subject) -> CheckResult:
    fetcher = Fetcher(subject.allowed_networks, check.timeout, PATIENCE)
    files, pages = _named(check, subject)
    with ThreadPoolExecutor(AT_ONCE) as threads:
        sources = [read_file(name, subject) for name in files]
        sources += threads.map(lambda page: read_page(page, fetcher), pages)
        links = _links(sources)
        outcomes = list(threads.map(lambda link: _followed(link, fetcher, subject), links[:LINKS]))
    return _judged(check, sources, len(links), outcomes)


def follow(sources: Mapping[str, str], subject: Subject, seconds: float) -> list[str]:
    """Which of these addresses do not answer, one sentence each; `sources` says of each where it stands."""
    fetcher = Fetcher(subject.allowed_networks, seconds, PATIENCE)
    with ThreadPoolExecutor(AT_ONCE) as threads:
        outcomes = threads.map(lambda link: _followed(Link(*link), fetcher, subject), sources.items())
        return [outcome.finding for outcome in outcomes if outcome.finding]


def _named(check: LinksCheck, subject: Subject) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The files and pages to look in: those the item names, else the product's own pages."""
    named = check.with_
    pages = named.pages if named.files or named.pages else subject.pages
    if not named.files and not pages:
        raise CheckFailed("no links to look at; name `files` or `pages` under `with`, or give the product `pages`")
    files = dict.fromkeys(subject.filled(name) for name in named.files)
    return tuple(files), tuple(dict.fromkeys(subject.filled_address(page) for page in pages))


def _links(sources: list[Source]) -> list[Link]:
    """Every link once; one to a file or page that was itself looked at has been followed already."""
    seen = {source.name for source in sources}
    first: dict[str, str] = {}
    for source in sources:
        for target in source.links:
            first.setdefault(target, source.name)
    return [Link(target, source) for target, source in first.items() if target not in seen]


def _followed(link: Link, fetcher: Fetcher, subject: Subject) -> Outcome:
    try:
        status = _status(link.target, fetcher) if is_web(link.target) else _found(link.target, subject)
    except OutOfTime:
        return Outcome(asked=False)
    except CheckFailed as problem:
        return Outcome(f"{link.source}: {problem}")
    if status < 400:
        return Outcome()
    return Outcome(f"{link.source}: {link.target} answers {status}; correct or remove the link")


def _status(address: str, fetcher: Fetcher) -> int:
    """Asks with HEAD, and again with GET where that says no: many servers know only GET."""
    status = fetcher.fetch(address, method="HEAD").status
    return status if status < 400 or status in HEAD_IS_BELIEVED else fetcher.fetch(address).status


def _found(name: str, subject: Subject) -> int:
    subject.path(name)
    return 200


def _judged(check: LinksCheck, sources: list[Source], links: int, outcomes: list[Outcome]) -> CheckResult:
    findings = [
        *filter(None, (source.finding for source in sources)),
        *filter(None, (seen.finding for seen in outcomes)),
    ]
    asked = sum(outcome.asked for outcome in outcomes)
    if asked < len(outcomes):
        missed = _count(len(outcomes) - asked, "link")
        findings.append(f"no time was left for {missed} after {check.timeout} s; raise the item's `timeout`")
    if links > LINKS:
        findings.append(f"only the first {LINKS} of {links} links were looked at; spread them over several items")
    place = f"{_count(asked, 'link')} in {_count(len(sources), 'source')}"
    bad = f"{_count(len(findings), 'problem')} with {place}"
    return judged(findings, looked_at=asked, good=f"{place} answered", bad=bad)


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"

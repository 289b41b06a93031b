"""The files and pages that links are looked for in, and where their links lead."""

from __future__ import annotations

import posixpath
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import unquote, urldefrag, urljoin, urlsplit

from tasks.checks.documents import html_links, markdown_links
from tasks.checks.fetch import MEBIBYTE, Answer, Fetcher
from tasks.checks.result import CheckFailed
from tasks.checks.subject import Subject

PAGE_SIZE = 2 * MEBIBYTE
FILE_SIZE = MEBIBYTE // 2


@dataclass(frozen=True, slots=True)
class Source:
    """A file or page that was looked at; its links are whole addresses, or paths below the checklist's folder."""

    name: str
    links: tuple[str, ...] = ()
    finding: str | None = None


def read_file(name: str, subject: Subject) -> Source:
    try:
        path = subject.path(name)
        text = _text(path, name)
    except CheckFailed as problem:
        return Source(name, finding=str(problem))
    written = html_links(text)[1] if path.suffix.lower() in (".html", ".htm") else markdown_links(text)
    return Source(name, _known(_from_file(link, name) for link in written))


def read_page(address: str, fetcher: Fetcher) -> Source:
    try:
        answer = fetcher.fetch(address, read_at_most=PAGE_SIZE)
    except CheckFailed as problem:
        return Source(address, finding=str(problem))
    if not answer.is_good:
        return Source(address, finding=f"{address}: answers {answer.status}; correct the address or bring the page up")
    base, written = _written(answer)
    return Source(address, _known(_from_page(link, base) for link in written))


def is_web(link: str) -> bool:
    return link.startswith(("http://", "https://"))


def _known(links: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(link for link in links if link))


def _text(path: Path, name: str) -> str:
    if not path.is_file():
        raise CheckFailed(f"{name}: is not a file; name a file")
    try:
        with path.open("rb") as file:
            content = file.read(FILE_SIZE + 1)
    except OSError as problem:
        raise CheckFailed(f"{name}: cannot be read ({problem.strerror}); correct its permissions") from problem
    if len(content) > FILE_SIZE:
        raise CheckFailed(f"{name}: is longer than {FILE_SIZE // 1024} KiB; split it")
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as problem:
        raise CheckFailed(f"{name}: is not UTF-8 text; save it as UTF-8") from problem


def _written(answer: Answer) -> tuple[str, tuple[str, ...]]:
    """What a page's links are relative to, and its links as written; none in what is neither HTML nor markdown."""
    if answer.media_type in ("text/html", "application/xhtml+xml", ""):
        base, links = html_links(answer.text)
        return _from_page(base, answer.address) or answer.address, links
    is_markdown = urlsplit(answer.address).path.lower().endswith((".md", ".markdown"))
    if answer.media_type == "text/markdown" or (answer.media_type == "text/plain" and is_markdown):
        return answer.address, markdown_links(answer.text[:FILE_SIZE])
    return answer.address, ()


def _from_page(link: str, base: str) -> str:
    """The whole address without its fragment; empty for what is no web address (`mailto:`, `data:`)."""
    try:
        address = urldefrag(urljoin(base, link)).url
    except ValueError:
        return link  # asking for it says what is wrong with it
    return address if is_web(address) else ""


def _from_file(link: str, name: str) -> str:
    """The same, but a relative link leads to a path below the checklist's folder."""
    try:
        parts = urlsplit(link)
    except ValueError:
        return link
    if parts.scheme or parts.netloc:
        return _from_page(link, "https:")
    return posixpath.normpath(posixpath.join(posixpath.dirname(name), unquote(parts.path))) if parts.path else ""

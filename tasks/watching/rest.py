"""Lists over a host's REST API: page by page, sent again only where they changed, asked for as often as is allowed."""

from __future__ import annotations

import math
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urljoin, urlsplit

import requests
from urllib3.exceptions import HTTPError

from checklists.errors import LaunchError
from tasks.retry_after import retry_after
from templates.words import one_line

PATIENCE = 10  # seconds
LARGEST = 8 * 1024 * 1024  # bytes of one page
MOST_PAGES = 1_100  # 100,000 tags and some
PAGE_TIME, LOOK_TIME = 60, 300  # seconds for a page that trickles in, and for all of them
LIMITED = (403, 429)
LONGEST_WAIT = 86_400  # seconds that a host may put us off: a day


class Later(LaunchError):
    """The host wants to be asked again later: `at` (Unix time), where it says when."""

    def __init__(self, said: str, at: float | None = None) -> None:
        super().__init__(said)
        self.at = at


@dataclass(frozen=True, slots=True)
class Page:
    """One page as it last was: its rows, the mark to ask with whether it changed, and the address of the next."""

    rows: list[Any]
    etag: str = ""
    next: str = ""

    @property
    def kept(self) -> dict[str, Any]:
        return {"rows": self.rows, "etag": self.etag, "next": self.next}


@dataclass(frozen=True, slots=True)
class Rest:
    """A host: the address of its API, and what it wants to see in every request."""

    api: str
    headers: Mapping[str, str]

    def address(self, path: str) -> str:
        return f"{self.api.rstrip('/')}/{path}"

    def pages(self, path: str, known: Mapping[str, Page]) -> Iterator[tuple[str, Page]]:
        """Every page from this path on, by address. Raises Later."""
        address = self.address(path)
        until = time.monotonic() + LOOK_TIME
        for _ in range(MOST_PAGES):
            if time.monotonic() > until:
                raise Later(
                    f"{self.api}: its pages take more than {LOOK_TIME} seconds; watch it with plain git instead"
                )
            page = self.page(address, known.get(address))
            yield address, page
            if not page.next:
                return
            address = page.next
        raise Later(f"{self.api}: there are more than {MOST_PAGES} pages; watch it with plain git instead")

    def one(self, path: str) -> Any | None:
        """A single object; None where there is none of it."""
        answer = self._get(self.address(path), {})
        return None if answer.status_code == 404 else self._json(answer)

    def page(self, address: str, known: Page | None) -> Page:
        """As it is now, or as it is known where it has not changed. Raises Later."""
        answer = self._get(address, {"If-None-Match": known.etag} if known and known.etag else {})
        if answer.status_code == 304 and known:
            return known
        rows = self._json(answer)
        if not isinstance(rows, list):
            raise Later(f"{self._name(answer)} answers no list; correct its address in the settings")
        return Page(rows, answer.headers.get("ETag", ""), self._next(answer))

    def _get(self, address: str, more: Mapping[str, str]) -> requests.Response:
        try:
            with requests.get(
                address, headers={**self.headers, **more}, timeout=PATIENCE, allow_redirects=False, stream=True
            ) as answer:
                answer._content = _read(answer)
        except (requests.RequestException, HTTPError, OSError) as error:
            raise Later(f"{urlsplit(address).netloc} does not answer ({type(error).__name__})") from error
        if answer.status_code not in (200, 304, 404):
            raise _refused(answer)
        return answer

    def _json(self, answer: requests.Response) -> Any:
        if answer.status_code == 404:
            raise Later(f"{self._name(answer)} shows us no such repository; check its name and the token")
        try:
            return answer.json()
        except ValueError as error:
            said = f"{self._name(answer)} answers something else than JSON; correct its address in the settings"
            raise Later(said) from error

    def _next(self, answer: requests.Response) -> str:
        """The next page, where it lies on the same host: the token goes nowhere else."""
        link = str(answer.links.get("next", {}).get("url", ""))
        target = urljoin(answer.url, link) if link else ""
        return target if target.startswith(f"{self.api.rstrip('/')}/") else ""

    def _name(self, answer: requests.Response) -> str:
        return urlsplit(answer.url).netloc


def _read(answer: requests.Response) -> bytes:
    """The body, to a limit of size and time. Raises OSError for more.

    As it comes in: a whole chunk of one that trickles in would take hours.
    """
    kept, until = bytearray(), time.monotonic() + PAGE_TIME
    while chunk := answer.raw.read1(65_536, decode_content=True):
        kept += chunk
        if len(kept) > LARGEST or time.monotonic() > until:
            raise OSError("the answer is too large, or takes too long")
    return bytes(kept)


def _refused(answer: requests.Response) -> Later:
    name, status = urlsplit(answer.url).netloc, answer.status_code
    if status in LIMITED and (at := _allowed_again(answer.headers)):
        again = f"{datetime.fromtimestamp(at, UTC):%H:%M} UTC"
        return Later(f"{name} has had enough of us ({status}); it is asked again at {again}, or set a token", at)
    if status in (401, 403):
        return Later(f"{name} does not let us look ({status}); correct the token or its permissions")
    return Later(f"{name} answers {status}: {one_line(answer.text[:200], 100)}")


def _allowed_again(headers: Mapping[str, str]) -> float | None:
    """When the host lets us ask again, as Unix time: Retry-After in seconds or as a date, or the reset of its limit.

    In a day at the latest; None where it says nothing that is a time.
    """
    try:
        at = _said(headers)
    except (ValueError, OverflowError):
        return None
    return min(at, time.time() + LONGEST_WAIT) if at is not None and math.isfinite(at) and at > 0 else None


def _said(headers: Mapping[str, str]) -> float | None:
    if (wait := retry_after(headers)) is not None:
        return time.time() + wait
    left = headers.get("X-RateLimit-Remaining", headers.get("RateLimit-Remaining", ""))
    reset = headers.get("X-RateLimit-Reset", headers.get("RateLimit-Reset", ""))
    return float(reset) if left.strip() == "0" and reset else None

"""HTTP requests to where a stranger says: guarded, bounded in size, time and redirects, without proxies or cookies."""

from __future__ import annotations

import hashlib
import time
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Literal

import httpcore
import httpx

from tasks.checks.door import Door
from tasks.checks.guard import Unusable, networks
from tasks.checks.result import CheckFailed

MEBIBYTE = 2**20
REDIRECTS = 5
REDIRECTING = (301, 302, 303, 307, 308)
HEADERS = MappingProxyType({"User-Agent": "tminus (launch checks)", "Accept": "*/*", "Accept-Encoding": "identity"})
NO_HEADERS: Mapping[str, str] = MappingProxyType({})

BROKEN = (httpcore.NetworkError, httpcore.ProtocolError)
NO_ADDRESS = (httpx.InvalidURL, UnicodeError)
"""The second where a host begins like an internationalised name and is none."""


class NoAnswer(CheckFailed):
    """An address that gave no answer which could be used; the sentence names it and says why."""


class OutOfTime(NoAnswer):
    """The check's time was over before this address was asked."""


@dataclass(frozen=True, slots=True)
class Digest:
    """What a body was: its sha256, and how many bytes."""

    sha256: str
    size: int


@dataclass(frozen=True, slots=True)
class Answer:
    """What an address said in the end; `text` is empty unless reading was asked for, `digest` None unless that was."""

    status: int
    address: str
    media_type: str
    text: str
    digest: Digest | None = None

    @property
    def is_good(self) -> bool:
        return 200 <= self.status < 300


@dataclass(frozen=True, slots=True)
class Request:
    """What is asked, of whoever it is passed on to; `headers` are secret and go to the first origin only."""

    method: Literal["GET", "HEAD"]
    headers: Mapping[str, str]
    read_at_most: int
    digest_at_most: int
    deadline: float


class Fetcher:
    """Asks addresses until its `seconds` are over, each for at most `patience` seconds; threads may share one."""

    def __init__(self, allowed: Iterable[str], seconds: float, patience: float | None = None) -> None:
        self._allowed = networks(allowed)
        self._deadline = time.monotonic() + seconds
        self._patience = seconds if patience is None else patience
        self._tls = httpx.create_ssl_context()

    def fetch(
        self,
        address: str,
        *,
        method: Literal["GET", "HEAD"] = "GET",
        follow: bool = True,
        read_at_most: int = 0,
        digest_at_most: int = 0,
        headers: Mapping[str, str] = NO_HEADERS,
    ) -> Answer:
        """Raises NoAnswer when nothing usable came; any status is an answer. A digest keeps nothing of the body."""
        if time.monotonic() >= self._deadline:
            raise OutOfTime(f"{address}: the time was over before it was asked; raise the item's `timeout`")
        deadline = min(self._deadline, time.monotonic() + self._patience)
        request = Request(method, headers, read_at_most, digest_at_most, deadline)
        try:
            return self._follow(_parsed(address), request, REDIRECTS if follow else 0, follow)
        except (Unusable, *NO_ADDRESS, httpcore.TimeoutException, *BROKEN) as problem:
            raise NoAnswer(f"{address}: {_said(problem)}") from problem

    def _follow(self, url: httpx.URL, request: Request, redirects: int, follow: bool) -> Answer:
        answer, location = self._exchange(url, request)
        if not follow or not location:
            return answer
        if not redirects:
            raise Unusable(f"redirects more than {REDIRECTS} times; name the address where it ends")
        following = _parsed(url.join(location))
        if request.headers and _origin(following) != _origin(url):
            raise Unusable(f"redirects to {following.host}, which must not see the credentials; name it directly")
        return self._follow(following, request, redirects - 1, follow)

    def _exchange(self, url: httpx.URL, request: Request) -> tuple[Answer, str | None]:
        """One request on a connection of its own, and where the answer redirects to."""
        target = httpcore.URL(scheme=url.raw_scheme, host=url.raw_host, port=url.port, target=url.raw_path)
        headers = {"Host": url.netloc.decode("ascii"), **HEADERS, **request.headers}
        door = Door(self._allowed, request.deadline)
        with (
            httpcore.ConnectionPool(ssl_context=self._tls, network_backend=door) as pool,
            pool.stream(request.method, target, headers=list(headers.items())) as response,
        ):
            said = httpx.Headers(response.headers)
            text = _text(response, said, request.read_at_most) if request.read_at_most else ""
            media_type = said.get("content-type", "").partition(";")[0].strip().lower()
            location = said.get("location") if response.status in REDIRECTING else None
            digest = _digest(response, said, request.digest_at_most) if request.digest_at_most else None
            return Answer(response.status, str(url), media_type, text, digest), location


def _said(problem: Exception) -> str:
    """The end of a sentence that began with the address."""
    if isinstance(problem, httpcore.TimeoutException):
        return "did not answer in time; try again later, or raise the item's `timeout`"
    if isinstance(problem, NO_ADDRESS):
        return f"is not an address ({problem}); correct it"
    if isinstance(problem, BROKEN):
        return f"the connection failed ({problem}); see that the server is up and its certificate is good"
    return str(problem)


def _parsed(address: str | httpx.URL) -> httpx.URL:
    url = httpx.URL(address)
    if url.scheme not in ("http", "https") or not url.host:
        raise Unusable("is not an address a check can ask; write it with http:// or https://")
    if url.userinfo:
        raise Unusable("carries a name or password; take it out of the address")
    return url


def _origin(url: httpx.URL) -> tuple[str, str, int | None]:
    return url.scheme, url.host, url.port


def _text(response: httpcore.Response, said: httpx.Headers, limit: int) -> str:
    return b"".join(_chunks(response, said, limit)).decode("utf-8", "replace")


def _digest(response: httpcore.Response, said: httpx.Headers, limit: int) -> Digest:
    taken, size = hashlib.sha256(), 0
    for chunk in _chunks(response, said, limit):
        taken.update(chunk)
        size += len(chunk)
    return Digest(taken.hexdigest(), size)


def _chunks(response: httpcore.Response, said: httpx.Headers, limit: int) -> Iterator[bytes]:
    """The body as it comes. Raises Unusable for what is not sent as it is, or longer than the limit."""
    if said.get("content-encoding", "identity").lower() != "identity":
        raise Unusable("answers compressed although asked not to, so it cannot be read; change that server")
    size = 0
    for chunk in response.iter_stream():
        size += len(chunk)
        if size > limit:
            raise Unusable(f"is longer than {limit // MEBIBYTE} MiB; name something smaller")
        yield chunk

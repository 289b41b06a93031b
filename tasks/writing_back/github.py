"""GitHub's REST API, as far as writing notes back needs it. Every "no" is one sentence with what to do."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote, urlsplit

import requests

from checklists.errors import LaunchError
from checklists.organisation import Product
from tasks.settings import Settings
from templates.words import one_line

PATIENCE = 15  # seconds
LARGEST = 4 * 1024 * 1024


class NotPublished(LaunchError):
    """GitHub did not take it; the sentence says why, and what to do."""


@dataclass(frozen=True, slots=True)
class Answer:
    status: int
    said: Any

    @property
    def message(self) -> str:
        """What GitHub says about it, with the errors it lists."""
        if not isinstance(self.said, dict):
            return ""
        errors = self.said.get("errors") or []
        listed = [one.get("message", "") if isinstance(one, dict) else str(one) for one in errors]
        return one_line("; ".join(filter(None, [str(self.said.get("message", "")), *listed])), 300)


@dataclass(frozen=True, slots=True)
class GitHub:
    """One repository."""

    api: str
    repository: str
    token: str = field(repr=False)

    def get(self, path: str) -> Any | None:
        """None where there is none of it."""
        answer = self.ask("GET", path, refusals=(404,))
        return None if answer.status == 404 else answer.said

    def ask(
        self, method: str, path: str, body: Mapping[str, Any] | None = None, refusals: tuple[int, ...] = ()
    ) -> Answer:
        """What GitHub says; `refusals` are those a caller has an answer to. Raises NotPublished for all others."""
        address = f"{self.api.rstrip('/')}/repos/{self.repository}{path}"
        try:
            got = requests.request(
                method, address, json=body, headers=self._headers, timeout=PATIENCE, allow_redirects=False
            )
        except requests.RequestException as error:
            where = urlsplit(address).netloc
            raise NotPublished(f"{where} does not answer ({type(error).__name__}); try again later") from error
        if got.status_code in refusals or 200 <= got.status_code < 300:
            return Answer(got.status_code, _json(got))
        raise NotPublished(_why(got, self.repository))

    @property
    def _headers(self) -> dict[str, str]:
        return {
            "Accept": "application/vnd.github+json",
            "Authorization": f"Bearer {self.token}",
            "X-GitHub-Api-Version": "2022-11-28",
            "User-Agent": "tminus",
        }


def of_product(settings: Settings, name: str, product: Product | None) -> GitHub:
    """Raises NotPublished where the product is not on GitHub, or no token is set."""
    if product is None or not product.repository or product.host != "github":
        raise NotPublished(f"{name} has no repository on GitHub in the organisation file; nothing can be written there")
    if settings.github_token is None:
        raise NotPublished("writing to GitHub takes a token; set TMINUS_GITHUB_TOKEN to one that may write contents")
    return GitHub(settings.github_api, product.repository, settings.github_token.get_secret_value())


def _json(got: requests.Response) -> Any:
    try:
        return got.json() if got.content else {}
    except ValueError as error:
        said = f"{urlsplit(got.url).netloc} answers something else than JSON; correct TMINUS_GITHUB_API"
        raise NotPublished(said) from error


def _why(got: requests.Response, repository: str) -> str:
    where, status, headers = urlsplit(got.url).netloc, got.status_code, got.headers
    if status == 429 or (status == 403 and ("Retry-After" in headers or headers.get("X-RateLimit-Remaining") == "0")):
        return f"{where} has had enough of us for now ({status}); try again later"
    if status in (401, 403):
        return f"{where} does not let us write to {repository} ({status}); correct the token or its permissions"
    if status == 404:
        return f"{where} shows us no {repository} ({status}); check its name, and what the token may see"
    if 300 <= status < 400:
        return f"{where} says that {repository} has moved ({status}); correct it in the organisation file"
    if status >= 500:
        return f"{where} is in trouble ({status}); try again later"
    try:
        said = Answer(status, got.json()).message
    except ValueError:
        said = one_line(got.text[:200], 100)
    return f"{where} refuses it ({status}): {said or 'it says no more'}"


def quoted(name: str) -> str:
    """A name of somebody else's in an address: it can be no other address."""
    return quote(name, safe="")

"""Where tags are looked for: GitHub, GitLab, or anything that git can list."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Protocol
from urllib.parse import quote

from pydantic import SecretStr

from tasks.watching.rest import Later, Page, Rest

AGENT = {"User-Agent": "tminus"}


@dataclass(frozen=True, slots=True)
class Sighting:
    """What a look found: the commit of each tag, None where it is not said; and what to ask with the next time."""

    tags: Mapping[str, str | None]
    pages: Mapping[str, Page]


class Host(Protocol):
    """A place with tags. Raises Later."""

    @property
    def name(self) -> str:
        """Whose place it is: `github`, `gitlab`, `git`."""

    def tags(self, known: Mapping[str, Page]) -> Sighting:
        """Every tag there is now."""

    def about(self, tag: str) -> tuple[str, str]:
        """The address of the release of this tag, and its notes; empty where there is none."""


@dataclass(frozen=True)
class GitHub:
    """`GET /repos/{owner}/{name}/tags`: docs.github.com, REST API, Repositories."""

    repository: str
    api: str
    token: SecretStr | None = None
    name: str = "github"

    def tags(self, known: Mapping[str, Page]) -> Sighting:
        pages = dict(self._rest.pages(f"repos/{quote(self.repository)}/tags?per_page=100", known))
        return _sighting(pages, lambda row: (row["name"], row["commit"]["sha"]))

    def about(self, tag: str) -> tuple[str, str]:
        found = self._rest.one(f"repos/{quote(self.repository)}/releases/tags/{quote(tag, safe='')}") or {}
        return _text(found.get("html_url")), _text(found.get("body"))

    @property
    def _rest(self) -> Rest:
        token = {"Authorization": f"Bearer {self.token.get_secret_value()}"} if self.token else {}
        wants = {"Accept": "application/vnd.github+json", "X-GitHub-Api-Version": "2022-11-28"}
        return Rest(self.api, {**AGENT, **wants, **token})


@dataclass(frozen=True)
class GitLab:
    """`GET /projects/:id/repository/tags`: docs.gitlab.com, Tags API."""

    repository: str
    api: str
    token: SecretStr | None = None
    name: str = "gitlab"

    def tags(self, known: Mapping[str, Page]) -> Sighting:
        pages = dict(self._rest.pages(f"{self._project}/repository/tags?per_page=100", known))
        return _sighting(pages, lambda row: (row["name"], row["commit"]["id"]))

    def about(self, tag: str) -> tuple[str, str]:
        found = self._rest.one(f"{self._project}/releases/{quote(tag, safe='')}") or {}
        links = found.get("_links")
        return _text(links.get("self") if isinstance(links, dict) else None), _text(found.get("description"))

    @property
    def _project(self) -> str:
        return f"projects/{quote(self.repository, safe='')}"

    @property
    def _rest(self) -> Rest:
        token = {"PRIVATE-TOKEN": self.token.get_secret_value()} if self.token else {}
        return Rest(self.api, {**AGENT, **token})


def _sighting(pages: Mapping[str, Page], read: Any) -> Sighting:
    try:
        found = dict(read(row) for page in pages.values() for row in page.rows)
    except (KeyError, TypeError) as error:
        raise Later("the host answers rows that are no tags; correct its address in the settings") from error
    return Sighting({str(tag): str(commit) if commit else None for tag, commit in found.items()}, pages)


def _text(value: Any) -> str:
    return value if isinstance(value, str) else ""

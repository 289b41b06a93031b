"""Where tags are looked for: GitHub, GitLab, or anything that git can list."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any, Protocol
from urllib.parse import quote

from pydantic import SecretStr

from checklists.notes.pull import Pull
from tasks.changes.git import GitFailed
from tasks.changes.mirror import Mirror
from tasks.watching.listing import Listing, gitlab_address, listing, of_github, of_gitlab, text
from tasks.watching.rest import Later, Page, Rest

AGENT = {"User-Agent": "tminus"}
LONGEST = 100_000  # characters of a pull request's text
NEWEST = 30  # releases whose words are compared: GitHub sends up to 125,000 characters of each


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

    @property
    def releases_at(self) -> str:
        """The address of the newest releases; empty where they are not looked at."""

    def releases(self, known: Page | None) -> Listing:
        """The newest releases, by their tags."""

    def is_published(self, tag: str) -> bool:
        """Whether this tag has a release."""

    @property
    def mark(self) -> str:
        """What stands before the number of a pull request: `#` or `!`; empty where there are none."""

    def about(self, tag: str) -> tuple[str, str]:
        """The address of the release of this tag, and its notes; empty where there is none."""

    def pull(self, number: str) -> Pull | None:
        """The pull or merge request of this number; None where there is none."""


@dataclass(frozen=True)
class GitHub:
    """`GET /repos/{owner}/{name}/tags`: docs.github.com, REST API, Repositories."""

    repository: str
    api: str
    token: SecretStr | None = None
    name: str = "github"
    mark: str = "#"

    def tags(self, known: Mapping[str, Page]) -> Sighting:
        pages = self._rest.pages(f"repos/{quote(self.repository)}/tags?per_page=100", known)
        return _sighting(pages, lambda row: (row["name"], row["commit"]["sha"]))

    @property
    def releases_at(self) -> str:
        """Only with a token: without one GitHub answers sixty times an hour, and tags take those."""
        return self._rest.address(f"repos/{quote(self.repository)}/releases?per_page={NEWEST}") if self.token else ""

    def releases(self, known: Page | None) -> Listing:
        return listing(self._rest.page(self.releases_at, known), of_github)

    def is_published(self, tag: str) -> bool:
        return self._release(tag) is not None

    def about(self, tag: str) -> tuple[str, str]:
        found = self._release(tag) or {}
        return text(found.get("html_url")), text(found.get("body"))

    def _release(self, tag: str) -> Any | None:
        return self._rest.one(f"repos/{quote(self.repository)}/releases/tags/{quote(tag, safe='')}")

    def pull(self, number: str) -> Pull | None:
        found = self._rest.one(f"repos/{quote(self.repository)}/pulls/{quote(number, safe='')}")
        return _pull(found, "body", ("user", "login"))

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
    mark: str = "!"

    def tags(self, known: Mapping[str, Page]) -> Sighting:
        pages = self._rest.pages(f"{self._project}/repository/tags?per_page=100", known)
        return _sighting(pages, lambda row: (row["name"], row["commit"]["id"]))

    @property
    def releases_at(self) -> str:
        return self._rest.address(f"{self._project}/releases?per_page={NEWEST}")

    def releases(self, known: Page | None) -> Listing:
        return listing(self._rest.page(self.releases_at, known), of_gitlab)

    def is_published(self, tag: str) -> bool:
        return self._release(tag) is not None

    def about(self, tag: str) -> tuple[str, str]:
        found = self._release(tag) or {}
        return gitlab_address(found), text(found.get("description"))

    def _release(self, tag: str) -> Any | None:
        return self._rest.one(f"{self._project}/releases/{quote(tag, safe='')}")

    def pull(self, number: str) -> Pull | None:
        found = self._rest.one(f"{self._project}/merge_requests/{quote(number, safe='')}")
        return _pull(found, "description", ("author", "username"))

    @property
    def _project(self) -> str:
        return f"projects/{quote(self.repository, safe='')}"

    @property
    def _rest(self) -> Rest:
        token = {"PRIVATE-TOKEN": self.token.get_secret_value()} if self.token else {}
        return Rest(self.api, {**AGENT, **token})


@dataclass(frozen=True)
class PlainGit:
    """`git ls-remote --tags`: of anything that git can read, and without a copy of it."""

    at: Mirror
    name: str = "git"
    mark: str = ""
    releases_at: str = ""

    def tags(self, known: Mapping[str, Page]) -> Sighting:
        try:
            return Sighting(self.at.remote_tags(), {})
        except (GitFailed, OSError) as error:
            raise Later(f"git cannot list its tags: {error}") from error

    def releases(self, known: Page | None) -> Listing:
        return Listing(Page([]), {})

    def is_published(self, tag: str) -> bool:
        return False

    def about(self, tag: str) -> tuple[str, str]:
        return "", ""

    def pull(self, number: str) -> Pull | None:
        return None


def _sighting(pages: Iterable[tuple[str, Page]], read: Callable[[Any], tuple[Any, Any]]) -> Sighting:
    """The tags on these pages; of each page is kept what the next look needs, a tenth of what a host sends."""
    try:
        kept = {address: replace(page, rows=[_kept(row, read) for row in page.rows]) for address, page in pages}
    except (KeyError, TypeError) as error:
        raise Later("the host answers rows that are no tags; correct its address in the settings") from error
    return Sighting({tag: commit for page in kept.values() for tag, commit in page.rows}, kept)


def _kept(row: Any, read: Callable[[Any], tuple[Any, Any]]) -> list[str | None]:
    """Tag and commit; of a page that has not changed they are kept already."""
    tag, commit = row if isinstance(row, list) else read(row)
    return [str(tag), str(commit) if commit else None]


def _pull(found: Any, body: str, author: tuple[str, str]) -> Pull | None:
    """What a host says of it; labels are names at GitLab, and objects with one at GitHub."""
    if found is None:
        return None
    if not isinstance(found, dict) or not isinstance(found.get("title"), str):
        raise Later("the host answers something else than a pull request; correct its address in the settings")
    listed = found.get("labels")
    labels = [one.get("name") if isinstance(one, dict) else one for one in (listed if isinstance(listed, list) else [])]
    names = tuple(one for one in labels if isinstance(one, str))
    who = found.get(author[0])
    login = text(who.get(author[1])) if isinstance(who, dict) else ""
    return Pull(title=found["title"], body=text(found.get(body))[:LONGEST], labels=names, author=login)

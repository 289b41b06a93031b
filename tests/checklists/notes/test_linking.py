"""Where numbers lead, and that nothing leads where nobody said."""

from __future__ import annotations

import pytest

from checklists.notes.change import Author, Change
from checklists.notes.linking import Home, home_at, links_of, site_of

GITHUB, GITLAB = "https://api.github.com", "https://gitlab.com/api/v4"


def links(host: str, *names: str, site: str = "https://git.example.com", of: str = "acme/app") -> dict[str, str]:
    return links_of([Change("a", "x", references=names)], Home(host, site, of))


@pytest.mark.parametrize(
    ("host", "name", "path"),
    [
        ("github", "#12", "acme/app/issues/12"),
        ("github", "other/lib#3", "other/lib/issues/3"),
        ("github", "acme/.github#3", "acme/.github/issues/3"),
        ("gitea", "#12", "acme/app/issues/12"),
        ("gitlab", "#12", "acme/app/-/issues/12"),
        ("gitlab", "!12", "acme/app/-/merge_requests/12"),
        ("gitlab", "group/sub/lib!3", "group/sub/lib/-/merge_requests/3"),
    ],
)
def test_a_number_has_the_page_of_its_host(host: str, name: str, path: str) -> None:
    assert links(host, name) == {name: f"https://git.example.com/{path}"}


@pytest.mark.parametrize(
    ("host", "name"),
    [
        ("github", "!12"),
        ("github", "../../..#1"),
        ("github", "acme/..#1"),
        ("github", "#12?x=1"),
        ("github", "a b/c#1"),
        ("github", "#١٢"),
        ("github", "JIRA-12"),
        ("elsewhere", "#12"),
    ],
)
def test_what_is_no_number_of_this_host_stays_text(host: str, name: str) -> None:
    assert links(host, name) == {}


def test_without_a_site_nothing_leads_anywhere() -> None:
    assert links("github", "#12", site="") == {}
    assert links_of([Change("a", "x", authors=(Author("Ada", login="ada"),))], Home("github")) == {}


def test_a_login_has_its_page() -> None:
    home = Home("gitlab", "https://git.example.com/lab", "acme/app")
    change = Change("a", "x", authors=(Author("Ada", login="ada"), Author("Ben")))
    assert links_of([change], home) == {"@ada": "https://git.example.com/lab/ada"}


@pytest.mark.parametrize(
    ("address", "home"),
    [
        ("git@github.com:acme/app.git", Home("github", "https://github.com", "acme/app")),
        ("https://ada:secret@github.com/acme/app", Home("github", "https://github.com", "acme/app")),
        ("ssh://git@gitlab.com/acme/lib/app.git", Home("gitlab", "https://gitlab.com", "acme/lib/app")),
        ("https://codeberg.org/acme/app", Home("gitea", "https://codeberg.org", "acme/app")),
        ("https://git.example.com/acme/app", Home()),
        ("https://github.com.example.com/acme/app", Home()),
        ("https://github.com/", Home()),
        ("/srv/github.com/acme/app", Home()),
        ("https://[oops/acme/app", Home()),
        ("", Home()),
    ],
)
def test_only_the_address_of_a_host_that_everybody_knows_is_a_home(address: str, home: Home) -> None:
    assert home_at(address) == home


@pytest.mark.parametrize(
    ("host", "git", "api", "site"),
    [
        ("github", "", GITHUB, "https://github.com"),
        ("github", "/srv/acme.git", GITHUB, "https://github.com"),
        ("github", "git@github.com:acme/app.git", GITHUB, "https://github.com"),
        ("github", "", "https://git.example.com/api/v3/", "https://git.example.com"),
        ("github", "https://git.example.com/Acme/App.git", GITHUB, "https://git.example.com"),
        ("gitlab", "", GITLAB, "https://gitlab.com"),
        ("gitlab", "", "https://git.example.com/lab/api/v4", "https://git.example.com/lab"),
        ("gitea", "https://git.example.com:3000/acme/app", "", "https://git.example.com:3000"),
    ],
)
def test_the_site_is_that_of_git_or_of_the_api(host: str, git: str, api: str, site: str) -> None:
    assert site_of(host, "acme/app", git, api) == site


@pytest.mark.parametrize(
    ("host", "git", "api"),
    [
        ("github", "git@git.example.com:acme/app.git", GITHUB),  # it is not on github.com
        ("github", "https://git.example.com/mirrors/other.git", GITHUB),
        ("github", "", "http://127.0.0.1:9"),
        ("gitea", "ssh://git@git.example.com/acme/app.git", ""),
        ("gitea", "", ""),
    ],
)
def test_a_site_that_nobody_named_is_unknown(host: str, git: str, api: str) -> None:
    assert site_of(host, "acme/app", git, api) == ""

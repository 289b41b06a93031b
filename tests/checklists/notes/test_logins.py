"""An author has a login only where that is certain: the wrong person is worse than none."""

from __future__ import annotations

import pytest

from checklists.notes.change import Author, Change
from checklists.notes.linking import Home
from checklists.notes.logins import with_logins

GITHUB = Home("github", "https://github.com", "acme/app")
GITLAB = Home("gitlab", "https://gitlab.com", "acme/app")
HOUSE = Home("gitlab", "https://git.example.com:8443/lab", "acme/app")


def logins(home: Home, *authors: Author) -> list[str]:
    changes = [Change(str(number), "x", authors=(author,)) for number, author in enumerate(authors)]
    return [author.login for change in with_logins(changes, home) for author in change.authors]


@pytest.mark.parametrize(
    ("home", "email", "login"),
    [
        (GITHUB, "12345+Ada-A@users.noreply.github.com", "Ada-A"),
        (GITHUB, "ada@users.noreply.github.com", "ada"),
        (GITHUB, "12345+ada_acme@Users.NoReply.GitHub.com", "ada_acme"),
        (GITHUB, "1-ada@users.noreply.github.com", "1-ada"),
        (GITLAB, "12345-ada.a_b@users.noreply.gitlab.com", "ada.a_b"),
        (HOUSE, "7-ada@users.noreply.git.example.com", "ada"),
    ],
)
def test_an_address_that_the_host_gave_out_names_the_login(home: Home, email: str, login: str) -> None:
    assert logins(home, Author("Ada", email)) == [login]


@pytest.mark.parametrize(
    ("home", "email"),
    [
        (GITHUB, "ada@example.com"),
        (GITHUB, "noreply@github.com"),
        (GITHUB, "ada@users.noreply.github.com.example.com"),
        (GITHUB, "ada@users.noreply.example.com"),
        (GITHUB, "49699333+dependabot[bot]@users.noreply.github.com"),
        (GITHUB, "-ada@users.noreply.github.com"),
        (GITHUB, "ada--a@users.noreply.github.com"),
        (GITHUB, "../settings@users.noreply.github.com"),
        (GITHUB, "ada/x@users.noreply.github.com"),
        (GITHUB, "\u0430da@users.noreply.github.com"),
        (GITHUB, "ada\n@users.noreply.github.com"),
        (GITHUB, f"{40 * 'a'}@users.noreply.github.com"),
        (GITLAB, "ada@users.noreply.gitlab.com"),
        (GITLAB, "12-..@users.noreply.gitlab.com"),
        (GITLAB, "12-ada.git@users.noreply.gitlab.com"),
        (GITLAB, "12-ada@users.noreply.github.com"),
        (Home("gitea", "https://codeberg.org", "acme/app"), "12+ada@users.noreply.codeberg.org"),
        (Home(), "12+ada@users.noreply.github.com"),
    ],
)
def test_any_other_address_names_nobody(home: Home, email: str) -> None:
    assert logins(home, Author("Ada", email)) == [""]


def test_who_opened_a_pull_request_is_known_and_the_address_knows_better() -> None:
    assert logins(GITHUB, Author("Ada", "a@example.com", "ada")) == ["ada"]
    assert logins(GITHUB, Author("Ada", "1+ada@users.noreply.github.com", "ben")) == ["ada"]


def test_a_login_that_opened_those_of_several_people_is_nobodys() -> None:
    cat = Author("Cat", "cat@example.com", "cat")
    assert logins(GITHUB, cat, cat, Author("Ada", "a@example.com", "Cat")) == ["", "", ""]
    assert logins(GITHUB, Author("Alex", "a@example.com", "alex"), Author("Alex", "b@example.com", "alex2")) == ["", ""]


@pytest.mark.parametrize("login", ["renovate[bot]", "release-bot", "ghost", "a/b", "../x", "a b", "[x](y)"])
def test_machines_and_what_is_no_login_have_no_page(login: str) -> None:
    assert logins(GITHUB, Author("Ada", "a@example.com", login)) == [""]
    assert logins(GITLAB, Author("Ada", "a@example.com", "project_12_bot_3f")) == [""]

from __future__ import annotations

import re

import pytest

from templates.sections import NOTES, SECTION, mrkdwn, sections


def texts(markdown: str) -> list[str]:
    found = sections(markdown)["texts"]
    assert isinstance(found, list)
    return found


def test_short_notes_are_one_section() -> None:
    assert sections("# A\n\nb\n\n* c") == {"texts": ["*A*\n\nb\n\n• c"], "cut": False}


def test_no_notes_are_no_section() -> None:
    assert sections("") == {"texts": [], "cut": False}


@pytest.mark.parametrize(
    "markdown",
    [
        "word " * 5000,
        "x" * 50_000,
        "&" * 20_000,
        "\n\n".join(f"{number} " + "long " * 100 for number in range(200)),
        "\n".join(f"* [item](https://acme.example/{number})" for number in range(2000)),
        "[" + "a " * 4000 + "](https://acme.example)",
        "```\n" + "code & <tag>\n" * 3000 + "```",
    ],
)
def test_long_notes_fit_and_say_that_they_go_on(markdown: str) -> None:
    shown = texts(markdown)
    assert sections(markdown)["cut"]
    assert 0 < len(shown) <= 10
    assert all(0 < len(text) <= SECTION for text in shown)
    assert sum(map(len, shown)) <= NOTES + 20


def test_a_long_list_is_cut_between_links() -> None:
    for text in texts("\n".join(f"* [item {number}](https://acme.example/{number})" for number in range(400))):
        assert re.sub(r"<https://acme.example/\d+\|item \d+>|[•\s]", "", text) == ""


def test_an_escaped_sign_is_never_cut_in_two() -> None:
    for limit in range(5, 30):
        assert re.fullmatch(r"(&lt;)*…?", mrkdwn("<" * 10, limit))
        assert len(mrkdwn("<" * 10, limit)) <= limit

"""What strangers can write so that a parser takes long, falls over or leaves words out."""

from __future__ import annotations

import re

import pytest

from templates.markup import MARKDOWN, PLAIN, SLACK, TEAMS, blocks, html
from templates.parsing import is_laid_out, tokens

WIDE = "|" + "a|" * 250 + "\n|" + "-|" * 250 + "\n" + "|\n" * 262 + "\n"
MARKS = ("[", "![", "[](", "*a ", "_a*", "`", "<", "> ", "- ", "1. ", "~~a ", "[a](b", "[a]: b\n", "&#1;", "> - a\nb\n")


@pytest.mark.parametrize("marks", [*MARKS, WIDE])
def test_a_text_of_marks_makes_no_more_than_it_is_long(marks: str) -> None:
    """Tables made a hundred pieces of each sign: 40 kB of them took more than ten seconds, and 15 MB."""
    text = (marks * (40_000 // len(marks) + 1))[:40_000]
    found = tokens(text)
    assert len(found) + sum(len(one.children or ()) for one in found) < 3 * len(text)
    assert len(html(text)) < 20 * len(text)


@pytest.mark.parametrize("depth", [1, 8, 9, 10, 11, 19, 20, 21, 40])
def test_no_word_is_lost_in_the_depth(depth: int) -> None:
    lists = "\n".join("  " * level + f"- word{level}" for level in range(depth))
    for text, words in ((lists, depth), ("> " * depth + "word1", 1), ("- > " * depth + "word1", 1)):
        assert len(re.findall(r"word\d", html(text))) == words
        for dialect in (PLAIN, MARKDOWN, SLACK, TEAMS):
            assert len(re.findall(r"word\d", "\n".join(blocks(text, dialect)))) == words


@pytest.mark.parametrize("mark", ["*", "**", "_", "~~ *"])
@pytest.mark.parametrize("times", [10, 400, 5_000])
def test_emphasis_within_emphasis_keeps_its_words_and_breaks_nothing(mark: str, times: int) -> None:
    text = "It " + mark * times + "works" + mark[::-1] * times
    assert "works" in html(text)
    for dialect in (PLAIN, MARKDOWN, SLACK, TEAMS):
        assert "works" in blocks(text, dialect)[0]


@pytest.mark.parametrize("marks", ["[", "![", "[](", "[a](b)"])
def test_a_hundred_thousand_brackets_are_text(marks: str) -> None:
    assert not is_laid_out(marks * (100_000 // len(marks)))


def test_what_is_not_laid_out_is_escaped_like_the_rest() -> None:
    text = "> " * 30 + "<script>alert(1)</script> [x](javascript:alert(1))"
    assert not is_laid_out(text)
    assert "<script" not in html(text)
    assert "href" not in html(text)
    assert "<!channel>" not in blocks("> " * 30 + "<!channel>", SLACK)[0]


@pytest.mark.parametrize(
    "text",
    [
        "| a | b |\n|---|---|\n" + "| 1 | 2 |\n" * 10_000,
        "a|b\n-|-\n" + "1|2\n" * 8_000,
        "- a\n  - b\n    - > c\n",
        "- [x] a [link](https://a.b/c)\n" * 4_000,
        WIDE[:1_040],
    ],
)
def test_what_people_write_is_laid_out(text: str) -> None:
    assert is_laid_out(text)


@pytest.mark.parametrize("between", ["\u2028", "\x0b", "\f", "\x85"])
def test_a_line_ends_where_markdown_ends_it(between: str) -> None:
    assert not is_laid_out(("|" + "a|" * 250 + "\n|" + "-|" * 250 + "\n" + f"|{between} {between}\n" * 262 + "\n") * 5)

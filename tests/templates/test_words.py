from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from templates.words import clean, cut, imprint, is_web, md, md_link, one_line, web, when


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("  a\r\nBcc: b\t c ", "a Bcc: b c"),
        ("a\u2028b\u2029c\x85d\x0be", "a b c d e"),
        ("a\x00b\x1bc\x7fd", "abcd"),
        ("pay\u202egnp.exe", "paygnp.exe"),
        ("Grüße 👩‍🚀", "Grüße 👩‍🚀"),
        ("\ud800x", "x"),
    ],
)
def test_a_text_goes_on_one_line_without_control_characters(text: str, line: str) -> None:
    assert one_line(text) == line


class Odd(str):
    """A text like any other, but not of that very type."""


@given(st.text(max_size=30) | st.text("a \t\n\u00a0\u202e", max_size=30), st.integers(1, 20))
def test_a_text_that_needs_nothing_comes_out_as_from_the_long_way(text: str, limit: int) -> None:
    assert one_line(text, limit) == one_line(Odd(text), limit)


def test_a_cut_text_shows_that_it_was_cut() -> None:
    assert cut("abcdef", 6) == "abcdef"
    assert cut("abc def", 5) == "abc…"


def test_only_plain_data_is_clean() -> None:
    given = {"a": ["x\x00", 1, None, True, {"b": datetime(2026, 1, 1, tzinfo=UTC)}]}
    assert clean(given)["a"][0] == "x"
    with pytest.raises(TypeError, match="object is not plain data"):
        clean({"a": [object()]})


@pytest.mark.parametrize(
    ("url", "leads"),
    [
        ("https://acme.example/a?b=c", True),
        ("HTTP://acme.example", True),
        ("mailto:ada@example.com", True),
        ("javascript:alert(1)", False),
        (" java\nscript:alert(1)", False),
        ("data:text/html,x", False),
        ("file:///etc/passwd", False),
        ("docs/page.md", False),
        ("//acme.example", False),
        ("http://[", False),
        ("", False),
    ],
)
def test_a_link_leads_to_the_web_or_a_mailbox_only(url: str, leads: bool) -> None:
    assert is_web(url) is leads
    assert bool(web(url)) is leads


@pytest.mark.parametrize(
    "text",
    [
        "*a* _b_ **c** ~~d~~ `e`",
        "# heading",
        "- item",
        "1. item",
        "+ item = x",
        "> quote",
        "| cell |",
        "[a](https://b.c) ![i](https://b.c/i.png) <https://b.c>",
        "<script>alert(1)</script> &lt; &copy;",
        "a\\*b\\",
        "[ref]: https://b.c",
        "---",
        "===",
    ],
)
def test_escaped_text_shows_exactly_as_it_was_written(text: str) -> None:
    tokens = MarkdownIt("gfm-like", {"linkify": False, "html": True}).parse(str(md(text)))
    assert [token.type for token in tokens] == ["paragraph_open", "inline", "paragraph_close"]
    assert {child.type for child in tokens[1].children or []} == {"text"}
    assert "".join(child.content for child in tokens[1].children or []) == text


def test_a_link_keeps_its_target_and_loses_a_bad_one() -> None:
    assert md_link("a]b", "https://x.y/(z)?q=<1>") == r"[a\]b](<https://x.y/%28z%29?q=%3C1%3E>)"
    assert md_link("report", "javascript:alert(1)") == "report"


@pytest.mark.parametrize(
    ("moment", "shown"),
    [
        (datetime(2026, 11, 26, 12, tzinfo=UTC), "2026-11-26 12:00 UTC"),
        ("2026-11-26T12:00:00+01:00", "2026-11-26 11:00 UTC"),
        (None, "–"),
    ],
)
def test_a_moment_is_shown_in_utc(moment: datetime | str | None, shown: str) -> None:
    assert when(moment) == shown


@pytest.mark.parametrize(
    ("address", "lines"),
    [
        ("", ["Acme"]),
        ("12 Harbour Street, Bristol", ["Acme", "12 Harbour Street, Bristol"]),
        ("ACME, 12 Harbour Street, Bristol", ["ACME, 12 Harbour Street, Bristol"]),
        ("Acmeville Road 12, Bristol", ["Acme", "Acmeville Road 12, Bristol"]),
    ],
)
def test_a_footer_names_the_organisation_once(address: str, lines: list[str]) -> None:
    assert imprint("Acme", address) == lines

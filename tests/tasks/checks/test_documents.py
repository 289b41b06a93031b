"""The links in HTML and markdown."""

from __future__ import annotations

import pytest

from tasks.checks.documents import html_links, markdown_links


@pytest.mark.parametrize(
    ("text", "links"),
    [
        ("<a href='x'>", ("x",)),
        ('<A HREF = "x" >', ("x",)),
        ("<a href=x?y=1&amp;z=2>", ("x?y=1&z=2",)),
        ("<a class=b href=/x/>", ("/x/",)),
        ("<a\nhref='x'\n>", ("x",)),
        ("<a href='first' href='second'>", ("first",)),
        ('<a title="a > b" href="x">', ("x",)),
        ("<a data-href=x>", ()),
        ("<a name=x>", ()),
        ("<a href>", ()),
        ("<a href=", ()),
        ('<a href="never closed', ()),
        ("<!-- <a href=x> --><a href=y>", ("y",)),
        ("<!-- <a href=x>", ()),
        ("<script>'<a href=x>'</SCRIPT><a href=y>", ("y",)),
        ("<style>a{}<a href=x></style >", ()),
        ("<script src=x></script><link href=y rel=stylesheet><iframe src=z>", ("x", "y", "z")),
        ("<link rel=preconnect href=//fonts><link rel='dns-prefetch' href=//x>", ()),
        ("1 < 2 <a href=x>", ("x",)),
        ("no links", ()),
        ("", ()),
    ],
)
def test_html_is_read_as_a_browser_reads_it(text: str, links: tuple[str, ...]) -> None:
    assert html_links(text)[1] == links


def test_the_first_base_counts() -> None:
    assert html_links("<base target=_top><base href=/a><base href=/b>")[0] == "/a"


@pytest.mark.parametrize(
    ("text", "links"),
    [
        ("[x](y)", ("y",)),
        ("[x][1]\n\n[1]: y 'title'", ("y",)),
        ("![x](y.png)", ("y.png",)),
        ("[![x](y.png)](z)", ("z", "y.png")),
        ("<https://x.test/>", ("https://x.test/",)),
        ("[https://x.test/…](https://x.test/y)", ("https://x.test/y",)),
        ("see https://x.test/a_(b), or (https://y.test).", ("https://x.test/a_(b)", "https://y.test")),
        ("https://x.test/?a=1&b=2!", ("https://x.test/?a=1&b=2",)),
        ("https://x.test/" + ")" * 5000, ("https://x.test/",)),
        ("`[x](y)` and `https://x.test`", ()),
        ("    [x](y)\n", ()),
        ("```\n[x](y)\n```", ()),
        ("a <img src=x> b\n\n<p><a href=y>", ("x", "y")),
        ("[x](javascript:y)", ()),
        ("- > # [x](y)", ("y",)),
    ],
)
def test_markdown_is_read_as_it_is_rendered(text: str, links: tuple[str, ...]) -> None:
    assert markdown_links(text) == links


@pytest.mark.timeout(30)
@pytest.mark.parametrize("bad", ["<!--", "<a", "<a ", "<a x=", "<a x='", "<a x=\"'", "<script>", "<", "&", "<a/", " "])
def test_no_page_keeps_the_reader_busy(bad: str) -> None:
    """Python 3.11's own parser needs minutes for the first two."""
    assert html_links("<a " + bad * (2_000_000 // len(bad))) == ("", ())


def test_a_table_that_swells_takes_no_time_and_its_links_are_found() -> None:
    wide = "|" + "a|" * 250 + "\n|" + "-|" * 250 + "\n" + "|\n" * 262 + "\n"
    assert markdown_links("[x](https://a.b)\n\n" + wide * 300 + "<https://c.d>") == ("https://a.b", "https://c.d")

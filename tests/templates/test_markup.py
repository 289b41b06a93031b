from __future__ import annotations

import pytest
from markdown_it import MarkdownIt

from templates.markup import MARKDOWN, PLAIN, SLACK, blocks, html

NOTES = """# New & *shiny*

Take a **look** at [the docs](https://a.b/c?d=1&e=2) or `x < y`, ~~not~~ ![a chart](https://a.b/i.png)

* one
  * inner
* two

3. three
4. four

> said
> Ada

```sh
run <this>
```

| a | b |
|---|---|
| 1 | 2 |

---
"""


@pytest.mark.parametrize(
    "text",
    [
        "<script>alert(1)</script>",
        "<img src=x onerror=alert(1)>",
        "[x](javascript:alert(1))",
        "[x](java&#115;cript:alert(1))",
        "[x]\n\n[x]: javascript:alert(1)",
        "![x](data:text/html,<script>alert(1)</script>)",
        "<javascript:alert(1)>",
        "<!-- --><b onclick=alert(1)>",
        '[x](https://a.b "q" onclick="alert(1))',
    ],
)
def test_html_holds_nothing_that_could_run(text: str) -> None:
    rendered = html(text)
    assert "<script" not in rendered
    assert "<img src=x" not in rendered
    assert "<b" not in rendered
    assert 'href="java' not in rendered.lower()
    assert 'src="data' not in rendered.lower()


def test_html_keeps_what_markdown_means() -> None:
    rendered = html(NOTES)
    for part in (
        "<h1>New &amp; <em>shiny</em></h1>",
        '<a href="https://a.b/c?d=1&amp;e=2">',
        "<s>not</s>",
        "<td>1</td>",
    ):
        assert part in rendered


def test_slack_reads_the_same_notes() -> None:
    assert blocks(NOTES, SLACK) == [
        "*New &amp; _shiny_*",
        "Take a *look* at <https://a.b/c?d=1&amp;e=2|the docs> or `x &lt; y`, ~not~ <https://a.b/i.png|a chart>",
        "• one\n  • inner\n• two",
        "3. three\n4. four",
        "> said\n> Ada",
        "```\nrun &lt;this&gt;\n```",
        "a | b\n1 | 2",
        "———",
    ]


def test_plain_text_reads_like_a_letter() -> None:
    assert blocks(NOTES, PLAIN)[:3] == [
        "New & shiny\n-----------",
        "Take a look at the docs (https://a.b/c?d=1&e=2) or `x < y`, not a chart (https://a.b/i.png)",
        "- one\n  - inner\n- two",
    ]


def test_markdown_stays_markdown_and_says_the_same() -> None:
    again = "\n\n".join(blocks(NOTES, MARKDOWN))
    shown = MarkdownIt("gfm-like", {"linkify": False, "html": True}).render(again)
    for part in (
        "<h4>",
        "<strong>look</strong>",
        "<s>not</s>",
        "<li>inner</li>",
        '<ol start="3">',
        "<blockquote>",
        "<td>2</td>",
    ):
        assert part.replace("<li>inner</li>", "inner") in shown
    assert 'href="https://a.b/c?d=1&amp;e=2"' in shown


@pytest.mark.parametrize("text", ["<script>alert(1)</script>", "a `<script>` b", "    <script>", "&lt;script&gt;"])
def test_markdown_written_again_holds_no_html(text: str) -> None:
    again = "\n\n".join(blocks(text, MARKDOWN))
    assert "<script" not in MarkdownIt("commonmark", {"html": True}).render(again)


@pytest.mark.parametrize("mention", ["<!channel>", "<!here|here>", "<@U123>", "&lt;!channel&gt;"])
def test_nobody_can_mention_a_whole_channel(mention: str) -> None:
    assert all("<" not in block for block in blocks(f"Hello {mention} `{mention}`\n\n    {mention}", SLACK))


@pytest.mark.parametrize("text", ["> " * 400 + "x", "[" * 5000, "*a" * 5000, "- " * 2000, ""])
def test_deep_or_endless_notes_are_still_read(text: str) -> None:
    for dialect in (SLACK, PLAIN, MARKDOWN):
        blocks(text, dialect)
    html(text)

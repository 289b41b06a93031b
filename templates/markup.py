"""Turns the markdown people write into safe HTML, Slack's mrkdwn, plain text, or markdown that is only markdown."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import quote

from markdown_it.tree import SyntaxTreeNode
from markupsafe import Markup

from templates.parsing import PARSER, tokens
from templates.words import SAFE_IN_LINKS, md_code, md_marks, one_line

SAFE_IN_CARDS = SAFE_IN_LINKS.replace("'", "")


@dataclass(frozen=True)
class Dialect:
    """How one way of writing shows what markdown means."""

    escape: Callable[[str], str]
    link: Callable[[str, str], str]
    heading: Callable[[str], str]
    code_block: Callable[[str], str]
    table: Callable[[list[list[str]]], str]
    strong: str = ""
    em: str = ""
    strike: str = ""
    code_span: Callable[[str], str] = lambda text: f"`{text}`"
    bullet: str = "- "
    line_end: str = "\n"
    rule: str = "---"


def html(text: str) -> Markup:
    """Markdown as HTML for a page or a mail."""
    return Markup(PARSER.renderer.render(tokens(text), PARSER.options, {}))  # noqa: S704 the parser escapes all HTML


def blocks(text: str, dialect: Dialect) -> list[str]:
    """The top-level blocks (paragraphs, lists, headings) in another dialect, in their order."""
    return [_block(node, dialect) for node in SyntaxTreeNode(tokens(text)).children]


def passages(text: str, dialect: Dialect) -> list[str]:
    """Paragraphs and entries of lists, without headings; what is only a link or bold stands where nothing else does."""
    paragraphs = [node for node in SyntaxTreeNode(tokens(text)).walk() if node.type == "paragraph"]
    told = [one for one in paragraphs if not _is_label(one)]
    return [_inline(one, dialect) for one in told or paragraphs]


def _is_label(paragraph: SyntaxTreeNode) -> bool:
    """`**New**` or `[What else changed](…)`, by itself between other paragraphs."""
    is_within = paragraph.parent is not None and paragraph.parent.type != "root"
    spans = [one for one in paragraph.children[0].children if one.type != "text" or one.content.strip()]
    return not is_within and len(spans) == 1 and spans[0].type in ("link", "strong", "image")


def _block(node: SyntaxTreeNode, dialect: Dialect) -> str:
    match node.type:
        case "bullet_list" | "ordered_list":
            return _list(node, dialect)
        case "blockquote":
            return "\n".join(f"> {line}" for line in _stacked(node, dialect, "\n\n").splitlines())
        case "fence" | "code_block":
            return dialect.code_block(node.content.rstrip("\n"))
        case "table":
            rows = [row for part in node.children for row in part.children]
            return dialect.table([[_inline(cell, dialect) for cell in row.children] for row in rows])
        case "hr":
            return dialect.rule
        case "heading":
            return dialect.heading(_inline(node, dialect))
        case _:
            return _inline(node, dialect)


def _stacked(node: SyntaxTreeNode, dialect: Dialect, between: str) -> str:
    return between.join(_block(child, dialect) for child in node.children)


def _list(node: SyntaxTreeNode, dialect: Dialect) -> str:
    first = int(node.attrs.get("start", 1))
    lines = []
    for number, item in enumerate(node.children, first):
        mark = f"{number}. " if node.type == "ordered_list" else dialect.bullet
        lines.append(mark + _stacked(item, dialect, "\n").replace("\n", "\n" + " " * len(mark)))
    return "\n".join(lines)


def _inline(node: SyntaxTreeNode, dialect: Dialect) -> str:
    return "".join(_span(child, dialect) for child in node.children)


def _span(node: SyntaxTreeNode, dialect: Dialect) -> str:
    match node.type:
        case "text":
            return dialect.escape(node.content)
        case "softbreak":
            return "\n"
        case "hardbreak":
            return dialect.line_end
        case "code_inline":
            return dialect.code_span(node.content)
        case "link":
            return dialect.link(_inline(node, dialect), str(node.attrs["href"]))
        case "image":
            return dialect.link(dialect.escape(node.content or "image"), str(node.attrs["src"]))
        case _:
            mark = {"strong": dialect.strong, "em": dialect.em, "s": dialect.strike}.get(node.type, "")
            return mark + _inline(node, dialect) + mark


def slack_escape(text: str) -> str:
    """Slack's three signs; with them escaped no text can mention a channel or make a link."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def slack_link(name: str, url: str) -> str:
    return f"<{quote(url, safe=SAFE_IN_LINKS).replace('&', '&amp;')}|{one_line(name)}>"


def _rows(rows: list[list[str]]) -> str:
    return "\n".join(" | ".join(row) for row in rows)


def _md_table(rows: list[list[str]]) -> str:
    head, *body = [[re.sub(r"(?<!\\)\|", r"\\|", cell) for cell in row] for row in rows]  # also within code
    return "\n".join(f"| {' | '.join(row)} |" for row in [head, ["---"] * len(head), *body])


def _md_code(text: str) -> str:
    return "\n".join(f"    {line}" for line in text.splitlines())


SLACK = Dialect(
    escape=slack_escape,
    code_span=lambda text: f"`{slack_escape(text)}`",
    link=slack_link,
    heading=lambda text: f"*{one_line(text).replace('*', '')}*",
    code_block=lambda text: f"```\n{slack_escape(text)}\n```",
    table=_rows,
    strong="*",
    em="_",
    strike="~",
    bullet="• ",
    rule="———",
)

PLAIN = Dialect(
    escape=str,
    link=lambda name, url: name if name == url else f"{name} ({url})",
    heading=lambda text: f"{one_line(text)}\n{'-' * len(one_line(text))}",
    code_block=_md_code,
    table=_rows,
)

MARKDOWN = Dialect(
    escape=md_marks,
    code_span=lambda text: md_code(one_line(text)),
    link=lambda name, url: f"[{one_line(name)}](<{quote(url, safe=SAFE_IN_LINKS)}>)",
    heading=lambda text: f"#### {one_line(text)}",
    code_block=_md_code,
    table=_md_table,
    strong="**",
    em="*",
    strike="~~",
    line_end="\\\n",
)

TEAMS = Dialect(
    escape=md_marks,
    code_span=md_marks,
    link=lambda name, url: f"[{one_line(name)}]({quote(url, safe=SAFE_IN_CARDS)})",
    heading=lambda text: f"**{one_line(text)}**",
    code_block=md_marks,
    table=_rows,
    strong="**",
    em="_",
    line_end="\n\n",
    rule="———",
)
"""What a card shows of markdown: bold, italics, lists and links; no headings, tables, quotations or code."""

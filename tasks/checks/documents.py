"""The links in a document, HTML or markdown.

HTML is scanned forward once, because pages come from strangers: the standard library's parser needs minutes for some
short ones (CVE-2025-6069).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from html import unescape

from markdown_it import MarkdownIt
from markdown_it.token import Token

from templates.parsing import swells

TAG = re.compile(r"<(!--|[a-zA-Z][^\s/>]*+)")
ATTRIBUTE = re.compile(r"""[\s/]*+([^\s"'<>/=]++)(?:\s*+=\s*+("[^"]*+"|'[^']*+'|[^\s"'<>`]++))?""")
ENDS = {
    "!--": re.compile("-->"),
    "script": re.compile("</script", re.IGNORECASE),
    "style": re.compile("</style", re.IGNORECASE),
}
LINKING = dict.fromkeys(("a", "area", "link"), "href") | dict.fromkeys(
    ("img", "script", "iframe", "source", "video", "audio", "embed", "track"), "src"
)
HINTS = ("preconnect", "dns-prefetch")
BARE = re.compile(r"https?://[^\s<>\"]+")


def html_links(text: str) -> tuple[str, tuple[str, ...]]:
    """The document's `<base href>`, empty where it has none, and what its tags link to, as written."""
    base, links = "", []
    for name, attributes in _tags(text):
        if name == "base":
            base = base or attributes.get("href", "")
        elif attributes.get("rel", "").lower() not in HINTS:
            links.append(attributes.get(LINKING.get(name, ""), ""))
    return base, tuple(link for link in links if link)


def markdown_links(text: str) -> tuple[str, ...]:
    """What a markdown document links to, as written: links, pictures, bare addresses and HTML."""
    links: list[str] = []
    depth = 0
    parser = MarkdownIt("commonmark")
    for token in _tokens((parser if swells(text) else parser.enable("table")).parse(text)):
        depth += token.nesting if token.type in ("link_open", "link_close") else 0
        if token.type in ("html_block", "html_inline"):
            links.extend(html_links(token.content)[1])
        elif token.type == "text" and not depth:
            links.extend(map(_trimmed, BARE.findall(token.content)))
        else:
            links.append(str(token.attrGet("href") or token.attrGet("src") or ""))
    return tuple(link for link in links if link)


def _trimmed(address: str) -> str:
    """A bare address without the punctuation of its sentence, as GitHub cuts it (GFM, 6.9)."""
    address = address.rstrip("?!.,:;*_~'")
    while address.endswith(")") and address.count(")") > address.count("("):
        address = address[:-1].rstrip("?!.,:;*_~'")
    return address


def _tokens(tokens: list[Token]) -> Iterator[Token]:
    for token in tokens:
        yield token
        yield from token.children or ()


def _tags(text: str) -> Iterator[tuple[str, dict[str, str]]]:
    at = 0
    while found := TAG.search(text, at):
        name = found[1].lower()
        attributes, at = _attributes(text, found.end()) if name != "!--" else ({}, found.end())
        yield name, attributes
        if name in ENDS:
            end = ENDS[name].search(text, at)
            at = end.end() if end else len(text)


def _attributes(text: str, at: int) -> tuple[dict[str, str], int]:
    """A tag's attributes, the first of each name, and where they end."""
    attributes: dict[str, str] = {}
    while found := ATTRIBUTE.match(text, at):
        attributes.setdefault(found[1].lower(), unescape((found[2] or "").strip("\"'")).strip())
        at = found.end()
    return attributes, at

"""What people write is shown in a time that grows with its length, whatever it is."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from checklists.notes.change import Change
from tasks.notes.passages import passages
from templates import entry, markup
from templates.sections import card_texts, mrkdwn, sections
from templates.words import md, md_code, md_marks, one_line
from tests.linear import is_linear


def as_words(text: str) -> object:
    return md(text), md_marks(text), md_code(text), one_line(text), entry.types(text), mrkdwn(text)


def as_code(text: str) -> object:
    fenced = f"````\n{text}\n````"
    return card_texts(fenced), sections(fenced), markup.blocks(fenced, markup.MARKDOWN)


def as_passage(text: str) -> object:
    code = "    " + text.replace("\n", "\n    ")
    return list(passages([Change("a", code, type="feat", notes={"internal": code})], "internal", {}))


UNITS = (
    "a", " ", "\n", "\n ", "-", "_", "1", "&", "<", "[", "`", "# a", "#", " #", "\n## New #", "{a", "a_", "\t\n",
    "é",
)  # fmt: skip


@pytest.mark.parametrize("reader", [as_words, as_code, as_passage])
def test_no_text_takes_longer_than_its_length(reader: Callable[[str], object]) -> None:
    assert [unit for unit in UNITS if not is_linear(reader, unit)] == []


@pytest.mark.parametrize(("begin", "unit", "end"), [("# a", " ", "x"), ("# a", "#", "x"), ("# a", " #", "x")])
def test_nor_does_a_heading(begin: str, unit: str, end: str) -> None:
    assert is_linear(entry.types, unit, begin, end)

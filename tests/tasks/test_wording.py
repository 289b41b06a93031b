"""What the board calls things."""

from __future__ import annotations

import re

import pytest
from markdown_it import MarkdownIt

from checklists.commands import Waive
from tasks.wording import slug, table
from tests.checklists.launches import EVE, begun, told

LAUNCHES = (
    "acme-2.4.0",
    "acme-2-4.0",
    "acme-2.4.0+build.7",
    "acme-2.4.0-build.7",
    "acme-2.4.0-RC.1",
    "acme-2.4.0-rc.1",
)


def test_two_launches_never_share_an_artifact_key() -> None:
    keys = [slug(name) for name in LAUNCHES]
    assert keys[0] == "acme-2-4-0"
    assert len(set(keys)) == len(LAUNCHES)
    assert all(re.fullmatch(r"[a-z0-9-]+", key) for key in keys)


@pytest.mark.parametrize(
    "words",
    [
        "[the log](javascript:alert(1))",
        "![](https://tracker.example/pixel)",
        "<img src=https://tracker.example/pixel>",
        "<https://elsewhere.example>",
        "see\n\n[log]: https://elsewhere.example\n\n[log]",
        "[log][log]\n[log]: https://elsewhere.example",
    ],
)
def test_what_people_say_makes_no_link_picture_or_tag_in_the_table(words: str) -> None:
    """Prefect's older UI reads each cell as markdown, HTML and all."""
    rows = table(told(begun(), Waive(by=EVE, item="qa", reason=words)))
    said = next(row["said"] for row in rows if row["status"] == "waived")
    assert re.search("<(a|img)", MarkdownIt("commonmark").render(said)) is None
    assert said.replace("\u200b", "") == " ".join(words.split())

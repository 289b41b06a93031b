"""The table of a launch: a row an item, who is waited for and since when."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from markdown_it import MarkdownIt

from checklists.commands import TMINUS, Complete, Question, Waive
from checklists.launch import Launch
from tasks.boards.around import Around
from tasks.boards.table_text import table
from tests.checklists.launches import ADA, BEN, DAN, EVE, begun, report, sign, start, told
from tests.tasks.boards.test_around import AROUND


def rows(launch: Launch, around: Around = AROUND) -> dict[str, dict[str, str]]:
    return {row["item"]: row for row in table(launch, around)}


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


def test_the_table_has_a_row_for_each_item_in_checklist_order() -> None:
    launch = told(begun(), sign(ADA, "qa"), sign(DAN, "docs"))
    rows = {row["item"]: row for row in table(launch)}
    assert list(rows)[:2] == ["QA sign-off", "Docs are right"]
    assert (rows["QA sign-off"]["status"], rows["QA sign-off"]["signed by"]) == ("open", "Ada")
    assert rows["QA sign-off"]["waits for"] == "1 of qa; 1 of security"
    assert rows["Go"]["waits for"] == "qa, links, training, guide"
    assert (rows["Docs are right"][" "], rows["Docs are right"]["signed by"]) == ("✓", "Dan")
    assert {len(row) for row in rows.values()} == {len(rows["Go"])}


def test_a_launch_without_a_day_has_no_due_dates() -> None:
    assert {row["due"] for row in table(begun(start(on=None)))} == {""}


def test_those_who_are_waited_for_have_names() -> None:
    found = rows(told(begun(), sign(ADA, "qa"), sign(DAN, "docs"), report("links", ok=False)))
    assert found["QA sign-off"]["waits for"] == "1 of qa: Ben, Cat; 1 of security: Ben"
    assert found["QA sign-off"]["since"] == "2026-11-23 10:00"
    assert found["Docs are right"]["waits for"] == ""


def test_an_absent_person_is_not_waited_for() -> None:
    later = Around(organisation=AROUND.organisation, now=lambda: AROUND.now() + timedelta(days=30))
    assert rows(begun(), later)["QA sign-off"]["waits for"] == "2 of qa: Ada, Cat; 1 of security"


def test_a_waiver_says_until_when() -> None:
    launch = told(begun(), Waive(by=EVE, item="qa", reason="known good"))
    assert rows(launch)["QA sign-off"]["said"] == "known good"
    assert rows(told(begun(), sign(BEN, "qa")))["QA sign-off"]["said"] == ""


def test_a_question_is_a_row_that_says_what_happened() -> None:
    asked = Question(by=TMINUS, cause="tag-deleted", told="GitHub says that ada deleted the tag v2.4.0.")
    row = rows(told(begun(), asked))["The tag was deleted: what now?"]
    assert (row["status"], row["said"]) == ("open", "GitHub says that ada deleted the tag v2.4.0.")
    answered = told(begun(), asked, Complete(by=EVE, item="question-1", comment="we know"))
    assert rows(answered)["The tag was deleted: what now?"]["said"] == "we know"

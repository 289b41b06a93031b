from __future__ import annotations

from typing import Any

import pytest
from markdown_it import MarkdownIt

from templates.render import Channel, Unrenderable, render, render_markdown
from tests.templates.page import Page
from tests.templates.values import EVIL, FORM, REPORT, evil

MARKDOWN = [("gate", "form.md", FORM), ("report", "report.md", REPORT)]


def shown(markdown: str) -> Page:
    """As a reader sees it that would even let HTML through."""
    return Page(MarkdownIt("gfm-like", {"linkify": False, "html": True}).render(markdown))


@pytest.mark.parametrize(
    ("message", "channel", "values", "says"),
    [
        ("exspired", "email", FORM, 'did you mean "expired"'),
        ("gate", "slack", FORM, "this message has no"),
        ("../checklists", "email", FORM, "no message is called"),
        ("gate", "email", {**FORM, "title": object()}, "object is not plain data"),
    ],
)
def test_a_message_that_cannot_be_rendered_says_why(
    message: str, channel: Channel, values: dict[str, Any], says: str
) -> None:
    with pytest.raises(Unrenderable, match=says):
        render(message, channel, values)


def test_the_form_shows_what_an_approver_needs() -> None:
    form = render_markdown("gate", "form.md", FORM)
    assert form.startswith("> **That did not count:** you have already signed this round\n")
    page = shown(form)
    for said in (
        "QA sign-off for Acme Reports 2.4.0 · round 2 · due 2026-11-26 12:00 UTC",
        "Asked for in the last round by Bob",
        "the import, too",
        "2 of qa, 1 of security",
        "Ada (2 of qa, their own work), 2026-11-26 12:00 UTC",
        "1 of qa; 1 of security",
        "test-report: sha256 ab12…, from Ada",
        "scan (missing)",
        "five wrong codes were typed",
        "type the personal code from your mail",
        "src/import.py",
        "to be confirmed or not: Ada, Cat",
        "the code at 9f2c9f2c9f2c",
        "not known: the host does not answer",
    ):
        assert said in page.words
    assert {("href", "https://ci.example/1"), ("href", "https://acme.example/course")} <= set(page.attributes)


def test_a_first_form_shows_only_what_there_is() -> None:
    bare: dict[str, Any] = {
        "round": 1,
        "due": None,
        "about": None,
        "signed": [],
        "evidence": [],
        "materials": [],
        "asked": None,
        **dict.fromkeys(("code", "locked", "self_sign"), False),
        **dict.fromkeys(("page", "bound", "authors_unknown"), ""),
        "changes": [],
        "confirm": [],
    }
    form = render_markdown("gate", "form.md", {**FORM, **bare, "refused": ""})
    assert form.startswith("**QA sign-off** for Acme Reports 2.4.0 · round 1\n")
    assert "nobody yet" in form
    assert "None" not in form


def test_the_report_shows_items_and_deliveries() -> None:
    page = shown(render_markdown("report", "report.md", REPORT))
    for said in ("Acme Reports 2.4.0: launched", "2026-12-01 08:30 UTC", "Ada, Bob", "announce-internal", "12"):
        assert said in page.words
    assert page.tags.count("tr") == 3 + 1 + 3 + 2 + 2
    assert "nobody was hurt" in page.words
    assert "replaced by acme-2.5.0: newer" in page.words
    quiet = {**REPORT, "ending": "", "own_work": [], "waivers": []}
    assert shown(render_markdown("report", "report.md", quiet)).tags.count("h2") == 2
    assert "Nothing was sent." in render_markdown("report", "report.md", {**REPORT, "deliveries": []})


@pytest.mark.parametrize(("message", "name", "values"), MARKDOWN)
def test_what_people_wrote_cannot_change_a_markdown_page(message: str, name: str, values: dict[str, Any]) -> None:
    fixed = ("started", "ended", "about")
    honest = shown(render_markdown(message, name, values))
    attacked = shown(render_markdown(message, name, evil(values, *fixed)))
    assert set(attacked.tags) <= set(honest.tags)
    assert attacked.tags.count("td") == honest.tags.count("td")
    assert not any("javascript" in (value or "") for _, value in attacked.attributes)
    assert "{{ 7*7 }}" in attacked.words


def test_what_a_checklist_says_about_a_gate_is_markdown_without_html() -> None:
    page = shown(render_markdown("gate", "form.md", {**FORM, "about": EVIL}))
    assert "img" not in page.tags
    assert page.tags.count("strong") > 3
    assert not any("javascript" in (value or "") for _, value in page.attributes)


@pytest.mark.parametrize(("message", "name", "values"), MARKDOWN)
def test_a_missing_value_of_a_page_is_named(message: str, name: str, values: dict[str, Any]) -> None:
    for missing in values:
        with pytest.raises(Unrenderable, match=rf"templates/{message}/{name}: '{missing}' is undefined"):
            render_markdown(message, name, {key: value for key, value in values.items() if key != missing})

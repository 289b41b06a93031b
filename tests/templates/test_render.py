from __future__ import annotations

import json
from html.parser import HTMLParser
from typing import Any

import pytest
from markdown_it import MarkdownIt

from checklists.errors import LaunchError
from templates.render import Channel, Unrenderable, render, render_markdown
from tests.templates.values import ANNOUNCEMENT, EVIL, FORM, REPORT, evil

MARKDOWN = [("gate", "form.md", FORM), ("report", "report.md", REPORT)]


class Page(HTMLParser):
    """Every tag and attribute a browser would see, and the words it would show."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.attributes: list[tuple[str, str | None]] = []
        self.words = ""
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.attributes += attrs

    def handle_data(self, data: str) -> None:
        self.words += data


def shown(markdown: str) -> Page:
    """As a reader sees it that would even let HTML through."""
    return Page(MarkdownIt("gfm-like", {"linkify": False, "html": True}).render(markdown))


def test_the_announcement_says_everything_in_both_parts_of_the_mail() -> None:
    mail = render("announcement", "email", ANNOUNCEMENT)
    assert mail.subject == "Acme Reports 2.4.0: Exports in the background"
    for said in ("Acme Reports 2.4.0", "Exports in the background", "seconds", "Acme GmbH", "Lindenstraße 12"):
        assert said in mail.text
        assert said in Page(mail.html).words
    assert "https://acme.example/changes/2.4.0?a=1&b=2" in mail.text
    assert ("href", ANNOUNCEMENT["link"]) in Page(mail.html).attributes


def test_the_mail_can_be_read_in_light_and_dark_and_on_a_phone() -> None:
    html = render("announcement", "email", ANNOUNCEMENT).html
    assert '<meta name="color-scheme" content="light dark">' in html
    assert "prefers-color-scheme: dark" in html
    assert "width=device-width" in html
    assert "http://" not in html, "nothing is loaded from elsewhere"


@pytest.mark.parametrize("gone", ["headline", "link", "notes", "postal_address"])
@pytest.mark.parametrize("channel", ["email", "slack"])
def test_what_may_be_empty_leaves_no_trace(channel: Channel, gone: str) -> None:
    rendered = render("announcement", channel, {**ANNOUNCEMENT, gone: ""})
    written = rendered.text + rendered.html + json.dumps(rendered.slack)
    assert "None" not in written
    assert '""' not in written.replace('content=""', "")
    assert "Read more" not in written or gone != "link"


@pytest.mark.parametrize("missing", sorted(ANNOUNCEMENT))
def test_a_missing_value_is_an_error_that_names_template_and_value(missing: str) -> None:
    values = {key: value for key, value in ANNOUNCEMENT.items() if key != missing}
    with pytest.raises(LaunchError, match=rf"templates/announcement/\w+\.\w+: '{missing}' is undefined"):
        render("announcement", "email", values)


@pytest.mark.parametrize(
    ("message", "channel", "values", "says"),
    [
        ("announcment", "email", ANNOUNCEMENT, 'did you mean "announcement"'),
        ("gate", "slack", FORM, "this message has no"),
        ("../checklists", "email", ANNOUNCEMENT, "no message is called"),
        ("announcement", "email", {**ANNOUNCEMENT, "notes": object()}, "object is not plain data"),
        ("announcement", "email", {**ANNOUNCEMENT, "notes": None}, "check the values"),
        ("announcement", "slack", {**ANNOUNCEMENT, "notes": 7}, "check the values"),
    ],
)
def test_a_message_that_cannot_be_rendered_says_why(
    message: str, channel: Channel, values: dict[str, Any], says: str
) -> None:
    with pytest.raises(Unrenderable, match=says):
        render(message, channel, values)


@pytest.mark.parametrize("channel", ["email", "slack"])
@pytest.mark.parametrize("key", ["product", "version", "headline"])
def test_a_subject_is_one_short_line(channel: Channel, key: str) -> None:
    subject = render("announcement", channel, {**ANNOUNCEMENT, key: "x\r\nBcc: b@c.de\x00\u2028" + "y" * 200}).subject
    assert len(subject) <= 150
    assert subject.isprintable()


def test_what_people_wrote_is_not_a_template() -> None:
    values = evil(ANNOUNCEMENT)
    mail = render("announcement", "email", values)
    for written in (
        mail.subject,
        mail.text,
        Page(mail.html).words,
        json.dumps(render("announcement", "slack", values).slack),
    ):
        assert "{{ 7*7 }}" in written
        assert "49" not in written


def test_what_people_wrote_adds_no_tag_to_the_mail() -> None:
    honest, attacked = (
        Page(render("announcement", "email", v).html) for v in (ANNOUNCEMENT, evil(ANNOUNCEMENT, "link"))
    )
    assert "img" not in attacked.tags
    assert {name for name, _ in attacked.attributes} <= {name for name, _ in honest.attributes}
    assert not any((value or "").startswith("javascript:") for _, value in attacked.attributes)


def test_a_link_to_nowhere_safe_is_left_out() -> None:
    mail = render("announcement", "email", {**ANNOUNCEMENT, "link": "javascript:alert(1)"})
    assert "javascript" not in mail.html + mail.text
    assert "javascript" not in json.dumps(
        render("announcement", "slack", {**ANNOUNCEMENT, "link": "javascript:1"}).slack
    )


LONG = dict.fromkeys(ANNOUNCEMENT, "<&\"'\\ ü🚀 " * 2000) | {"link": "https://acme.example/" + "&" * 900}


@pytest.mark.parametrize("values", [ANNOUNCEMENT, LONG, evil(ANNOUNCEMENT), {**LONG, "link": ""}])
def test_a_slack_message_stays_within_slacks_limits(values: dict[str, Any]) -> None:
    payload = render("announcement", "slack", values).slack
    assert payload is not None
    assert payload["text"]
    assert len(payload["blocks"]) <= 50
    texts = [text for block in payload["blocks"] for text in block.get("elements", [block.get("text")])]
    assert len(payload["text"]) + sum(len(text["text"]) for text in texts) < 10_000
    assert all(0 < len(text["text"]) <= (150 if text["type"] == "plain_text" else 3000) for text in texts)
    assert not any("<!" in text["text"] for text in texts if text["type"] == "mrkdwn")


def test_notes_that_are_too_long_for_slack_lead_on() -> None:
    values = {**ANNOUNCEMENT, "notes": "word " * 5000}
    assert "… <https://acme.example/changes/2.4.0?a=1&amp;b=2|Read more>" in str(
        render("announcement", "slack", values).slack
    )
    assert "the notes go on" in str(render("announcement", "slack", {**values, "link": ""}).slack)


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

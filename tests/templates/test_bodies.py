"""One body for everybody who gets the same, and what is put into it for each."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from checklists.brand import Brand
from checklists.errors import LaunchError
from tasks.senders.sender import addressed
from templates.bodies import Frame, Standing, render_body
from templates.filling import Unrenderable
from templates.look import look
from templates.personal import facts_in, in_html, in_text, marked, shown
from templates.render import Channel, Rendered
from tests.templates.page import Page
from tests.templates.values import ANNOUNCEMENT, EVIL, evil

LOOK = look(Brand(name="Acme"))
LANGUAGES = ("en", "de", "fr")
READER = {"name": "Ada", "unsubscribe": "https://l.example/u/ada", "preferences": "https://l.example/p/ada"}


def made(channel: Channel = "email", values: dict[str, Any] | None = None, **frame: Any) -> Rendered:
    return render_body("announcement", channel, values or ANNOUNCEMENT, Frame(look=LOOK, **frame))


def mail(values: dict[str, Any] | None = None, reader: dict[str, str] = READER, **frame: Any) -> Rendered:
    return addressed(made("email", values, **frame), reader)


def slack(values: dict[str, Any], **frame: Any) -> dict[str, Any]:
    payload = made("slack", values, standing="nobody", **frame).slack
    assert payload is not None
    return payload


def teams(values: dict[str, Any], **frame: Any) -> dict[str, Any]:
    payload = made("teams", values, standing="nobody", **frame).teams
    assert payload is not None
    return payload


def card(payload: dict[str, Any]) -> dict[str, Any]:
    (attachment,) = payload["attachments"]
    found: dict[str, Any] = attachment["content"]
    return found


@pytest.mark.parametrize("locale", LANGUAGES)
def test_the_announcement_says_everything_in_both_parts_of_the_mail(locale: str) -> None:
    sent = mail(locale=locale)
    colon = "\u00a0:" if locale == "fr" else ":"
    assert sent.subject == f"Acme Reports 2.4.0{colon} Exports in the background"
    for said in ("Ada", "Exports in the background", "seconds", "Acme GmbH", "Lindenstraße 12"):
        assert said in sent.text
        assert said in Page(sent.html).words
    for address in ("https://acme.example/changes/2.4.0?a=1&b=2", READER["unsubscribe"], READER["preferences"]):
        assert address in sent.text
        assert ("href", address) in Page(sent.html).attributes
    assert f'lang="{locale}"' in sent.html


def test_each_language_has_its_own_words() -> None:
    said = {locale: mail(locale=locale).text for locale in LANGUAGES}
    assert "Hello Ada," in said["en"]
    assert "Guten Tag Ada," in said["de"]
    assert "Bonjour Ada," in said["fr"]
    assert "Abmelden: https://l.example/u/ada" in said["de"]
    assert "Read more" not in said["de"] + said["fr"]


def test_the_mail_can_be_read_in_light_and_dark_and_on_a_phone() -> None:
    html = mail().html
    assert '<meta name="color-scheme" content="light dark">' in html
    assert "prefers-color-scheme: dark" in html
    assert "width=device-width" in html
    assert "http://" not in html, "nothing is loaded from elsewhere"
    assert re.search(r'<h1 class="headline" style="[^"]*font-size: 28px', html), "programs without style sheets see it"


def test_a_brand_stands_on_everything() -> None:
    acme = look(Brand(name="Acme", colour="#ffdd00", logo="https://acme.example/logo.png"))
    html = render_body("announcement", "email", ANNOUNCEMENT, Frame(look=acme)).html
    assert "background: #ffdd00" in html
    assert "color: #000000" in html, "dark on yellow"
    assert {("src", "https://acme.example/logo.png"), ("alt", "Acme")} <= set(Page(html).attributes)


@pytest.mark.parametrize("gone", ["headline", "link", "notes", "postal_address"])
@pytest.mark.parametrize("channel", ["email", "slack", "teams"])
def test_what_may_be_empty_leaves_no_trace(channel: Channel, gone: str) -> None:
    body = made(channel, {**ANNOUNCEMENT, gone: ""}, standing="listed" if channel == "email" else "nobody")
    written = body.text + body.html + json.dumps([body.slack, body.teams])
    assert "None" not in written
    assert '""' not in written.replace('content=""', "").replace('alt=""', "")
    assert "Read more" not in written or gone != "link"


@pytest.mark.parametrize("missing", sorted(ANNOUNCEMENT))
def test_a_missing_value_is_an_error_that_names_template_and_value(missing: str) -> None:
    values = {key: value for key, value in ANNOUNCEMENT.items() if key != missing}
    with pytest.raises(LaunchError, match=rf"templates/(announcement|letter)/\w+\.\w+: '{missing}' is undefined"):
        made("email", values)


@pytest.mark.parametrize(
    ("message", "channel", "values", "says"),
    [
        ("announcment", "email", ANNOUNCEMENT, 'did you mean "announcement"'),
        ("../checklists", "email", ANNOUNCEMENT, "no message is called"),
        ("announcement", "email", {**ANNOUNCEMENT, "notes": object()}, "object is not plain data"),
        ("announcement", "slack", {**ANNOUNCEMENT, "notes": 7}, "check the values"),
    ],
)
def test_a_message_that_cannot_be_rendered_says_why(
    message: str, channel: Channel, values: dict[str, Any], says: str
) -> None:
    with pytest.raises(Unrenderable, match=says):
        render_body(message, channel, values, Frame(look=LOOK))


@pytest.mark.parametrize("key", ["product", "version", "headline"])
def test_a_subject_is_one_short_line(key: str) -> None:
    subject = mail({**ANNOUNCEMENT, key: "x\r\nBcc: b@c.de\x00\u2028" + "y" * 200}).subject
    assert len(subject) <= 150
    assert subject.isprintable()


def test_what_people_wrote_is_not_a_template() -> None:
    values = evil(ANNOUNCEMENT)
    sent = mail(values)
    posted = json.dumps([slack(values), teams(values)])
    for written in (sent.subject, sent.text, Page(sent.html).words, posted):
        assert "{{ 7*7 }}" in written or "\\\\{\\\\{ 7\\\\*7" in written
        assert "49" not in written


def test_what_people_wrote_adds_no_tag_to_the_mail() -> None:
    honest, attacked = (Page(mail(v).html) for v in (ANNOUNCEMENT, evil(ANNOUNCEMENT, "link")))
    assert "img" not in attacked.tags
    assert {name for name, _ in attacked.attributes} <= {name for name, _ in honest.attributes}
    assert not any((value or "").startswith("javascript:") for _, value in attacked.attributes)


def test_a_link_to_nowhere_safe_is_left_out() -> None:
    values = {**ANNOUNCEMENT, "link": "javascript:alert(1)"}
    sent = mail(values)
    assert "javascript" not in sent.html + sent.text + json.dumps([slack(values), teams(values)])


LONG = dict.fromkeys(ANNOUNCEMENT, "<&\"'\\ ü🚀 " * 2000) | {"link": "https://acme.example/" + "&" * 900}
HARD = [ANNOUNCEMENT, LONG, evil(ANNOUNCEMENT), {**LONG, "link": ""}, {**ANNOUNCEMENT, "notes": "a\n\n" * 3000}]


@pytest.mark.parametrize("values", HARD)
@pytest.mark.parametrize("is_test", [False, True])
def test_a_slack_message_stays_within_slacks_limits(values: dict[str, Any], is_test: bool) -> None:
    payload = slack(values, is_test=is_test)
    assert payload["text"]
    assert len(payload["blocks"]) <= 50
    texts = [text for block in payload["blocks"] for text in block.get("elements", [block.get("text")])]
    assert len(payload["text"]) + sum(len(text["text"]) for text in texts) < 10_000
    assert all(0 < len(text["text"]) <= (150 if text["type"] == "plain_text" else 3000) for text in texts)
    assert not any("<!" in text["text"] for text in texts if text["type"] == "mrkdwn")


@pytest.mark.parametrize("values", HARD)
@pytest.mark.parametrize("is_test", [False, True])
def test_a_card_stays_within_what_teams_takes(values: dict[str, Any], is_test: bool) -> None:
    payload = teams(values, is_test=is_test)
    assert len(json.dumps(payload).encode()) <= 20_000
    assert card(payload)["body"]


@pytest.mark.parametrize("locale", LANGUAGES)
def test_notes_that_are_too_long_lead_on(locale: str) -> None:
    values = {**ANNOUNCEMENT, "notes": "word " * 400 + "\n\nword" * 4000}
    more = {"en": "Read more", "de": "Weiterlesen", "fr": "En savoir plus"}[locale]
    assert f"|{more}>" in str(slack(values, locale=locale))
    assert more in str(card(teams(values, locale=locale))["body"][-1])
    assert "the notes go on" in str(slack({**values, "link": ""}))


def test_a_card_shows_the_markdown_that_cards_know() -> None:
    notes = (
        "# New\n\n**Bold** and `code_x` <at>all</at>\n\n| a | b |\n|---|---|\n| 1 | 2 |\n\n[Docs](https://a.example/b)"
    )
    texts = [block["text"] for block in card(teams({**ANNOUNCEMENT, "notes": notes}))["body"]]
    assert "**New**" in texts
    assert "[Docs](https://a.example/b)" in texts
    assert not any("<at>" in text or text.startswith("#") or "|--" in text for text in texts)


@pytest.mark.parametrize("channel", ["email", "slack", "teams"])
def test_a_test_says_so_before_anything_else(channel: Channel) -> None:
    body = made(channel, is_test=True, standing="listed" if channel == "email" else "nobody", locale="de")
    assert body.subject.startswith("[Test] ")
    said = "Dies ist ein Test"
    if channel == "email":
        assert body.text.startswith(said)
        assert body.html.index("<body") < body.html.index(said) < body.html.index("<h1")
    else:
        assert said in json.dumps(body.slack or body.teams, ensure_ascii=False)[:900]


def test_the_same_values_give_the_same_rendering() -> None:
    assert made() == made()
    assert made() != made(locale="de")
    assert made() != made(standing="role")


@pytest.mark.parametrize("standing", ["role", "listed"])
def test_who_may_not_unsubscribe_is_offered_nothing_of_the_kind(standing: Standing) -> None:
    body = made(standing=standing)
    assert {mark.partition("\ue002")[0] for mark in facts_in(body.text, body.html)} == {"name"}
    assert "nsubscribe" not in body.text + body.html


def test_somebody_without_a_name_is_greeted_without_one() -> None:
    assert "Guten Tag,\n" in mail(reader={**READER, "name": ""}, locale="de").text


NAMES = [EVIL, "Ada\r\nBcc: eve@example.net", "{{ 7*7 }}", "{name}", "\u202eadA", "</p><script>"]


@pytest.mark.parametrize("name", NAMES)
def test_a_name_does_nothing_but_stand_there(name: str) -> None:
    sent = mail(reader={**READER, "name": name})
    assert Page(sent.html).tags == Page(mail().html).tags
    assert not any("\r" in part or "\u202e" in part for part in (sent.subject, sent.text, sent.html))
    assert "\nBcc" not in sent.text
    assert "49" not in sent.text + sent.html.replace("#545b69", "").replace("#434a59", "").replace("249", "")


MARKS = "\ue000unsubscribe\ue001"


@pytest.mark.parametrize("where", ["notes", "product", "headline", "organisation"])
def test_nothing_anybody_wrote_is_taken_for_a_place(where: str) -> None:
    body = made("email", {**ANNOUNCEMENT, where: f"x {MARKS} y"})
    assert facts_in(body.subject, body.text, body.html) == facts_in(made().subject, made().text, made().html)


def test_what_is_put_in_is_not_looked_at_again() -> None:
    sent = mail(reader={**READER, "name": MARKS})
    assert sent.text.count(READER["unsubscribe"]) == 1, "a name made of marks would bring the address in twice"


ADDRESSES = st.uuids().map(lambda one: f"https://l.example/{one}")
READERS = st.lists(
    st.fixed_dictionaries({"name": st.text(max_size=60), "unsubscribe": ADDRESSES, "preferences": ADDRESSES}),
    min_size=2,
    max_size=4,
)
BODY = made()


@given(READERS)
@settings(max_examples=40, deadline=None)
def test_nothing_of_one_reader_is_in_the_mail_of_another(readers: list[dict[str, str]]) -> None:
    sent = [addressed(BODY, reader) for reader in readers]
    for place, reader in enumerate(readers):
        others = "".join(f"{one.text}{one.html}" for number, one in enumerate(sent) if number != place)
        assert reader["unsubscribe"] not in others
        assert reader["preferences"] not in others
        assert facts_in(sent[place].subject, sent[place].text, sent[place].html) == ()


def test_a_vendor_puts_in_what_is_put_in_here() -> None:
    """SendGrid replaces each tag by its words, in every part alike."""
    reader = {**READER, "name": "Ada & <Bob>"}
    body, here = made(), mail(reader=reader)
    text = marked(body.text, lambda mark: in_text(reader, mark))
    html = marked(body.html, lambda mark: in_html(reader, mark))
    assert (text, html) == (here.text, here.html)
    assert "Ada &amp; &lt;Bob&gt;" in html
    assert "Ada & <Bob>" in text


def test_who_approves_sees_where_something_of_the_reader_will_stand() -> None:
    assert "Hello [name]," in shown(made().text)
    assert "Unsubscribe: [unsubscribe]" in shown(made().text)

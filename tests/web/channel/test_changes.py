from __future__ import annotations

import re
from base64 import b64encode
from dataclasses import replace
from datetime import timedelta
from hashlib import sha256

import httpx
import pytest

from ledger.publication import Words
from tasks.announcements.publishing import shown
from tasks.people.readers import reader_address, reader_token
from tasks.world import World
from tests.tasks.channel import Draft, put

EVIL = '"><script>alert(1)</script><img src=x onerror=alert(1)>'


def titles(page: str) -> list[str]:
    return re.findall(r'<h3 dir="auto"><a href="[^"]+">([^<]*)</a>', page)


def test_the_newest_changes_are_listed_page_by_page(channel: World, reading: httpx.Client) -> None:
    for number in range(45):
        put(channel, Draft(f"2.{number}"))
        channel.now.wait(timedelta(hours=1))  # type: ignore[attr-defined]
    pages = [titles(reading.get("/changes", params={"page": number}).text) for number in (1, 2, 3)]
    assert [len(page) for page in pages] == [20, 20, 5]
    assert pages[0][0] == "Acme 2.44"
    assert len({title for page in pages for title in page}) == 45
    for odd in ("0", "-1", "99", "x", "", "1e3", "٣", "9" * 400):
        assert reading.get("/changes", params={"page": odd}).status_code == 200
    assert 'rel="next" href="http://127.0.0.1:4280/changes?product=acme&amp;page=2"' in (
        reading.get("/changes", params={"product": "acme"}).text
    )


def test_a_search_finds_words_and_filters_meet(channel: World, reading: httpx.Client) -> None:
    put(channel, Draft("2.4.0", topics=("exports",), types=("new",)))
    put(channel, Draft("1.0.0", product="acme-sdk", body="A client für alle", types=("fixed",)))
    assert titles(reading.get("/changes", params={"q": "FUR"}).text) == ["Acme-Sdk 1.0.0"]
    assert titles(reading.get("/changes", params={"type": "new"}).text) == ["Acme 2.4.0"]
    assert titles(reading.get("/changes", params={"product": "acme-sdk", "q": "faster"}).text) == []
    assert "Nothing matches that." in reading.get("/changes", params={"q": "zzz"}).text
    assert '<option value="acme-sdk">Acme SDK</option>' in reading.get("/changes").text


TOPIC = "topics: {roadmap-sso: {title: Zugang mit Single sign-on}}\n"


def test_a_topic_is_shown_and_found_by_what_it_is_called_now(channel: World, reading: httpx.Client) -> None:
    """Also of what stood there before; its key stays in addresses."""
    put(channel, Draft("2.4.0", topics=("roadmap-sso",)))
    put(channel, Draft("2.5.0", topics=("gone",)))
    assert titles(reading.get("/changes", params={"q": "sign-on"}).text) == []
    file = channel.organisation_file.file
    file.write_text(file.read_text() + TOPIC)
    page = reading.get("/changes").text
    assert '<option value="roadmap-sso">Zugang mit Single sign-on</option>' in page
    assert '<option value="gone">gone</option>' in page
    assert '?topic=roadmap-sso"><span class="sr">Topic: </span>Zugang mit Single sign-on</a>' in page
    assert "Single sign-on" in reading.get("/changes/acme-2.4.0").text
    assert titles(reading.get("/changes", params={"topic": "roadmap-sso"}).text) == ["Acme 2.4.0"]
    for words, found in (("SIGN-on", 1), ("single faster", 1), ("zugang slower", 0), ("%", 0), ("faster", 2)):
        assert len(titles(reading.get("/changes", params={"q": words}).text)) == found, words
    assert "acme-2.4.0" in reading.get("/changes.atom", params={"q": "sign-on"}).text


def test_a_change_has_an_address_for_good(channel: World, reading: httpx.Client) -> None:
    put(channel, Draft("2.4.0"))
    page = reading.get("/changes/acme-2.4.0")
    assert page.status_code == 200
    assert "<strong>faster</strong>" in page.text
    address = f"{channel.settings.public_url}/changes/acme-2.4.0"
    for said in (
        f'<link rel="canonical" href="{address}">',
        f'<meta property="og:url" content="{address}">',
        '<meta property="og:title" content="Acme 2.4.0">',
        '<meta property="og:description" content="Exports are faster. ',
        '<meta name="twitter:card" content="summary">',
        'type="application/atom+xml"',
    ):
        assert said in page.text
    assert "noindex" not in page.text
    assert "<script" not in page.text


@pytest.mark.parametrize(
    ("path", "leads"),
    [
        ("/changes", "/subscribe"),
        ("/changes?product=acme&topic=exports&lang=fr", "/subscribe?topic=acme&amp;topic=exports&amp;lang=fr"),
        ("/changes/acme-2.4.0?lang=de", "/subscribe?topic=acme&amp;lang=de"),
    ],
)
def test_everybody_is_shown_how_to_get_it_by_mail(channel: World, reading: httpx.Client, path: str, leads: str) -> None:
    put(channel, Draft("2.4.0", topics=("exports",)))
    assert f'<a class="button" href="{channel.settings.public_url}{leads}">' in reading.get(path).text


def test_pages_look_as_their_product_does_and_the_policy_lets_them(channel: World, reading: httpx.Client) -> None:
    file = channel.settings.organisation
    brands = file.read_text().replace("{title: Acme}", "{title: Acme, brand: {colour: '#0b7a55'}}")
    file.write_text(f"brand: {{colour: '#b3005e'}}\n{brands}")
    put(channel, Draft("2.4.0"))
    looks = {"/changes": "#b3005e", "/changes?product=acme": "#0b7a55", "/changes/acme-2.4.0": "#0b7a55"}
    looks |= {"/changes?product=acme-sdk": "#b3005e", "/changes/nothing": "#b3005e", "/subscribe": "#b3005e"}
    for path, colour in looks.items():
        page = reading.get(path)
        styles = re.findall(r"<style>(.*?)</style>", page.text, re.DOTALL)
        assert f"--button: {colour};" in styles[-1], path
        for style in styles:
            known = b64encode(sha256(style.encode()).digest()).decode()
            assert f"'sha256-{known}'" in page.headers["content-security-policy"]


def test_the_bare_address_leads_to_what_is_new(reading: httpx.Client) -> None:
    browser = {"Accept": "text/html,*/*;q=0.8"}
    answer = reading.get("/?lang=de", headers=browser)
    assert (answer.status_code, answer.headers["location"]) == (307, "/changes?lang=de")
    assert reading.get("/", headers=browser, follow_redirects=True).status_code == 200
    assert [reading.post("/", headers=browser).status_code, reading.get("/").status_code] == [404, 404]


@pytest.mark.parametrize("path", ["/nothing", "/changes/a/b", "/sign", "/preview/", "/%00"])
def test_people_are_told_in_their_language_that_there_is_nothing(
    channel: World, reading: httpx.Client, path: str
) -> None:
    file = channel.settings.organisation
    file.write_text(f"languages: [en, de]\n{file.read_text()}")
    page = reading.get(path, headers={"Accept": "text/html,*/*;q=0.8", "Accept-Language": "de"})
    assert (page.status_code, page.headers["content-language"]) == (404, "de")
    assert "<title>Unter dieser Adresse gibt es nichts · Example Org</title>" in page.text
    assert reading.get(path).json() == {"detail": "Not Found"}
    for accepted in ("text/html", "application/json"):
        answer = reading.get(f"/api{path}", headers={"Accept": accepted})
        assert answer.headers["content-type"] == "application/problem+json"


def test_who_has_a_link_of_their_own_is_not_asked_to_sign_up(channel: World, reading: httpx.Client) -> None:
    assert "/subscribe" not in reading.get(f"/changes/of/{reader_token(channel, 'ada@example.com')}").text


def test_what_was_drawn_in_an_older_way_is_drawn_again(channel: World, reading: httpx.Client) -> None:
    made = put(channel, Draft("2.4.0"))
    older = replace(made.shown, excerpt="· Exports are fas…", drawn=made.shown.drawn - 1)
    channel.ledger.publications.correct(made.id, "c", made.words(), older, channel.now())
    for path in ("/changes", "/changes/acme-2.4.0", "/changes.atom"):
        assert ("Export as CSV." in (said := reading.get(path).text), "· Exports" in said) == (True, False), path


def test_a_correction_and_a_recall_are_told_at_the_same_address(channel: World, reading: httpx.Client) -> None:
    made = put(channel, Draft("2.4.0"))
    words = Words("Acme 2.4.0", "Exports are slower.")
    channel.ledger.publications.correct(made.id, "c", words, shown(words), channel.now(), "It said faster.")
    page = reading.get("/changes/acme-2.4.0").text
    assert ("It said faster." in page, "slower" in page) == (True, True)
    channel.ledger.publications.recall(made.id, "It is not out.", channel.now())
    gone = reading.get("/changes/acme-2.4.0")
    assert (gone.status_code, "It is not out." in gone.text, "slower" in gone.text) == (410, True, False)
    assert titles(reading.get("/changes").text) == []


@pytest.mark.parametrize(("later", "is_said"), [(timedelta(hours=2), False), (timedelta(days=1), True)])
def test_a_correction_of_the_same_day_is_no_second_date(
    channel: World, reading: httpx.Client, later: timedelta, is_said: bool
) -> None:
    made = put(channel, Draft("2.4.0"))
    channel.now.wait(later)  # type: ignore[attr-defined]
    channel.ledger.publications.correct(made.id, "c", made.words(), made.shown, channel.now(), "It said faster.")
    for path in ("/changes", "/changes/acme-2.4.0"):
        assert ("updated <time" in reading.get(path).text) == is_said


def test_nobody_writes_into_a_page(channel: World, reading: httpx.Client) -> None:
    put(channel, Draft("2.4.0", title=EVIL, body=EVIL))
    for page in (
        reading.get("/changes"),
        reading.get("/changes/acme-2.4.0"),
        reading.get("/changes", params={"q": EVIL}),
        reading.get("/changes", params={"product": EVIL}),
    ):
        assert "<script" not in page.text
        assert "<img src=x" not in page.text
        assert "script-src" not in page.headers["content-security-policy"]
        assert "default-src 'none'" in page.headers["content-security-policy"]


def test_what_is_for_one_audience_is_nothing_to_others(channel: World, reading: httpx.Client) -> None:
    put(channel, Draft("2.4.0", audience="internal", title="Only for us"))
    ada, ben = (reader_token(channel, f"{name}@example.com") for name in ("ada", "ben"))
    never = reading.get("/changes/never-was")
    hidden = [reading.get("/changes/acme-2.4.0-internal"), reading.get(f"/changes/of/{ben}/acme-2.4.0-internal")]
    assert [(page.status_code, page.text) for page in hidden] == [(404, never.text)] * 2
    assert "Only for us" not in reading.get("/changes", params={"audience": "internal", "q": "only"}).text
    mine = reading.get(f"/changes/of/{ada}/acme-2.4.0-internal")
    assert mine.status_code == 200
    assert "For Everybody here only" in mine.text
    assert mine.headers["x-robots-tag"] == "noindex, nofollow"
    assert (mine.headers["cache-control"], mine.headers["referrer-policy"]) == ("no-store", "no-referrer")
    assert 'property="og:url"' not in mine.text
    assert titles(reading.get(f"/changes/of/{ada}").text) == ["Only for us"]


def test_who_leaves_an_audience_reads_no_more_of_it(channel: World, reading: httpx.Client) -> None:
    put(channel, Draft("2.4.0", audience="internal"))
    ada = reader_token(channel, "ada@example.com")
    assert reading.get(f"/changes/of/{ada}/acme-2.4.0-internal").status_code == 200
    file = channel.settings.organisation
    file.write_text(file.read_text().replace("[launch-managers, internal]", "[launch-managers]"))
    assert reading.get(f"/changes/of/{ada}/acme-2.4.0-internal").status_code == 404


def test_a_link_that_was_revoked_or_forged_opens_nothing(channel: World, reading: httpx.Client) -> None:
    token = reader_token(channel, "ada@example.com")
    assert reader_token(channel, "Ada@Example.com ") == token
    assert reader_address(channel, "ada@example.com").endswith(f"/changes/of/{token}")
    forged = [token[:-1] + ("A" if token[-1] != "A" else "B"), token[:20], token + "=", "x" * 43, "%00", "é" * 43]
    assert [reading.get(f"/changes/of/{one}").status_code for one in forged] == [404] * len(forged)
    channel.ledger.readers.revoke("ada@example.com", channel.now())
    assert [reading.get(f"/changes/of/{token}{end}").status_code for end in ("", "/changes.atom")] == [404, 404]
    assert reader_token(channel, "ada@example.com") != token


def test_a_link_to_sign_is_no_link_to_read(channel: World, reading: httpx.Client) -> None:
    from tasks.people.opaque import sealed

    token = reader_token(channel, "ada@example.com")
    (reader,) = channel.ledger.readers.of("ada@example.com")
    assert sealed(channel, "reader", reader.id) == token
    assert reading.get(f"/changes/of/{sealed(channel, 'link', reader.id)}").status_code == 404


def test_another_language_is_shown_where_there_is_one(channel: World, reading: httpx.Client) -> None:
    put(channel, Draft("2.4.0", variants=(("de", Words("Acme 2.4.0", "Exporte sind schneller")),)))
    german = reading.get("/changes/acme-2.4.0", params={"lang": "de"})
    assert ('<html lang="en">' in german.text, "schneller" in german.text) == (True, True)
    assert '<div class="prose card" dir="auto" lang="de">' in german.text
    assert "schneller" not in reading.get("/changes/acme-2.4.0", params={"lang": "fr"}).text


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "PATCH"])
def test_nobody_changes_anything_here(reading: httpx.Client, method: str) -> None:
    assert reading.request(method, "/changes").status_code == 405
    assert reading.head("/changes").status_code == 200


def test_the_snippet_is_for_every_site(reading: httpx.Client) -> None:
    answer = reading.get("/changes/embed.js", headers={"Origin": "https://elsewhere.example"})
    assert answer.headers["content-type"].startswith("text/javascript")
    assert answer.headers["cross-origin-resource-policy"] == "cross-origin"
    assert not re.search(r"innerHTML|eval\(|\.style\b|document\.write|Function\(", answer.text)
    again = reading.get("/changes/embed.js", headers={"If-None-Match": answer.headers["etag"]})
    assert again.status_code == 304
    assert "access-control-allow-origin" not in reading.get("/changes").headers

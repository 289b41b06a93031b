"""The change channel as people see it: readable by everybody, without scripts, and in other people's pages."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from selenium.webdriver import Chrome
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys
from selenium.webdriver.remote.webelement import WebElement

from checklists.brand import Brand
from deployments.environment import free_port
from ledger.publication import Words
from tasks.announcements.publishing import shown
from tasks.people.readers import reader_token
from tasks.world import World
from templates import entry
from templates.bodies import Frame, render_body
from templates.look import look
from tests.browser.chromium import chromium, find, picture, until
from tests.browser.looking import (
    barriers,
    broken_rules,
    hard_to_read,
    in_the_dark,
    sized,
    too_wide,
    whole_page,
)
from tests.tasks.channel import Draft, channel_world, put
from tests.web.room import serving

pytestmark = pytest.mark.slow
EXPORTS = """Your reports leave Acme **in seconds**, also the long ones.

## New

- Export any report as CSV or as a spreadsheet
- Schedule an export, and get it by mail every Monday

## Fixed

- Columns keep the order you gave them

| Rows | before | now |
|---|---|---|
| 10,000 | 41 s | 3 s |
| 1,000,000 | did not end | 58 s |

[What else changed](https://docs.example.com/acme/2.4)
"""
BERICHTE = """Ihre Berichte verlassen Acme **in Sekunden**, auch die langen.

## Neu

- Jeder Bericht als CSV oder als Tabelle
- Exporte nach Plan, jeden Montag per Mail

## Behoben

- Spalten bleiben in der Reihenfolge, die Sie gewählt haben
"""
SMALL = "Small repairs.\n\n## Fixed\n\n- A typo"
PICTURES = (("list", "acme", 1000), ("change", "change", 1000), ("phone", "change", 390), ("german", "german", 1000))
EVIL = "<img src=x onerror=alert(1)> & \u05e9\u05dc\u05d5\u05dd"
STRICT = "default-src 'none'; style-src 'self'; require-trusted-types-for 'script'; script-src {0}; connect-src {0}"

ACME = 'data-product="acme"'
ASKED = {
    "/says": ('data-target="#news" data-lang="de" data-label="Aktuelles"',),
    "/loose": ("",),
    "/several": (
        'data-label="Repairs" data-type="fixed"',
        'data-label="News" data-type="new"',
        'data-label="For you" data-type="new" data-audience="customers"',
    ),
}
CARELESS = (
    "body > div { position: relative; max-width: 600px; margin: 0 auto }",
    "div:empty { display: none }",
    "div { opacity: 0.2; transform: scale(0.1); pointer-events: none; visibility: hidden }",
    "div { position: static !important; display: none !important; inset: auto !important }",
    "div { --accent: transparent; --card: transparent; filter: blur(9px); translate: 900px; zoom: 3; contain: strict }",
    "html { font-size: 200px } * { letter-spacing: 1em; text-transform: uppercase; color: transparent }",
)


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[World, str]]:
    port = free_port("127.0.0.1", 0)
    address = f"http://127.0.0.1:{port}"
    world = channel_world(tmp_path_factory.mktemp("channel"), public_url=address)
    file = world.settings.organisation
    file.write_text(f"languages: [en, de, fr]\n{file.read_text()}")
    for number in range(1, 24):
        put(world, Draft(f"2.3.{number}", body=SMALL, topics=("api",), types=("fixed",)))
        world.now.wait(timedelta(hours=7))  # type: ignore[attr-defined]
    put(world, Draft("1.2.0", product="acme-sdk", title="Acme SDK 1.2.0: " + EVIL, body=f"{EVIL}\n\nAsync clients."))
    title, kinds = "Exports in seconds", entry.types(EXPORTS)
    others = (("de", Words("Exporte in Sekunden", BERICHTE)),)
    made = put(world, Draft("2.4.0", body=EXPORTS, title=title, topics=("exports",), types=kinds, variants=others))
    world.now.wait(timedelta(days=1))  # type: ignore[attr-defined]
    words, told = made.words(), "It said 4 s for 10,000 rows."
    about = shown(words, others=made.variants)
    world.ledger.publications.correct(made.id, "c", words, about, world.now(), told, made.variants)
    put(world, Draft("2.5.0", audience="internal", title="Coming to support first", body="What to say when asked."))
    with serving(world, port):
        yield world, address


def _pages(home: tuple[World, str]) -> dict[str, str]:
    world, address = home
    mine = f"{address}/changes/of/{reader_token(world, 'ada@example.com')}"
    return {
        "list": f"{address}/changes",
        "search": f"{address}/changes?q=nothing+like+this",
        "change": f"{address}/changes/acme-2.4.0",
        "acme": f"{address}/changes?product=acme",
        "german": f"{address}/changes/acme-2.4.0?lang=de",
        "missing": f"{address}/changes/nothing",
        "private": f"{mine}/acme-2.5.0-internal",
        "private list": mine,
    }


def test_nothing_keeps_anybody_out(home: tuple[World, str], browser: Chrome) -> None:
    for name, address in _pages(home).items():
        assert barriers(browser, name, address) == []


def test_pictures_of_the_channel(home: tuple[World, str], browser: Chrome, tmp_path: Path) -> None:
    """New ones for the docs: TMINUS_SCREENSHOTS=1."""
    in_the_dark(browser, dark=False)
    for name, page, width in PICTURES:
        browser.get(_pages(home)[page])
        sized(browser, width, 1100 if page == "acme" else 1000, mobile=width == 390)
        assert picture(browser, tmp_path, f"changes-{name}").stat().st_size > 10_000


def test_another_language_is_one_click_away_and_stays(home: tuple[World, str]) -> None:
    with chromium(scripts=False) as browser:
        browser.get(_pages(home)["change"])
        find(browser, "nav.languages a", "Deutsch").click()
        find(browser, "h1", "Exporte in Sekunden")
        assert browser.find_element(By.TAG_NAME, "html").get_attribute("lang") == "de"
        find(browser, "nav a", "Neuigkeiten").click()
        find(browser, "h3 a", "Exporte in Sekunden")
        find(browser, "nav.languages a", "Français").click()
        find(browser, "h3[lang=en] a", "Exports in seconds")


def test_without_scripts_all_of_it_works(home: tuple[World, str]) -> None:
    with chromium(scripts=False) as browser:
        browser.get(_pages(home)["list"])
        find(browser, "#c-q").send_keys("spreadsheet")
        find(browser, "button", "Show").click()
        find(browser, "h2", "1 change found")
        find(browser, "h3 a", "Exports in seconds").click()
        find(browser, ".news", "It said 4 s")
        assert browser.title.startswith("Exports in seconds")
        find(browser, "nav a", "What’s new").click()
        find(browser, "nav.pages a", "Older").click()
        find(browser, "h2", "page 2 of 2")


def test_on_paper_there_are_words_and_no_controls(home: tuple[World, str], browser: Chrome) -> None:
    browser.get(_pages(home)["list"])
    browser.execute_cdp_cmd("Emulation.setEmulatedMedia", {"media": "print"})
    try:
        controls = browser.find_elements(By.CSS_SELECTOR, "form, nav, footer, .skip")
        assert [one.tag_name for one in controls if one.is_displayed()] == []
        assert find(browser, "h3", "Exports in seconds")
    finally:
        browser.execute_cdp_cmd("Emulation.setEmulatedMedia", {"media": ""})


class Elsewhere(BaseHTTPRequestHandler):
    """Another company's page, with the strictest policy that the docs ask for. It is in English, or the language of
    its path; at /says it asks for German and has a word of its own, at /loose it has no place for it, at /several it
    asks for several things. Its style says something of everything that stands in it."""

    channel = style = ""

    def do_GET(self) -> None:
        lang = self.path[1:] if self.path in ("/de", "/de_DE", "/pt") else "en"
        asked = ASKED.get(self.path, ('data-target="#news"',))
        scripts = (f'<script src="{self.channel}/changes/embed.js" {ACME} {one} defer></script>' for one in asked)
        head = f'<title>Ours</title><link rel="stylesheet" href="/style.css">{"".join(scripts)}'
        page = f'<!doctype html><html lang="{lang}">{head}<main><h1>Ours</h1><p id="news"></p>'
        kind, body = ("css", self.style) if self.path == "/style.css" else ("html", page)
        self.send_response(200)
        self.send_header("Content-Type", f"text/{kind}; charset=utf-8")
        self.send_header("Content-Security-Policy", STRICT.format(self.channel))
        self.end_headers()
        self.wfile.write(body.encode())

    def log_message(self, *_: object) -> None: ...


@pytest.fixture(scope="module")
def elsewhere(home: tuple[World, str]) -> Iterator[str]:
    Elsewhere.channel = home[1]
    server = ThreadingHTTPServer(("127.0.0.1", 0), Elsewhere)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://localhost:{server.server_port}"
    server.shutdown()
    server.server_close()
    thread.join(5)


def button(browser: Chrome) -> tuple[str, str]:
    """What the snippet's button says to eyes, and to ears."""
    mark = By.CSS_SELECTOR, "[data-tminus]"
    host = until(browser, lambda: next(iter(browser.find_elements(*mark)), None), "the snippet")
    made = host.shadow_root.find_element(By.CSS_SELECTOR, "button")
    return made.text.replace("\n", " "), str(made.get_attribute("aria-label"))


def fade_in(browser: Chrome, dialog: WebElement) -> None:
    """It comes out of nothing: until then it shows no text."""
    until(browser, lambda: dialog if dialog.value_of_css_property("opacity") == "1" else None, "the dialog")
    assert dialog.is_displayed()


def _said(browser: Chrome) -> list[str]:
    """What the browser complains of: a policy that was broken shows here."""
    told = browser.get_log("browser")  # type: ignore[no-untyped-call]
    return [str(one["message"]) for one in told if "favicon" not in str(one["message"])]


def test_the_snippet_works_under_a_strict_policy_of_another_site(
    home: tuple[World, str], elsewhere: str, browser: Chrome, tmp_path: Path
) -> None:
    world, _ = home
    sized(browser, 800, 760)
    _freeze(browser, world)
    _said(browser)  # what was complained of before
    browser.get(elsewhere)
    assert button(browser) == ("What’s new 9+", "What’s new, 10 unread")
    browser.find_element(By.TAG_NAME, "body").send_keys(Keys.TAB, Keys.ENTER)
    host = browser.find_element(By.CSS_SELECTOR, "[data-tminus]")
    dialog = host.shadow_root.find_element(By.CSS_SELECTOR, "dialog")
    fade_in(browser, dialog)
    assert dialog.find_element(By.CSS_SELECTOR, "h3").text == "Exports in seconds"
    assert dialog.find_element(By.CSS_SELECTOR, "h3 a").get_attribute("href") == f"{home[1]}/changes/acme-2.4.0"
    assert picture(browser, tmp_path, "changes-snippet").stat().st_size > 5_000
    assert broken_rules(browser) == []
    browser.switch_to.active_element.send_keys(Keys.ESCAPE)
    assert not dialog.is_displayed()
    assert browser.execute_script("return document.activeElement.dataset.tminus") == "changes"
    assert button(browser) == ("What’s new", "What’s new")
    browser.get(elsewhere)
    assert button(browser) == ("What’s new", "What’s new")
    assert _said(browser) == []


@pytest.mark.parametrize(
    ("path", "says", "first", "day"),
    [
        ("de", "Neuigkeiten, 10 ungelesen", ("de", "Exporte in Sekunden"), "8. Dezember 2026"),
        ("de_DE", "Neuigkeiten, 10 ungelesen", ("de", "Exporte in Sekunden"), "8. Dezember 2026"),
        ("says", "Aktuelles, 10 ungelesen", ("de", "Exporte in Sekunden"), "8. Dezember 2026"),
        ("pt", "What’s new, 10 unread", ("en", "Exports in seconds"), "December 8, 2026"),
    ],
)
def test_the_snippet_speaks_as_it_is_asked_else_as_its_page(
    home: tuple[World, str], elsewhere: str, browser: Chrome, path: str, says: str, first: tuple[str, str], day: str
) -> None:
    _freeze(browser, home[0])
    browser.execute_cdp_cmd("Storage.clearDataForOrigin", {"origin": elsewhere, "storageTypes": "local_storage"})
    browser.get(f"{elsewhere}/{path}")
    assert button(browser)[1] == says
    root = browser.find_element(By.CSS_SELECTOR, "[data-tminus]").shadow_root
    root.find_element(By.CSS_SELECTOR, "button").click()
    dialog = root.find_element(By.CSS_SELECTOR, "dialog")
    fade_in(browser, dialog)
    one, other, *_ = root.find_elements(By.CSS_SELECTOR, "li")
    assert (one.get_attribute("lang"), one.find_element(By.CSS_SELECTOR, "h3").text) == first
    assert (one.find_element(By.CSS_SELECTOR, "time").text, other.get_attribute("lang")) == (day, "en")
    assert [said for said in broken_rules(browser) if "<html" not in said] == []


def test_blocked_storage_does_not_break_the_snippet(home: tuple[World, str], elsewhere: str, browser: Chrome) -> None:
    refuses = "get() { throw new DOMException('no', 'SecurityError'); }"
    blocked = f"Object.defineProperty(window, 'localStorage', {{{refuses}}})"
    added = browser.execute_cdp_cmd("Page.addScriptToEvaluateOnNewDocument", {"source": blocked})
    try:
        _freeze(browser, home[0])
        browser.get(elsewhere)
        assert button(browser)[1] == "What’s new, 10 unread"
        host = browser.find_element(By.CSS_SELECTOR, "[data-tminus]")
        host.shadow_root.find_element(By.CSS_SELECTOR, "button").click()
        assert button(browser)[1] == "What’s new"
    finally:
        browser.execute_cdp_cmd("Page.removeScriptToEvaluateOnNewDocument", added)


@pytest.mark.parametrize("style", CARELESS)
def test_what_a_page_says_of_its_divs_neither_hides_nor_moves_the_button(
    elsewhere: str, browser: Chrome, monkeypatch: pytest.MonkeyPatch, style: str
) -> None:
    monkeypatch.setattr(Elsewhere, "style", f"main {{ height: 3000px }} {style}")
    sized(browser, 800, 760)
    browser.get(f"{elsewhere}/loose")
    assert button(browser)[0].startswith("What’s new")
    root = browser.find_element(By.CSS_SELECTOR, "[data-tminus]").shadow_root
    shown = root.find_element(By.CSS_SELECTOR, "button")
    assert (shown.size["height"], shown.value_of_css_property("background-color")) == (44, "rgba(31, 95, 214, 1)")
    place = shown.rect
    assert (round(place["x"] + place["width"]), round(place["y"] + place["height"])) == (780, 740)
    shown.click()
    fade_in(browser, root.find_element(By.CSS_SELECTOR, "dialog"))


def test_snippets_that_show_different_changes_are_read_each_by_itself(
    home: tuple[World, str], elsewhere: str, browser: Chrome
) -> None:
    _freeze(browser, home[0])
    browser.execute_cdp_cmd("Storage.clearDataForOrigin", {"origin": elsewhere, "storageTypes": "local_storage"})
    browser.get(f"{elsewhere}/several")
    unread = {"Repairs": "Repairs, 10 unread", "News": "News, 1 unread", "For you": "For you, 1 unread"}
    assert {name: snippet(browser, name).get_attribute("aria-label") for name in unread} == unread
    browser.execute_script("arguments[0].click()", snippet(browser, "News"))
    for _ in range(2):
        said = {name: snippet(browser, name).get_attribute("aria-label") for name in unread}
        assert said == {**unread, "News": "News"}
        browser.get(f"{elsewhere}/several")


def snippet(browser: Chrome, label: str) -> WebElement:
    """The button with this label, once it has come."""

    def seen() -> WebElement | None:
        hosts = browser.find_elements(By.CSS_SELECTOR, "[data-tminus]")
        found = [host.shadow_root.find_element(By.CSS_SELECTOR, "button") for host in hosts]
        return next((one for one in found if str(one.get_attribute("aria-label")).startswith(label)), None)

    return until(browser, seen, f"the snippet {label}")


def test_words_of_others_stay_words_in_the_snippet(elsewhere: str, browser: Chrome) -> None:
    browser.get(elsewhere)
    button(browser)
    host = browser.find_element(By.CSS_SELECTOR, "[data-tminus]")
    assert host.shadow_root.find_elements(By.CSS_SELECTOR, "img, script, iframe") == []


def _change(number: int, title: str, excerpt: str) -> dict[str, str]:
    return {"title": title, "excerpt": excerpt, "url": f"https://example.com/{number}", "locale": "en"}


FRAME = Frame(look(Brand(name="Example Org")))
DIGEST = {
    "organisation": "Example Org",
    "postal_address": "Example Org, 1 Example Street, 10115 Berlin",
    "pace": "weekly",
    "count": 5,
    "things": [
        {
            "product": "Acme",
            "topic": "exports",
            "changes": [
                _change(1, "Exports in seconds", entry.excerpt(EXPORTS)),
                _change(2, "Exports by mail", "Every Monday, to anybody you name."),
            ],
        },
        {
            "product": "Acme SDK",
            "topic": "",
            "changes": [_change(3, "Acme SDK 1.2.0", "Clients that wait for nothing.")],
        },
    ],
    "more": 2,
    "all": "https://example.com/changes",
    "preferences": "https://example.com/subscriptions/you",
}


def test_a_digest_fits_and_can_be_read(browser: Chrome, tmp_path: Path) -> None:
    mail = tmp_path / "mail.html"
    mail.write_text(render_body("digest", "email", {**DIGEST, "organisation": EVIL}, FRAME).html)
    for width in (320, 390, 820):
        whole_page(browser, width, mobile=width < 820)
        for dark in (True, False):
            in_the_dark(browser, dark=dark)
            browser.get(mail.as_uri())
            assert (width, dark, too_wide(browser), hard_to_read(browser)) == (width, dark, [], [])
    mail.write_text(render_body("digest", "email", DIGEST, FRAME).html)
    browser.get(mail.as_uri())
    whole_page(browser, 820)
    assert picture(browser, tmp_path, "mail-digest-desktop").stat().st_size > 10_000


def _freeze(browser: Chrome, world: World) -> None:
    """The page's clock stands at the world's: what is unread does not depend on the day of the test."""
    moment = int(world.now().timestamp() * 1000)
    browser.execute_cdp_cmd("Page.addScriptToEvaluateOnNewDocument", {"source": f"Date.now = () => {moment}"})

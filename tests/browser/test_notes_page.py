"""Editing notes as people do: with the connection lost, by keyboard, on a phone, in the dark, without scripts."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from selenium.webdriver import Chrome, Keys
from selenium.webdriver.common.by import By
from selenium.webdriver.support.ui import WebDriverWait

from tests.browser.chromium import chromium, find, picture
from tests.browser.looking import hard_to_read, in_the_dark, sized, spoken, too_small, too_wide, whole_page
from tests.web.editing.room import Room, room

pytestmark = pytest.mark.slow
RELEASED = """Reports are exported by themselves, every night or every hour.

- keep **every format** you know: CSV, Excel, PDF
- the [limits](https://docs.example.com/limits) are the same as by hand

TODO: say what becomes of the old exports
"""
EDITED = """## New

- **Scheduled exports.** Your reports come by themselves, every night or every hour,
  in every format you know.

## What you need to do

- Nothing. Exports you start by hand stay as they are.
"""


@pytest.fixture
def here(tmp_path: Path) -> Iterator[Room]:
    with room(tmp_path, RELEASED) as made:
        yield made


def opened(browser: Chrome, here: Room, name: str = "eva", audience: str = "customer") -> None:
    browser.get(str(here.client.base_url).rstrip("/") + here.door(name, "notes", audience))  # type: ignore[arg-type]


def says(browser: Chrome, words: str) -> None:
    """Wait until the line under the editor says this."""
    WebDriverWait(browser, 20, 0.1).until(lambda _: words in browser.find_element(By.ID, "kept").text, words)


def offline(browser: Chrome, *, is_off: bool) -> None:
    browser.execute_cdp_cmd("Network.enable", {})
    conditions = {"offline": is_off, "latency": 0, "downloadThroughput": -1, "uploadThroughput": -1}
    browser.execute_cdp_cmd("Network.emulateNetworkConditions", conditions)


def rewrite(browser: Chrome, words: str) -> None:
    editor = find(browser, "#f-words")
    editor.send_keys(Keys.CONTROL, "a")
    editor.send_keys(words)


def test_words_are_edited_seen_and_saved_on_every_screen(here: Room, tmp_path: Path) -> None:
    with chromium() as browser:
        opened(browser, here)
        rewrite(browser, EDITED)
        says(browser, "Kept")
        assert find(browser, "#look strong").text == "Scheduled exports."
        find(browser, "button", "Save").click()
        find(browser, ".news.good", "Saved.")
        assert "Scheduled exports" in here.words()
        whole_page(browser, 1200)
        assert picture(browser, tmp_path, "notes-page-desktop").stat().st_size > 10_000
        assert hard_to_read(browser) == []
        in_the_dark(browser, dark=True)
        assert hard_to_read(browser) == []
        assert picture(browser, tmp_path, "notes-page-dark").stat().st_size > 10_000
        in_the_dark(browser, dark=False)
        opened(browser, here, "eva", "internal")
        whole_page(browser, 390, mobile=True)
        assert picture(browser, tmp_path, "notes-page-phone").stat().st_size > 10_000
        assert (too_wide(browser), too_small(browser), hard_to_read(browser)) == ([], [], [])
        named = spoken(browser)
        assert ("textbox", "Release notes for everybody here, in markdown") in named
        assert all(name for role, name in named), named


def test_a_lost_connection_loses_no_word(here: Room) -> None:
    with chromium() as browser:
        opened(browser, here)
        offline(browser, is_off=True)
        rewrite(browser, "Written in a tunnel.")
        says(browser, "No connection")
        offline(browser, is_off=False)
        says(browser, "Kept")
        opened(browser, here)
        assert find(browser, "#f-words").get_attribute("value") == "Written in a tunnel."
        assert "TODO" in here.words()


def test_words_that_never_arrived_are_offered_on_the_same_device(here: Room) -> None:
    left = (
        "const key = document.querySelector('form.edit').dataset.key;"
        "localStorage.setItem(`tminus notes ${key}`, JSON.stringify({words: 'Written in a tunnel.', base: ''}));"
    )
    with chromium() as browser:
        opened(browser, here)
        browser.execute_script(left)
        opened(browser, here)
        find(browser, "#on-device button", "Put them into the editor").click()
        assert find(browser, "#f-words").get_attribute("value") == "Written in a tunnel."
        says(browser, "Kept")


def test_the_keyboard_is_enough(here: Room) -> None:
    with chromium() as browser:
        sized(browser, 1200, 900)
        opened(browser, here)
        browser.switch_to.active_element.send_keys(Keys.TAB)
        browser.switch_to.active_element.send_keys(Keys.ENTER)  # "Skip to the words"
        find(browser, "#f-words").send_keys(Keys.CONTROL, "a")
        browser.switch_to.active_element.send_keys("By keyboard.")
        browser.switch_to.active_element.send_keys(Keys.CONTROL, "s")
        find(browser, ".news.good", "Saved.")
        assert here.words() == "By keyboard.\n"


def test_without_scripts_words_are_previewed_saved_and_brought_back(here: Room) -> None:
    with chromium(scripts=False) as browser:
        opened(browser, here)
        rewrite(browser, "**Plain** words.")
        find(browser, "button", "Preview").click()
        assert find(browser, "#look strong").text == "Plain"
        find(browser, "button", "Save").click()
        find(browser, ".news.good", "Saved.")
        assert here.words() == "**Plain** words.\n"
        find(browser, ".versions summary", "Drafted from the changes").click()
        find(browser, ".versions button", "Bring these back").click()
        find(browser, ".news.good", "Saved.")
        assert "TODO" in here.words()


def test_a_conflict_shows_both_and_keeps_both(here: Room) -> None:
    with chromium() as browser:
        opened(browser, here)
        here.wrote("cleo", "Cleo was faster.\n")
        rewrite(browser, "Mine.")
        says(browser, "Cleo Castro has saved other words meanwhile")
        find(browser, "button", "Save").click()
        find(browser, ".news", "Cleo Castro came first")
        assert find(browser, "#f-words").get_attribute("value") == "Mine."
        find(browser, "button", "Save").click()
        find(browser, ".news.good", "Saved.")
        assert here.words() == "Mine.\n"

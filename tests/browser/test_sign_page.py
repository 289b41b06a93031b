"""Signing as people do: with a mouse, a keyboard, a phone, a screen reader, and without scripts."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from selenium.webdriver import Chrome, Keys
from selenium.webdriver.common.by import By

from checklists import entries as e
from checklists.commands import AddEvidence, Sign
from checklists.entries import Difference
from tests.browser.chromium import chromium, find, picture
from tests.browser.looking import hard_to_read, in_the_dark, sized, spoken, too_small, too_wide, whole_page
from tests.web.signing.scene import COMMIT, Scene, report, scene

pytestmark = pytest.mark.slow
TEXT = """diff --git a/src/exports/stream.py b/src/exports/stream.py
--- a/src/exports/stream.py
+++ b/src/exports/stream.py
@@ -10,7 +10,9 @@ def export(table):
     rows = table.rows()
-    return build(rows)
+    for row in rows:
+        yield line(row)
"""
DIFFERENCE = Difference(
    base="41c09a7e55",
    head=COMMIT,
    count=3,
    commits=(
        "9f2c51d0c7 Stream exports instead of building them in memory",
        "b07c22e1aa Say how long an export will take",
        "77ad0b19f3 Keep the column order people chose",
    ),
    files=("src/exports/stream.py", "src/exports/columns.py", "docs/exports.md"),
    text=TEXT,
)


@pytest.fixture
def here(tmp_path: Path) -> Iterator[Scene]:
    """A gate in its second round, with one signature and a question."""
    with scene(tmp_path) as made:
        made.known(e.Compared(difference=DIFFERENCE))
        asked = "The upgrade path from 2.3 loses the saved filters: see run 409.\nPlease fix and run it again."
        made.did(_sign(made, "cleo", "request-changes", asked))
        made.at.clock.wait(timedelta(hours=5))
        made.did(AddEvidence(by=made.who("kim"), item="qa", evidence=report()))
        made.did(_sign(made, "kim", "approve", "Upgraded three accounts from 2.3; the filters stay."))
        made.at.clock.wait(timedelta(hours=15))
        yield made


def _sign(here: Scene, who: str, decision: e.Decision, comment: str) -> Sign:
    by = replace(here.who(who), proof="link")
    return Sign(by=by, via="link", item="qa", decision=decision, comment=comment)


def opened(browser: Chrome, here: Scene, who: str = "ben", item: str = "qa") -> None:
    browser.get(str(here.client.base_url).rstrip("/") + here.path(who, item))


def signed(here: Scene) -> list[str]:
    return [f"{one.by} {one.decision}" for one in here.item().signatures]


def press(browser: Chrome, *keys: str) -> None:
    browser.switch_to.active_element.send_keys(*keys)


def focus(browser: Chrome) -> str:
    """What the keyboard is on, by id, value or text."""
    there = browser.switch_to.active_element
    return there.get_attribute("id") or there.get_attribute("value") or there.text


def test_a_gate_is_signed_on_a_desktop_and_on_a_phone(here: Scene, tmp_path: Path) -> None:
    with chromium() as browser:
        opened(browser, here)
        whole_page(browser, 1200)
        assert picture(browser, tmp_path, "sign-page-desktop").stat().st_size > 10_000
        whole_page(browser, 390, mobile=True)
        assert picture(browser, tmp_path, "sign-page-phone").stat().st_size > 10_000
        sized(browser, 390, 844, mobile=True)
        find(browser, ".jump a", "Your decision").click()
        find(browser, ".choice.approve").click()
        find(browser, "button", "Sign").click()
        find(browser, "h1", "Approved. Thank you, Ben Brandt")
    assert signed(here) == ["kim@example.com approve", "ben@example.com approve"]


def test_a_gate_is_signed_with_the_keyboard_alone(here: Scene) -> None:
    with chromium() as browser:
        opened(browser, here)
        press(browser, Keys.TAB)
        assert browser.switch_to.active_element.text == "Skip to your decision"
        press(browser, Keys.ENTER)
        press(browser, Keys.TAB)
        assert focus(browser) == "approve"
        press(browser, Keys.ARROW_DOWN)
        assert focus(browser) == "request-changes"
        press(browser, Keys.TAB)
        assert focus(browser) == "f-comment"
        press(browser, "the filters are gone again")
        for _ in range(3):  # out of the comment, over what else can be attached, to the button
            if focus(browser) != "Sign":
                press(browser, Keys.TAB)
        press(browser, Keys.ENTER)
        find(browser, "h1", "Changes requested. Thank you, Ben Brandt")
    assert (here.item().round, here.item().question) == (3, "the filters are gone again")


def test_a_gate_is_signed_without_any_script(here: Scene) -> None:
    with chromium(scripts=False) as browser:
        browser.get("data:text/html,<p id=p>none</p><script>p.textContent='some'</script>")
        assert find(browser, "#p").text == "none"
        opened(browser, here)
        find(browser, ".choice.reject").click()
        find(browser, "button", "Sign").click()
        assert "Say in the comment why" in find(browser, ".news.bad").text
        find(browser, "#f-comment").send_keys("it loses data")
        find(browser, "button", "Sign").click()
        find(browser, "h1", "Rejected. Thank you, Ben Brandt")
    assert here.item().status == "rejected"


def test_the_browser_itself_asks_for_a_decision(here: Scene) -> None:
    with chromium() as browser:
        opened(browser, here)
        find(browser, "button", "Sign").click()
        invalid = browser.find_elements(By.CSS_SELECTOR, "input[type=radio]:invalid")
        assert len(invalid) == 3
    assert signed(here) == ["kim@example.com approve"]


def test_what_has_to_be_put_right_is_where_the_reader_is_led(here: Scene) -> None:
    with chromium() as browser:
        opened(browser, here)
        find(browser, ".choice.request-changes").click()
        find(browser, "button", "Sign").click()
        news = find(browser, ".news.bad")
        assert browser.switch_to.active_element == news
        assert browser.title.startswith("Not counted yet: QA sign-off")
        find(browser, ".news a").click()
        comment = find(browser, "#f-comment")
        assert (comment.get_attribute("aria-invalid"), comment.get_attribute("aria-describedby")) == (
            "true",
            "h-comment e-comment",
        )
        chosen = browser.find_elements(By.CSS_SELECTOR, "input:checked")
        assert [one.get_attribute("value") for one in chosen] == ["request-changes"]


def test_a_screen_reader_hears_what_everything_is(here: Scene) -> None:
    with chromium() as browser:
        opened(browser, here)
        heard = spoken(browser)
        assert [(role, name) for role, name in heard if not name.strip()] == []
        headings = [name for role, name in heard if role == "heading"]
        assert headings[:3] == ["QA sign-off", "Cleo Castro asked in the last round", "What to look at"]
        assert "Your decision" in headings
        assert [name for role, name in heard if role == "radio"] == [
            "Approve It is right as it is.",
            "Request changes Something has to change; a new round follows.",
            "Reject This must not go out. People decide what now.",
        ]
        assert [name for role, name in heard if role == "textbox"][:1] == ["Comment needed unless you approve"]
        assert ("button", "Sign") in heard
        assert len([name for role, name in heard if role == "heading" and name == "QA sign-off"]) == 1
        assert browser.find_element(By.TAG_NAME, "html").get_attribute("lang") == "en"


def _pages(browser: Chrome, here: Scene) -> Iterator[str]:
    """One after the other: the page, its complaint, what was counted, what was used, and a link that leads nowhere."""
    opened(browser, here)
    yield "page"
    find(browser, ".choice.reject").click()
    find(browser, "button", "Sign").click()
    find(browser, ".news.bad")
    yield "problems"
    find(browser, ".choice.approve").click()
    find(browser, "button", "Sign").click()
    find(browser, "h1", "Approved")
    yield "counted"
    opened(browser, here)
    yield "used"
    browser.get(f"{here.client.base_url}/sign/nothing")
    yield "unknown"


def test_every_page_can_be_read_in_the_light_and_in_the_dark(here: Scene) -> None:
    with chromium() as browser:
        for page in _pages(browser, here):
            for dark in (False, True):
                in_the_dark(browser, dark=dark)
                assert (page, dark, hard_to_read(browser)) == (page, dark, [])


@pytest.mark.parametrize(("width", "scale"), [(640, 2), (320, 4), (390, 3)])
def test_every_page_fits_when_it_is_magnified(here: Scene, width: int, scale: float) -> None:
    with chromium() as browser:
        sized(browser, width, 800, scale=scale)
        for page in _pages(browser, here):
            across = browser.execute_script("return [document.body.scrollWidth, document.body.clientWidth]")
            assert (page, too_wide(browser), across[0] <= across[1]) == (page, [], True)
            assert (page, too_small(browser)) == (page, [])

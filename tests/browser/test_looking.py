"""What looks at pages sees what is wrong with them."""

from __future__ import annotations

from collections.abc import Iterator
from urllib.parse import quote

import pytest
from selenium.webdriver import Chrome

from tests.browser.chromium import chromium
from tests.browser.looking import hard_to_read, in_the_dark, sized, spoken, too_small, too_wide

pytestmark = pytest.mark.slow
BAD = """
<style>@media (prefers-color-scheme: dark) { body { background: #000 } p { color: #222 } }</style>
<p>plain</p><p style="color: #999">pale</p><div style="background: #eee"><p style="color: #777">grey</p></div>
<div style="width: 900px">wide</div><button style="height: 20px"></button><button style="height: 44px">Sign</button>
"""


@pytest.fixture(scope="module")
def browser() -> Iterator[Chrome]:
    with chromium() as opened:
        opened.get(f"data:text/html,{quote(BAD)}")
        sized(opened, 600, 800)
        yield opened


def test_pale_texts_are_hard_to_read(browser: Chrome) -> None:
    in_the_dark(browser, dark=False)
    assert [said.split()[1] for said in hard_to_read(browser)] == ["pale", "grey"]
    in_the_dark(browser, dark=True)
    assert "plain" in {said.split()[1] for said in hard_to_read(browser)}


def test_what_reaches_beyond_the_edge_is_too_wide(browser: Chrome) -> None:
    assert too_wide(browser) == ["DIV."]
    sized(browser, 1200, 800)
    assert too_wide(browser) == []
    sized(browser, 600, 800)


def test_small_buttons_and_those_without_a_name_are_found(browser: Chrome) -> None:
    assert too_small(browser) == ["BUTTON 20"]
    assert spoken(browser) == [("button", ""), ("button", "Sign")]

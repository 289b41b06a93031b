"""A headless Chromium of Debian's packages, driven over WebDriver; absent where it is not installed."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from selenium.common.exceptions import WebDriverException
from selenium.webdriver import Chrome, ChromeOptions, ChromeService
from selenium.webdriver.common.by import By
from selenium.webdriver.remote.webelement import WebElement
from selenium.webdriver.support.ui import WebDriverWait

PATIENCE = 30.0
DOCS = Path(__file__).resolve().parents[2] / "docs"
QUIET = (
    "--headless=new",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
    "--hide-scrollbars",
)


@contextmanager
def chromium(width: int = 1360, height: int = 940, *, scripts: bool = True) -> Iterator[Chrome]:
    """A browser with a profile of its own. Skips the test where Chromium or its driver is not installed.

    Without `scripts` it runs none of a page's own.
    """
    browser, driver = shutil.which("chromium"), shutil.which("chromedriver")
    if not browser or not driver:
        pytest.skip("chromium and chromedriver are not installed (Debian: chromium, chromium-driver)")
    options = ChromeOptions()
    options.binary_location = browser
    for word in (*QUIET, f"--window-size={width},{height}"):
        options.add_argument(word)
    if not scripts:
        options.add_experimental_option("prefs", {"profile.managed_default_content_settings.javascript": 2})
    opened = Chrome(options=options, service=ChromeService(driver))
    try:
        yield opened
    finally:
        opened.quit()


def find(browser: Chrome, css: str, says: str = "") -> WebElement:
    """The first shown element of this selector that says this, as soon as there is one."""
    return until(browser, lambda: next((e for e in _shown(browser, css) if says in e.text), None), f"{css} {says!r}")


def _shown(browser: Chrome, css: str) -> Iterator[WebElement]:
    return (element for element in browser.find_elements(By.CSS_SELECTOR, css) if element.is_displayed())


def until(browser: Chrome, look: Callable[[], WebElement | None], what: str) -> WebElement:
    """What `look` finds; pages that draw themselves anew are looked at again."""
    wait = WebDriverWait(browser, PATIENCE, 0.2, ignored_exceptions=(WebDriverException,))
    found = wait.until(lambda _: look(), f"never saw {what}")
    assert isinstance(found, WebElement)
    return found


def picture(browser: Chrome, folder: Path, name: str) -> Path:
    """A screenshot, in the test's folder; in docs/ where `TMINUS_SCREENSHOTS` asks for new ones."""
    place = (DOCS if os.environ.get("TMINUS_SCREENSHOTS") else folder) / f"{name}.png"
    assert browser.save_screenshot(str(place))
    return place

"""What stakeholders see: the mail, what is posted, their preferences; and what those who sent it see of that."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from selenium.webdriver import Chrome, Keys
from selenium.webdriver.common.by import By

from tasks.audiences.addresses import preferences_address
from tasks.world import World
from tests.browser.announced import ADA, announced, mail_to
from tests.browser.chromium import find, picture
from tests.browser.looking import DESK, PHONE, barriers, in_the_dark, sized, unfit, whole_page

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def here(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[World, str]]:
    with announced(tmp_path_factory.mktemp("announced")) as made:
        yield made


def pages(here: tuple[World, str]) -> dict[str, str]:
    world, address = here
    ada = world.ledger.subscribers.find(ADA)
    assert ada is not None
    return {
        "preferences": preferences_address(world, ada.id),
        "sign-up": f"{address}/subscribe",
        "reach": f"{address}/reach/acme-2.4.0",
        "preview": f"{address}/launches/acme-2.4.0/tell/preview",
        "posted": f"{address}/launches/acme-2.4.0/tell/preview?channel=board",
    }


def test_nothing_keeps_anybody_out(here: tuple[World, str], browser: Chrome) -> None:
    for name, address in pages(here).items():
        assert barriers(browser, name, address) == []


def test_the_mail_fits_and_can_be_read(here: tuple[World, str], browser: Chrome, tmp_path: Path) -> None:
    for address in (ADA, "reader-3@example.net"):
        assert unfit(browser, tmp_path / "mail.html", mail_to(here[0], address), address) == []


def test_preferences_are_chosen_by_keyboard_and_kept(here: tuple[World, str], browser: Chrome) -> None:
    world, _ = here
    in_the_dark(browser, dark=False)
    sized(browser, 1200, 900)
    browser.get(pages(here)["preferences"])
    find(browser, 'input[name="topic"][value="roadmap-sso"]').send_keys(Keys.SPACE)
    find(browser, 'input[name="pace"][value="weekly"]').send_keys(Keys.SPACE)
    find(browser, "button", "Save").click()
    assert "Saved." in find(browser, "main").text
    ada = world.ledger.subscribers.find(ADA)
    assert ada is not None
    assert (ada.pace, "roadmap-sso" in ada.topics, "acme" in ada.topics) == ("weekly", True, True)


def test_pictures(here: tuple[World, str], browser: Chrome, tmp_path: Path) -> None:
    """New ones for the docs: TMINUS_SCREENSHOTS=1."""
    shown = pages(here)
    in_the_dark(browser, dark=False)
    for name, page in (("preferences", "preferences"), ("reach", "reach"), ("preview", "preview"), ("slack", "posted")):
        browser.get(shown[page])
        whole_page(browser, 900)
        assert picture(browser, tmp_path, f"announcement-{name}").stat().st_size > 10_000
    file = tmp_path / "mail.html"
    for name, address, width in (("desktop", ADA, DESK), ("phone", "reader-3@example.net", PHONE)):
        file.write_text(mail_to(here[0], address))
        browser.get(file.as_uri())
        whole_page(browser, width, scale=2 if width == PHONE else 1, mobile=width == PHONE)
        assert picture(browser, tmp_path, f"mail-announcement-{name}").stat().st_size > 10_000
    assert browser.find_elements(By.TAG_NAME, "h1")

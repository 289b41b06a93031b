"""What people get by mail, on a phone and at a desk, by day and by night: it fits and can be read."""

from __future__ import annotations

from pathlib import Path

import pytest
from selenium.webdriver import Chrome

from tests.browser.chromium import picture
from tests.browser.looking import DESK, PHONE, unfit, whole_page
from tests.browser.mails import mailed

pytestmark = pytest.mark.slow
SHOWN = {
    "ask": "Security review: please sign",
    "reaffirm": "“QA sign-off” changed · Acme 2.4.0 > cleo",
    "changes": "Changes requested: Release notes are right · Acme 2.4.0 > iris",
    "reminder": "things wait for you > cleo",
    "escalation": "are late > ada",
}


@pytest.fixture(scope="module")
def mails(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    with mailed(tmp_path_factory.mktemp("mailed")) as found:
        return found


def test_every_mail_fits_and_can_be_read(browser: Chrome, mails: dict[str, str], tmp_path: Path) -> None:
    seen = set()
    for subject, html in mails.items():
        assert unfit(browser, tmp_path / "mail.html", html, subject) == []
        seen |= {name for name, part in SHOWN.items() if part in subject}
    assert seen == set(SHOWN)


@pytest.mark.parametrize(
    ("name", "device"), [("ask", "phone"), ("changes", "phone"), ("reminder", "phone"), ("reaffirm", "desktop")]
)
def test_a_picture_of_it(browser: Chrome, mails: dict[str, str], tmp_path: Path, name: str, device: str) -> None:
    """New ones for the docs: TMINUS_SCREENSHOTS=1."""
    (found, *_) = [html for subject, html in mails.items() if SHOWN[name] in subject]
    page = tmp_path / "mail.html"
    page.write_text(found)
    browser.get(page.as_uri())
    whole_page(browser, PHONE if device == "phone" else DESK, scale=2 if device == "phone" else 1)
    assert picture(browser, tmp_path, f"mail-{name}-{device}").stat().st_size > 10_000

"""One browser for a file of tests that look at pages one after the other; others open their own."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from selenium.webdriver import Chrome

from tests.browser.chromium import chromium


@pytest.fixture(scope="module")
def browser() -> Iterator[Chrome]:
    with chromium() as opened:
        opened.set_script_timeout(90)
        yield opened

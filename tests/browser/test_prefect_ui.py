"""Approving a gate as people do: in both of Prefect's UIs."""

from __future__ import annotations

import time
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from selenium.webdriver import Chrome
from selenium.webdriver.common.by import By
from selenium.webdriver.support.ui import Select

from tests.browser.chromium import chromium, find, picture

if TYPE_CHECKING:
    from tests.prefect_server import House

pytestmark = pytest.mark.slow
SETTLED = 1.5  # seconds; graphs and dialogs move into place


def test_a_gate_is_approved_in_both_uis(house: House, tmp_path: Path) -> None:
    launch = house.start("a-feature")
    with chromium() as browser:
        _approve_in_v2(browser, house, house.form(launch.id, "qa-signoff"), "ben@example.com", tmp_path)
        _wait_for(house, launch.id, "qa-signoff", "ben@example.com")
        _approve_in_v1(browser, house, house.form(launch.id, "qa-signoff"), "cleo@example.com", tmp_path)
        _wait_for(house, launch.id, "qa-signoff", "cleo@example.com")
        house.form(launch.id, "docs-review")
        _look_at_the_launch(browser, house, launch.id, tmp_path)
    found = house.launch(launch.id).items
    assert (found["qa-signoff"].status, found["docs-review"].status) == ("passed", "open")
    assert {signature.via for signature in found["qa-signoff"].signatures} == {"form"}


def _wait_for(house: House, launch_id: str, item: str, signer: str) -> None:
    from tests.prefect_server import until

    until(lambda: signer in house.launch(launch_id).items[item].approvals)
    state = house.launch(launch_id).items[item]
    until(lambda: state.has_ended or house.launch(launch_id).items[item].run)


def _open(browser: Chrome, house: House, path: str) -> None:
    browser.get(house.url.removesuffix("/api") + path)


def _approve_in_v2(browser: Chrome, house: House, run_id: str, signer: str, folder: Path) -> None:
    _open(browser, house, f"/v2/runs/flow-run/{run_id}")
    find(browser, "button[aria-haspopup=menu]", "Open menu").click()
    find(browser, "[role=menuitem]", "Resume").click()
    find(browser, "[role=dialog]", "2 of qa")
    find(browser, "[role=dialog] textarea").send_keys(signer)
    find(browser, "[role=dialog] button", "Select").click()
    find(browser, "[role=option]", "approve").click()
    time.sleep(SETTLED)
    assert picture(browser, folder, "prefect-v2-gate").stat().st_size > 10_000
    find(browser, "[role=dialog] button", "Resume").click()


def _approve_in_v1(browser: Chrome, house: House, run_id: str, signer: str, folder: Path) -> None:
    _open(browser, house, f"/runs/flow-run/{run_id}")
    find(browser, "button", "Resume").click()
    find(browser, "[role=dialog], .p-modal, .p-modal__content", "Ben Brandt")  # the first signature is shown
    find(browser, "textarea").send_keys(signer)
    choices = [
        s for s in browser.find_elements(By.CSS_SELECTOR, "select") if "approve" in (s.get_attribute("innerText") or "")
    ]
    Select(choices[0]).select_by_visible_text("approve")
    time.sleep(SETTLED)
    assert picture(browser, folder, "prefect-v1-gate").stat().st_size > 10_000
    find(browser, "button", "Submit").click()


def _look_at_the_launch(browser: Chrome, house: House, launch_id: str, folder: Path) -> None:
    run_id = house.run_of(launch_id)
    _open(browser, house, f"/v2/runs/flow-run/{run_id}?tab=Artifacts")
    find(browser, "body", "Suspended")
    time.sleep(2 * SETTLED)
    picture(browser, folder, "prefect-v2-launch")
    run = house.launch(launch_id).run
    assert run is not None
    _open(browser, house, f"/v2/artifacts/artifact/{run.table_id}")
    find(browser, "body", "Docs are right")
    time.sleep(SETTLED)
    picture(browser, folder, "prefect-v2-checklist")
    _open(browser, house, f"/runs/flow-run/{run_id}")
    find(browser, "body", "Suspended")
    time.sleep(2 * SETTLED)
    picture(browser, folder, "prefect-v1-launch")

"""The JSON of `tminus show` and `tminus log`, whose shapes are a promise."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from checklists.commands import Abandon, Sign
from checklists.entries import Entry, Piece
from checklists.launch import Launch
from tasks.view import as_shown, line, run_url, show
from tests.checklists.launches import ADA, BEN, DAN, EVE, NOW, begun, decided, finished, report, sign, start, told
from tests.tasks.worlds import place

KEYS = {"id", "product", "version", "commit", "status", "run_id", "run_url", "checklist", "launch_on", "items"}
ITEM = {"title", "kind", "status", "round", "run_id", "run_url", "due", "needs", "blocked_by", "signatures", "missing"}


def test_a_launch_shows_everything_that_was_promised() -> None:
    shown = show(told(begun(), sign(ADA, "qa")))
    assert set(shown) >= KEYS
    assert all(set(item) >= ITEM for item in shown["items"].values())
    [signed] = shown["items"]["qa"]["signatures"]
    promised = {"by": "ada@example.com", "place": "2 of qa", "decision": "approve", "at": NOW.isoformat()}
    assert promised | {"via": "command"} == {key: signed[key] for key in (*promised, "via")}
    assert (signed["name"], signed["proof"], signed["self_signed"], signed["instead_of"]) == (
        "Ada",
        "asserted",
        False,
        None,
    )
    assert json.loads(json.dumps(shown)) == shown


@pytest.mark.parametrize("launch", [begun(), begun(start(on=None)), finished(begun())], ids=["begun", "no day", "over"])
def test_every_launch_is_json(launch: Launch) -> None:
    shown = show(launch)
    assert json.loads(json.dumps(shown)) == shown
    assert list(shown["items"]) == list(launch.items)


def test_what_blocks_and_what_is_missing_is_named() -> None:
    items = show(told(begun(), sign(BEN, "qa")))["items"]
    assert items["go"]["blocked_by"] == ["qa", "links", "training", "guide"]
    assert items["qa"]["missing"]
    assert items["qa"]["blocked_by"] == []


def test_evidence_shows_its_digest_beside_the_address_that_was_promised() -> None:
    report = Piece(url="https://ci.example.com/1", sha256="ab12" * 16, size=12)
    signed = Sign(by=ADA, item="qa", decision="approve", evidence={"report": report})
    item = show(told(begun(), signed))["items"]["qa"]
    assert item["evidence"] == {"report": "https://ci.example.com/1"}
    assert item["exhibits"]["report"]["sha256"] == "ab12" * 16
    assert item["exhibits"]["report"]["by"] == "ada@example.com"


def test_a_launch_that_was_replaced_names_the_one_that_took_its_place() -> None:
    shown = show(told(begun(), Abandon(by=EVE, reason="newer", ending="replaced", successor="acme-2.5.0")))
    assert (shown["status"], shown["successor"], shown["reason"]) == ("replaced", "acme-2.5.0", "newer")


def test_instants_are_in_the_products_time_zone() -> None:
    launch = begun()
    assert show(launch)["items"]["training"]["due"].endswith("+00:00")
    assert show(launch, "Europe/Berlin")["items"]["training"]["due"].endswith("+01:00")
    assert show(begun(start(on=None)))["items"]["training"]["due"] is None


def test_a_failed_check_shows_what_was_found_and_the_run_that_asks() -> None:
    item = show(told(begun(), sign(DAN, "docs"), report("links", ok=False)))["items"]["links"]
    assert (item["status"], item["summary"], item["run_id"]) == ("failed", "not well", "links-2")


def test_a_run_that_has_ended_is_still_to_be_found() -> None:
    assert show(told(begun(), sign(DAN, "docs")))["items"]["docs"]["run_id"] == "docs-1"


@pytest.mark.parametrize(
    ("environment", "url"),
    [
        ({}, None),
        ({"PREFECT_API_URL": "http://127.0.0.1:4200/api"}, "http://127.0.0.1:4200/runs/flow-run/7"),
        (
            {"PREFECT_API_URL": "http://prefect:4200/api", "PREFECT_UI_URL": "https://prefect.example.com"},
            "https://prefect.example.com/runs/flow-run/7",
        ),
    ],
)
def test_a_run_has_an_address_where_a_server_is_known(
    monkeypatch: pytest.MonkeyPatch, environment: dict[str, str], url: str | None
) -> None:
    for name in ("PREFECT_API_URL", "PREFECT_UI_URL"):
        monkeypatch.delenv(name, raising=False)
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    assert run_url("7") == url
    assert run_url(None) is None


def test_the_log_says_what_happened_without_the_checklist_that_was_copied() -> None:
    entries: tuple[Entry, ...] = decided(None, start())
    told_of = [line(entry) for entry in entries]
    assert told_of[0]["kind"] == "started"
    assert "checklist" not in told_of[0]
    assert json.loads(json.dumps(told_of)) == told_of
    signed = line(decided(begun(), sign(ADA, "qa", "reject", "no"))[0])
    assert (signed["actor"], signed["kind"], signed["decision"]) == ("ada@example.com", "signed", "reject")


def test_instants_are_those_of_the_product(tmp_path: Path) -> None:
    here = place(tmp_path)
    (tmp_path / "organisation.yaml").write_text("organisation: E\nproducts: {acme: {title: A, timezone: Asia/Tokyo}}\n")
    signed = as_shown(here.world, told(begun(), sign(ADA, "qa")))["items"]["qa"]["signatures"]
    assert [one["at"] for one in signed] == ["2026-11-23T19:00:00+09:00"]

"""What people read of a launch in the Prefect UI: names, tags, tables, forms and the report."""

from __future__ import annotations

import re

import pytest
from markdown_it import MarkdownIt

from checklists.commands import Waive
from checklists.due import OpenRun
from checklists.entries import Form
from checklists.launch import Launch
from checklists.request import ItemRun, LaunchRequest
from ledger.deliveries import Delivery
from tasks import wording
from tests.checklists.launches import ADA, DAN, EVE, NOW, begun, finished, report, sign, start, told


def step(launch: Launch, item: str, form: Form = "sign") -> OpenRun:
    state = launch.items[item]
    return OpenRun(item, state.round, state.runs + 1, form)


def description(launch: Launch, item: str, form: Form = "sign") -> str:
    return wording.description(launch, launch.items[item], form)


LAUNCHES = (
    "acme-2.4.0",
    "acme-2-4.0",
    "acme-2.4.0+build.7",
    "acme-2.4.0-build.7",
    "acme-2.4.0-RC.1",
    "acme-2.4.0-rc.1",
)


def test_two_launches_never_share_an_artifact_key() -> None:
    keys = [wording.slug(name) for name in LAUNCHES]
    assert keys[0] == "acme-2-4-0"
    assert len(set(keys)) == len(LAUNCHES)
    assert all(re.fullmatch(r"[a-z0-9-]+", key) for key in keys)


@pytest.mark.parametrize(
    "words",
    [
        "[the log](javascript:alert(1))",
        "![](https://tracker.example/pixel)",
        "<img src=https://tracker.example/pixel>",
        "<https://elsewhere.example>",
        "see\n\n[log]: https://elsewhere.example\n\n[log]",
        "[log][log]\n[log]: https://elsewhere.example",
    ],
)
def test_what_people_say_makes_no_link_picture_or_tag_in_the_table(words: str) -> None:
    """Prefect's older UI reads each cell as markdown, HTML and all."""
    rows = wording.table(told(begun(), Waive(by=EVE, item="qa", reason=words)))
    said = next(row["said"] for row in rows if row["status"] == "waived")
    assert re.search("<(a|img)", MarkdownIt("commonmark").render(said)) is None
    assert said.replace("\u200b", "") == " ".join(words.split())


def test_tags_find_the_launches_of_a_product_and_the_gates_of_a_team() -> None:
    launch = begun()
    assert wording.launch_tags(launch) == ["tminus", "launch", "product:acme", "tier:3"]
    tags = wording.item_tags(launch, launch.items["qa"], "sign")
    assert {"gate", "product:acme", "team:qa", "team:security", "launch:acme-2.4.0", "item:qa"} <= set(tags)
    assert tags.count("team:qa") == 1
    assert "team:docs" in wording.item_tags(launch, launch.items["guide"], "done")


def test_a_run_is_named_so_that_a_person_finds_it() -> None:
    launch = begun()
    assert wording.run_name(launch, launch.items["qa"], step(launch, "qa")) == "acme 2.4.0 · QA sign-off"
    again = told(launch, sign(ADA, "qa", "request-changes", "the report is old"))
    assert wording.run_name(again, again.items["qa"], step(again, "qa")) == "acme 2.4.0 · QA sign-off · round 2"
    failed = told(launch, sign(DAN, "docs"), report("links", ok=False))
    assert wording.run_name(failed, failed.items["links"], step(failed, "links", "rescue")).endswith(
        "failed, what now?"
    )


def test_the_parameters_of_runs_are_what_their_flows_take() -> None:
    launch = begun()
    assert ItemRun.model_validate(wording.parameters(launch, step(launch, "qa"))).item == "qa"
    assert LaunchRequest.model_validate(wording.request(launch)).version == "2.4.0"


def test_the_table_has_a_row_for_each_item_in_checklist_order() -> None:
    launch = told(begun(), sign(ADA, "qa"), sign(DAN, "docs"))
    rows = {row["item"]: row for row in wording.table(launch)}
    assert list(rows)[:2] == ["QA sign-off", "Docs are right"]
    assert (rows["QA sign-off"]["status"], rows["QA sign-off"]["signed by"]) == ("open", "Ada")
    assert rows["QA sign-off"]["waits for"] == "1 of qa, 1 of security"
    assert rows["Go"]["waits for"] == "qa, links, training, guide"
    assert (rows["Docs are right"][" "], rows["Docs are right"]["signed by"]) == ("✓", "Dan")
    assert {len(row) for row in rows.values()} == {len(rows["Go"])}


def test_progress_counts_what_has_ended() -> None:
    launch = begun()
    assert wording.progress(launch) == 0
    assert wording.progress(told(launch, sign(DAN, "docs"))) == 12.5
    assert wording.progress(finished(launch)) == 100


def test_a_form_says_who_is_needed_who_has_signed_and_who_is_missing() -> None:
    shown = description(told(begun(), sign(ADA, "qa")), "qa")
    assert "| Needed | 2 of qa, 1 of security |" in shown
    assert "Ada (2 of qa)" in shown
    assert "| Missing | 1 of qa, 1 of security |" in shown


def test_the_next_form_says_what_was_asked_for() -> None:
    launch = told(begun(), sign(ADA, "qa", "request-changes", "try the *roll-back*\n# now"))
    shown = description(launch, "qa")
    assert "round 2" in shown
    assert "ada" in shown.partition("Asked for in the last round by")[2].splitlines()[0].lower()
    assert "roll-back" in shown
    assert "\n# now" not in shown, "somebody's words are no markdown of ours"


def test_the_form_of_something_that_failed_says_what_was_found() -> None:
    shown = description(told(begun(), sign(DAN, "docs"), report("links", ok=False)), "links", "rescue")
    assert "failed: not well" in shown
    assert "run again, or waived with a reason" in shown


def test_a_training_shows_its_materials() -> None:
    assert "guide.md" in description(begun(), "training")


def delivery(recipient: str, state: str) -> Delivery:
    return Delivery.model_validate(
        {
            "id": recipient,
            "launch_id": "acme-2.4.0",
            "item": "tell",
            "channel": "email",
            "recipient": recipient,
            "purpose": "announcement",
            "round": 1,
            "state": state,
            "attempt": 1,
            "claimed_by": None,
            "lease_until": None,
            "not_before": None,
            "provider_id": None,
            "detail": "",
            "updated_at": NOW,
        }
    )


def test_the_report_says_who_signed_and_who_was_told() -> None:
    deliveries = [delivery("a@example.net", "accepted"), delivery("b@example.net", "accepted")]
    told_of = wording.report(finished(begun()), [*deliveries, delivery("c@example.net", "unknown")])
    for text in ("Acme", "2.4.0", "QA sign-off", "Ada", "Ben", "Cat", "unknown", "closed"):
        assert text in told_of
    assert "a@example.net" not in told_of, "whoever reads the report need not know the customers' addresses"


def test_a_launch_without_a_day_has_no_due_dates() -> None:
    assert {row["due"] for row in wording.table(begun(start(on=None)))} == {""}

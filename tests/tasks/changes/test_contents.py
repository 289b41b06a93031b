"""What gates sign: the messages as they would leave, whom they are for, and what an item holds."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from hashlib import sha256
from pathlib import Path

import pytest

from checklists.checklist import Checklist
from checklists.commands import TMINUS, AddEvidence, Describe, Reschedule, Word
from checklists.dates import Calendar
from checklists.entries import Content, Piece
from checklists.errors import LaunchError
from checklists.launch import Launch
from checklists.notes.change import Audience
from checklists.notes.rewriting import Text
from tasks.act import act
from tasks.changes.contents import LONGEST, bound_items, content_of
from tests.checklists.launches import EVE, LAUNCH_DAY
from tests.tasks.bound import CHECKLIST, edit, house, opened
from tests.tasks.worlds import Place

SHA = "9f2c" * 16


@pytest.fixture
def at(tmp_path: Path) -> Place:
    return house(tmp_path)


def content(at: Place, key: str = "tell") -> Content:
    return content_of(at.world, at.launch("acme-2.4.0"), key)


def test_only_what_a_gate_is_bound_to_is_looked_at(at: Place) -> None:
    assert bound_items(opened(at)) == ("notes", "tell")


def test_an_announcement_shows_every_message_and_whom_it_is_for(at: Place) -> None:
    opened(at)
    found = content(at)
    said = found.text.splitlines()
    assert said[0] == "To: customers, outside the organisation, everybody with the role support and cem@example.net"
    assert said[2:4] == ["Channel email: mail to each", "Channel chat: Slack"]
    assert "By email:" in said
    assert "By chat:" in said
    assert said.count("Subject: Acme 2.4.0") == 2
    assert found.text.count("Acme 2.4.0 is out.") == 2
    assert (found.reach, found.sha256) == (3, sha256(found.text.encode()).hexdigest())


CHANGES: dict[str, Callable[[Place], object]] = {
    "the notes": lambda at: act(at.world, "acme-2.4.0", Describe(by=TMINUS, notes="Faster exports")),
    "the link": lambda at: act(at.world, "acme-2.4.0", Describe(by=TMINUS, url="https://example.com/acme")),
    "the audience's roles": lambda at: edit(at, "roles: [support]", "roles: [support, docs]"),
    "the audience's addresses": lambda at: edit(at, "cem@example.net", "dom@example.net"),
    "inside or outside": lambda at: edit(at, "external: true", "external: false"),
    "the kind of a channel": lambda at: edit(at, "chat: {kind: slack}", "chat: {kind: email}"),
    "where a channel leads": lambda at: edit(at, "kind: slack", "kind: slack, post-to: '#all-customers'"),
    "a channel's token": lambda at: edit(at, "kind: slack", "kind: slack, token-env: CHAT_TOKEN"),
    "a channel's address": lambda at: edit(at, "kind: slack", "kind: slack, webhook-env: CHAT_ADDRESS"),
    "a channel's secret": lambda at: edit(at, "kind: slack", "kind: slack, secret-env: CHAT_SECRET"),
    "mail or a webhook": lambda at: edit(at, "email: {kind: email}", "email: {kind: webhook}"),
    "where answers go": lambda at: edit(at, "title: Acme", "title: Acme, brand: {reply-to: hello@acme.example}"),
    "the organisation's name": lambda at: edit(at, "organisation: Example", "organisation: Other"),
}


@pytest.mark.parametrize("what", CHANGES)
def test_it_is_another_content_when_this_changes(at: Place, what: str) -> None:
    opened(at)
    before = content(at)
    CHANGES[what](at)
    assert content(at).sha256 != before.sha256


def test_where_a_channel_leads_is_said_by_names_and_never_by_what_is_secret(
    at: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CHAT_TOKEN", "xoxb-secret")
    opened(at)
    edit(at, "kind: slack", "kind: slack, token-env: CHAT_TOKEN, post-to: '#internal'")
    before = content(at)
    edit(at, "#internal", "#all-customers")
    after = content(at)
    assert {*before.text.splitlines()} ^ {*after.text.splitlines()} == {
        "Channel chat: Slack, to #internal, with the token in CHAT_TOKEN",
        "Channel chat: Slack, to #all-customers, with the token in CHAT_TOKEN",
    }
    assert "xoxb" not in after.text
    monkeypatch.setenv("CHAT_TOKEN", "xoxb-renewed")
    assert content(at).sha256 == after.sha256


def test_the_time_in_which_it_may_leave_is_part_of_what_is_signed(at: Place) -> None:
    items = {**CHECKLIST.model_dump(by_alias=True)["items"]}
    items["tell"]["announce"] |= {"at": "T+0 09:00", "until": "T+0 18:00", "after": {"item": "go", "gap": "30m"}}
    opened(at, Checklist.model_validate({"checklist": "bound", "items": items}))
    before = content(at)
    assert "Not before: 2026-12-01 09:00 UTC" in before.text
    assert "Not before: 30m after go has ended" in before.text
    assert "Not after: 2026-12-01 18:00 UTC" in before.text
    day = LAUNCH_DAY + timedelta(days=1)
    act(at.world, "acme-2.4.0", Reschedule(by=EVE, launch_on=day, calendar=Calendar()))
    assert content(at).sha256 != before.sha256


def test_the_postal_address_is_part_of_what_is_signed(at: Place) -> None:
    opened(at)
    moved = at.world.settings.model_copy(update={"postal_address": "Example, 1 Example Street"})
    elsewhere = replace(at.world, settings=moved)
    assert content_of(elsewhere, at.launch("acme-2.4.0"), "tell").sha256 != content(at).sha256


def test_somebody_who_joins_an_audience_changes_its_reach_and_not_its_content(at: Place) -> None:
    opened(at)
    before = content(at)
    edit(at, "people:\n", "people:\n  gus@example.com: {name: Gus, roles: [support]}\n")
    after = content(at)
    assert after.sha256 == before.sha256
    assert (before.reach, after.reach) == (3, 4)


def test_a_long_list_of_addresses_is_told_by_its_number_and_digest(at: Place) -> None:
    opened(at)
    many = ", ".join(f"c{number}@example.net" for number in range(5_000))
    edit(at, "cem@example.net", many)
    first = content(at)
    assert "5000 addresses [sha256 " in first.text
    assert "c17@example.net" not in first.text
    edit(at, "c17@example.net", "other@example.net")
    assert content(at).sha256 != first.sha256


def test_the_order_of_addresses_is_no_change(at: Place) -> None:
    opened(at)
    edit(at, "cem@example.net", "cem@example.net, dom@example.net")
    first = content(at)
    edit(at, "cem@example.net, dom@example.net", "dom@example.net, cem@example.net")
    assert content(at).sha256 == first.sha256


@pytest.mark.parametrize(("old", "new"), [("customers: {", "others: {"), ("chat: {kind", "talk: {kind")])
def test_an_announcement_that_lost_its_audience_or_channel_has_no_content(at: Place, old: str, new: str) -> None:
    opened(at)
    edit(at, old, new)
    with pytest.raises(LaunchError, match="is called"):
        content(at)


def test_an_item_holds_the_notes_and_its_evidence(at: Place) -> None:
    opened(at)
    act(at.world, "acme-2.4.0", Describe(by=TMINUS, notes="# Faster\n\nexports"))
    attach(at, Piece(url="https://ci.example.com/42", sha256=SHA))
    assert content(at, "notes").text == (
        "Notes are right\n\nRelease notes:\n\n# Faster\n\nexports\n\n"
        f"report: https://ci.example.com/42\n[sha256 {SHA}]\n"
    )


def attach(at: Place, piece: Piece, name: str = "report") -> Launch:
    answer = act(at.world, "acme-2.4.0", AddEvidence(by=TMINUS, item="notes", evidence={name: piece}))
    assert isinstance(answer, Launch), answer
    return answer


def test_evidence_with_the_same_address_and_another_digest_is_another_content(at: Place) -> None:
    opened(at)
    attach(at, Piece(url="https://ci.example.com/42", sha256=SHA))
    before = content(at, "notes")
    attach(at, Piece(url="https://ci.example.com/42", sha256=SHA[::-1]))
    assert content(at, "notes").sha256 != before.sha256


def test_a_content_longer_than_the_record_holds_is_cut_and_signed_whole(at: Place) -> None:
    opened(at)
    for number in range(24):
        attach(at, Piece(url=f"https://ci.example.com/{number}/" + "x" * 1_950), f"report-{number}")
    first = content(at, "notes")
    assert len(first.text) <= LONGEST
    assert "[sha256 of all of it: " in first.text
    attach(at, Piece(url="https://ci.example.com/9/" + "x" * 1_949 + "y"), "report-9")
    assert content(at, "notes").sha256 != first.sha256


NOTES = Checklist.model_validate(
    {
        "checklist": "worded",
        "items": {
            "notes": {"notes": {"audiences": ["customer", "internal"]}},
            "right": {"gate": "Notes are right", "sign": ["1 of docs"], "needs": ["notes"], "bound-to": "notes"},
        },
    }
)


def test_notes_show_the_words_for_every_audience(at: Place) -> None:
    launch = opened(at, NOTES)
    words: dict[Audience, Text] = {"customer": Text("Exports are faster.", {}), "internal": Text("Tell support.", {})}
    act(at.world, launch.id, Word(by=TMINUS, item="notes", round=1, number=1, texts=words))
    found = content(at, "notes")
    assert found.text == (
        "Release notes\n\nRelease notes for customer:\n\nExports are faster.\n\n"
        "Release notes for internal:\n\nTell support.\n"
    )
    act(at.world, launch.id, Word(by=TMINUS, item="notes", texts={"internal": Text("Tell sales.", {})}))
    assert content(at, "notes").sha256 != found.sha256


@pytest.mark.parametrize("notes", ["{{ 7 * 7 }}", "{% raw %}", "\x1b[31m", "<script>", "&lt;", "\u202eevil", "a\r\nb"])
def test_what_people_wrote_is_shown_and_does_nothing(at: Place, notes: str) -> None:
    opened(at)
    act(at.world, "acme-2.4.0", Describe(by=TMINUS, notes=notes))
    text = content(at, "notes").text
    assert "49" not in text
    assert "\x1b" not in text
    assert "\u202e" not in text
    assert ("<" in notes) == ("<" in text)

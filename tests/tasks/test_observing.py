"""What tminus sees by itself: contents, rosters and differences, written down once and soon done."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from checklists.commands import TMINUS, Abandon, Describe, Report, Waive
from checklists.decide import Refusal
from checklists.files.organisation_file import OrganisationFile
from checklists.launch import Launch
from tasks.act import act
from tasks.advance import advance
from tasks.carrying_out import carry_out
from tasks.changes.contents import content_of
from tasks.observing import observe, take_in
from tasks.patrol import patrol
from tasks.speaking import _messages
from templates.filling import Unrenderable
from tests.checklists.launches import ADA, BEN, DAN, EVE, sign
from tests.tasks.bound import edit, house, opened
from tests.tasks.changes.repository import released
from tests.tasks.worlds import Place

NAME = "acme-2.4.0"


@pytest.fixture
def at(tmp_path: Path) -> Place:
    return house(tmp_path)


def did(at: Place, *commands: object) -> Launch:
    for command in commands:
        answer = act(at.world, NAME, command)  # type: ignore[arg-type]
        assert isinstance(answer, Launch), answer
        launch = advance(at.world, NAME)
    return launch


def test_contents_are_written_down_before_anybody_signs(at: Place) -> None:
    launch = opened(at)
    assert set(launch.contents) == {"notes", "tell"}
    assert launch.bound_content("text") == launch.contents["tell"].sha256


def test_a_second_look_writes_nothing(at: Place) -> None:
    launch = opened(at)
    assert not observe(at.world, NAME)
    assert not observe(at.world, NAME)
    assert at.launch(NAME).seq == launch.seq


@pytest.mark.parametrize("looked_before", [True, False])
@pytest.mark.parametrize(
    ("old", "new"), [("roles: [support]", "roles: [support, docs]"), ("kind: slack", "kind: slack, post-to: '#all'")]
)
def test_a_changed_message_opens_its_gate_again_and_no_other(
    at: Place, looked_before: bool, old: str, new: str
) -> None:
    opened(at)
    did(at, sign(DAN, "text"), sign(DAN, "notes"), sign(ADA, "all"))
    if looked_before:
        observe(at.world, NAME)
    edit(at, old, new)
    assert observe(at.world, NAME)
    launch = advance(at.world, NAME)
    assert (launch.items["text"].status, launch.items["text"].round) == ("open", 2)
    assert [one.by for one in launch.items["text"].earlier] == [DAN.email]
    assert launch.items["notes"].status == "passed"
    assert set(launch.items["all"].approvals) == {ADA.email}


def test_notes_that_come_later_open_what_was_signed_without_them(at: Place) -> None:
    opened(at)
    did(at, sign(BEN, "legal"))
    did(at, Describe(by=TMINUS, notes="Faster exports"))
    assert observe(at.world, NAME)
    assert at.launch(NAME).items["legal"].round == 2


@pytest.fixture
def templates(at: Place, tmp_path: Path) -> Iterator[Path]:
    """A folder of the organisation's own messages, beside its file."""
    folder = at.world.organisation_file.file.parent / "messages"
    (folder / "announcement").mkdir(parents=True)
    (folder / "announcement" / "subject.txt").write_text("{{ product }} {{ version }}")
    yield folder


def test_a_template_that_was_edited_is_seen(at: Place, templates: Path) -> None:
    opened(at)
    did(at, sign(DAN, "text"))
    assert not observe(at.world, NAME)
    (templates / "announcement" / "subject.txt").write_text("Hear, hear: {{ product }}")
    assert observe(at.world, NAME)
    assert at.launch(NAME).items["text"].round == 2
    assert "Subject: Hear, hear: Acme" in at.launch(NAME).contents["tell"].text


def test_a_template_that_is_laid_beside_the_file_while_tminus_runs_opens_the_gate_once(at: Place) -> None:
    """A process that began later says the same: each would have voided what the other wrote, without end."""
    opened(at)
    did(at, sign(DAN, "text"))
    folder = at.world.organisation_file.file.parent / "messages" / "announcement"
    folder.mkdir(parents=True)
    (folder / "subject.txt").write_text("Hear, hear: {{ product }}")
    assert observe(at.world, NAME)
    assert "Subject: Hear, hear: Acme" in at.launch(NAME).contents["tell"].text
    _messages.cache_clear()  # as in a process that begins now
    assert not observe(at.world, NAME)
    assert not take_in(at.world, at.launch(NAME))
    assert at.launch(NAME).items["text"].round == 2


@pytest.mark.parametrize("file", ["shared/foot.txt", "announcement/parts/foot_er.txt", "foot"])
def test_what_a_template_includes_is_seen_once_it_was_edited(at: Place, templates: Path, file: str) -> None:
    (templates / file).parent.mkdir(parents=True, exist_ok=True)
    (templates / file).write_text("Yours")
    (templates / "announcement" / "body.txt").write_text(f"{{% include '{file}' %}}")
    opened(at)
    assert not observe(at.world, NAME)
    (templates / file).write_text("Ours")
    assert observe(at.world, NAME)


def test_a_file_that_leads_nowhere_stops_no_command(at: Place, templates: Path) -> None:
    (templates / "announcement" / "body.txt").symlink_to("gone.txt")
    opened(at)
    assert not observe(at.world, NAME)


def test_whoever_joins_a_role_of_which_everybody_signs_is_asked_too(at: Place) -> None:
    opened(at)
    edit(at, "people:\n", "people:\n  gus@example.com: {name: Gus, roles: [qa]}\n")
    assert observe(at.world, NAME)
    assert "gus@example.com" in at.launch(NAME).items["all"].missing


@pytest.mark.parametrize(
    "broken",
    [
        lambda at: edit(at, "customers: {", "others: {"),
        lambda at: edit(at, "organisation: Example", "organisation: ["),
    ],
    ids=["the audience is gone", "the file is broken"],
)
def test_what_cannot_be_said_now_leaves_the_last_content_standing(at: Place, broken: Callable[[Place], None]) -> None:
    before = opened(at)
    did(at, sign(DAN, "text"))
    broken(at)
    assert not observe(at.world, NAME)
    assert at.launch(NAME).contents == before.contents
    assert at.launch(NAME).items["text"].status == "passed"


@pytest.mark.parametrize(
    ("file", "text"),
    [
        ("body.html", "Grüße".encode("latin-1")),
        ("subject.txt", b"{{ 1 // 0 }}"),
        ("body.txt", b"{% include 'announcement/body.txt' %}"),
        ("slack.json", b"[1]"),
        ("slack.json", b'{"ts": NaN}'),
        ("slack.json", b'{"ts": 12345678901234567890}'),
        ("slack.json", b'{"text": "\\ud800"}'),
        ("words.toml", b"more = " + b"[" * 5_000),
    ],
)
def test_a_template_that_breaks_keeps_nobody_from_signing_what_is_none_of_it(
    at: Place, templates: Path, file: str, text: bytes
) -> None:
    before = opened(at)
    (templates / "announcement" / file).write_bytes(text)
    answer, _ = carry_out(at.world, NAME, sign(DAN, "notes"))
    assert isinstance(answer, Launch), answer
    assert answer.items["notes"].status == "passed"
    assert at.launch(NAME).contents == before.contents
    with pytest.raises(Unrenderable, match=file if b"ts" not in text and b"ud8" not in text else "leave as slack"):
        content_of(at.world, answer, "tell")
    assert not any("Error" in line for line in patrol(at.world).said)


def test_a_message_that_was_sent_is_not_looked_at_any_more(at: Place) -> None:
    opened(at)
    did(at, sign(DAN, "text"))
    launch = did(at, sign(EVE, "go"))
    did(at, Report(by=TMINUS, item="tell", round=1, number=launch.items["tell"].number, ok=True, summary="sent"))
    edit(at, "roles: [support]", "roles: [support, docs]")
    assert not observe(at.world, NAME)


def test_a_launch_that_is_over_or_unknown_is_left_alone(at: Place) -> None:
    assert not observe(at.world, "acme-9.9.9")
    opened(at)
    did(at, Abandon(by=EVE, reason="enough"))
    edit(at, "roles: [support]", "roles: [support, docs]")
    assert not observe(at.world, NAME)


def test_a_launch_without_bound_gates_has_nothing_to_see(at: Place) -> None:
    launch = at.begun("3.0.0")
    assert not observe(at.world, launch.id)
    assert not take_in(at.world, launch)


def test_a_waived_gate_stays_waived(at: Place) -> None:
    opened(at)
    did(at, Waive(by=EVE, item="text", reason="nobody reads it"))
    edit(at, "roles: [support]", "roles: [support, docs]")
    observe(at.world, NAME)
    assert at.launch(NAME).items["text"].status == "waived"


def test_the_patrol_sees_what_no_command_has_seen(at: Place) -> None:
    opened(at)
    did(at, sign(DAN, "text"), sign(EVE, "go"))
    edit(at, "roles: [support]", "roles: [support, docs]")
    patrol(at.world)
    assert at.launch(NAME).items["text"].round == 2
    assert at.launch(NAME).blocked_by("tell") == ("text",)


def test_the_patrol_finds_out_who_wrote_a_release_when_git_is_back(at: Place, tmp_path: Path) -> None:
    opened(at)
    edit(at, "{title: Acme}", f"{{title: Acme, git: {tmp_path}/source, tags: 'v{{version}}'}}")
    source = released(tmp_path / "source")
    source.tag("v2.4.0")
    patrol(at.world)
    launch = at.launch(NAME)
    assert launch.difference is not None
    assert "github:dan-d" in launch.authors


@pytest.mark.parametrize("broken", ["organisation: [", ""])
def test_a_file_that_was_never_good_keeps_the_patrol_from_nothing(tmp_path: Path, broken: str) -> None:
    at = house(tmp_path)
    launch = opened(at)
    file = tmp_path / "broken.yaml"
    file.write_text(broken)
    world = replace(at.world, organisation_file=OrganisationFile(file))
    run = launch.items["text"].run
    assert run is not None
    at.board.set_state(run.run_id, "Failed")
    assert any("text: opened again" in line for line in patrol(world).said)


def test_a_refused_command_still_carries_out_what_was_seen(at: Place) -> None:
    opened(at)
    did(at, sign(DAN, "text"))
    edit(at, "roles: [support]", "roles: [support, docs]")
    answer, _ = carry_out(at.world, NAME, sign(ADA, "text"))
    assert isinstance(answer, Refusal)
    run = at.launch(NAME).items["text"].run
    assert run is not None
    assert run.round == 2

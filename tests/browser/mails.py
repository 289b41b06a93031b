"""The mails that people of the example organisation get while they sign a launch, as mail programs show them."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from checklists.commands import TMINUS, AddEvidence, Command, Retag, Sign, Start, Word
from checklists.decide import Refusal
from checklists.entries import Difference, Piece, Release
from checklists.files.load import load_checklist
from checklists.files.organisation_file import OrganisationFile
from checklists.notes.rewriting import Text
from tasks.act import act, begin
from tasks.advance import advance
from tasks.notices.delivering import deliver_notices
from tasks.settings import ROOT, Settings
from tasks.world import World
from tests.tasks.notices.mailroom import outbox
from tests.tasks.worlds import Clock, Place, place

NAME = "acme-2.4.0"
COMMIT, MOVED = "9f2c51d0c7" * 4, "41c09a7e55" * 4
MONDAY = datetime(2026, 11, 23, 10, 0, tzinfo=UTC)
QUESTION = "The price of the new plan is missing.\nAnd “faster” needs a number: how much faster, in which cases?"
DIFFERENCE = Difference(
    base=COMMIT,
    head=MOVED,
    count=2,
    commits=("41c09a7e55 Keep people signed in on Safari", "77ad0b19f3 Keep the column order people chose"),
    files=("src/login/session.py", "src/exports/columns.py"),
)


@contextmanager
def mailed(folder: Path) -> Iterator[dict[str, str]]:
    """The mails' HTML by subject and first name of the receiver."""
    at = place(folder)
    try:
        _play(_world(at, folder))
        yield {f"{mail['Subject']} > {mail['To']}": _html(mail) for mail in outbox(at)}
    finally:
        at.ledger.dispose()


def _html(mail: object) -> str:
    body = mail.get_body(("html",))  # type: ignore[attr-defined]
    return str(body.get_content())


def _world(at: Place, folder: Path) -> World:
    file = folder / "people.yaml"
    late = "escalate: [{1d: launch-managers}]"
    file.write_text((ROOT / "deployments" / "organisation.yaml").read_text())
    checklists = folder / "checklists"
    checklists.mkdir()
    (checklists / "feature.yaml").write_text(f"checklist: feature\nextends: saas-feature\n{late}\nitems: {{}}\n")
    settings = Settings(
        _env_file=None,
        home=folder,
        organisation=file,
        checklists=(checklists,),
        public_url="https://launch.example.com",
        identity="verified",
    )
    return replace(at.world, settings=settings, organisation_file=OrganisationFile(file), now=Clock(MONDAY))


def _play(world: World) -> None:
    """Asks; a signature, a question, a moved tag; and then nobody does anything for a week."""
    begin(world, _start(world))
    advance(world, NAME)
    report = {"test-report": Piece(url="https://ci.example.com/acme/412")}
    _then(world, AddEvidence(by=world.person("ben@example.com"), item="qa-signoff", evidence=report))
    _then(world, Sign(by=world.person("cleo@example.com"), item="qa-signoff", decision="approve"))
    _then(world, _drafted(1))
    asked = {"decision": "request-changes", "comment": QUESTION}
    _then(world, Sign(by=world.person("eva@example.com"), item="release-notes", **asked))  # type: ignore[arg-type]
    _then(world, Retag(by=world.person("ada@example.com"), commit=MOVED, difference=DIFFERENCE))
    _then(world, _drafted(2))
    for hours in range(24 * 7):
        world.now.at = MONDAY + timedelta(hours=hours)  # type: ignore[attr-defined]
        advance(world, NAME)
        deliver_notices(world)


def _drafted(round_: int) -> Word:
    texts = dict.fromkeys(("customer", "internal"), Text("Exports are faster."))
    return Word(by=TMINUS, item="notes", round=round_, texts=texts)  # type: ignore[arg-type]


def _start(world: World) -> Start:
    loaded = load_checklist("feature", world.settings.folders)
    return Start(
        by=world.person("hugo@example.com"),
        release=Release(product="acme", title="Acme", version="2.4.0", tag="v2.4.0", commit=COMMIT),
        checklist=loaded.checklist,
        folder=str(loaded.folder),
        calendar=world.organisation.products["acme"].calendar,
        directory=world.directory,
        launch_on=date(2026, 12, 1),
    )


def _then(world: World, command: Command) -> None:
    answer = act(world, NAME, command)
    assert not isinstance(answer, Refusal), answer.reason
    advance(world, NAME)
    deliver_notices(world)

"""Any story of a launch: commands of anybody at any time, and steps that were carried out, or some of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from typing import get_args

from hypothesis import strategies as st

from checklists.checklist import Checklist
from checklists.commands import (
    TMINUS,
    Abandon,
    Actor,
    AddEvidence,
    Ask,
    Command,
    Complete,
    Edit,
    Hold,
    Observe,
    Proceed,
    Question,
    Report,
    Rerun,
    Reschedule,
    Resume,
    Retag,
    Sign,
    Start,
    Waive,
)
from checklists.dates import Calendar
from checklists.delivery_commands import Settle
from checklists.due import Record, due
from checklists.entries import Cause, Decision, Ending, Entry, Fate, Piece, Via
from checklists.fold import fold
from checklists.launch import Launch
from tests.checklists.bound import FIRST, SECOND, THIRD, attach, content, difference, observe, retag
from tests.checklists.launches import (
    ADA,
    BEN,
    CAT,
    DAN,
    EVE,
    EVERYBODY,
    FAY,
    NOW,
    carried_out,
    decided,
    report,
    sign,
    start,
    told,
    written,
)


@dataclass(frozen=True)
class Steps:
    """Look so many times what is due, and carry out the first so many steps of it."""

    count: int
    looks: int = 1


Move = Command | Steps

CHECKLIST = Checklist.model_validate(
    {
        "checklist": "stories",
        "items": {
            "qa": {"gate": "QA sign-off", "sign": ["2 of qa", "1 of security"], "bound-to": "code", "needs": ["docs"]},
            "security": {"gate": "Security", "sign": ["1 of security"], "bound-to": {"code": ["src/**"]}},
            "guide": {"todo": "Write the guide", "owner": "docs"},
            "docs": {"gate": "Docs are right", "sign": ["1 of docs", "1 of support"], "bound-to": "guide"},
            "links": {"check": "http", "with": {"url": "http://127.0.0.1/"}, "needs": ["docs"]},
            "commit": {"check": "command", "with": {"run": ["look"]}, "needs": ["security"]},
            "contract": {"gate": "Contract", "sign": ["1 of docs", "1 of qa"], "bound-to": "evidence"},
            "training": {"training": {"audience": "support", "materials": ["guide.md"]}, "due": "T-2d"},
            "everybody": {"gate": "Everybody", "sign": ["all of qa"], "needs": ["guide"]},
            "go": {
                "gate": "Go",
                "sign": ["1 of launch-managers"],
                "needs": ["qa", "links", "commit", "contract", "training", "everybody"],
            },
            "words": {"gate": "The words", "sign": ["1 of docs"], "bound-to": "tell", "needs": ["guide"]},
            "tell": {
                "announce": {"audience": "customers", "channels": ["email"], "at": "T+0 09:00"},
                "needs": ["go", "words"],
            },
            "review": {"todo": "Look back", "due": "T+5d", "needs": ["tell"]},
        },
    }
)
GUS = Actor("gus@example.com", "Gus", ("launch-managers",))
"""Asks for the launch, so that Eve may sign and waive what is bound to something."""


def first_command() -> Start:
    asked = start(CHECKLIST)
    return replace(asked, by=GUS, release=asked.release.model_copy(update={"commit": FIRST}))


people = st.sampled_from((*EVERYBODY, TMINUS))
words = st.sampled_from(("because", "because", "", " \n", "x" * 2_001, "\ud800", "ünïcode \x00 ☃"))
texts = {"by": people, "via": st.sampled_from(get_args(Via))}
item = st.sampled_from((*CHECKLIST.items, "nothing", "question-1", "question-2"))
of = {
    **texts,
    "item": item,
    "round": st.sampled_from((None, None, 1, 1, 2)),
    "number": st.sampled_from((None, 1, 2, 3)),
}
days = st.sampled_from((date(2026, 11, 25), date(2026, 12, 24), date.min, date.max))
ends_at = st.sampled_from((None, *(NOW + timedelta(days=days, hours=1) for days in (-1, 3, 12, 30))))
pieces = st.builds(
    Piece, url=st.sampled_from(("because", "", "x" * 2_001, "ünïcode \x00 ☃")), sha256=st.sampled_from((None, "0" * 64))
)
evidence = st.dictionaries(st.sampled_from(("report", "\udfff")), pieces, max_size=1)
differences = st.builds(
    difference,
    st.sampled_from(("src/a.py", "docs/b.md")),
    why=st.sampled_from(("", "git is away")),
    all_files=st.booleans(),
)
contents = st.lists(st.builds(content, item, st.sampled_from(("", "a\nb", "a\nc"))), max_size=2).map(tuple)
rosters = st.dictionaries(st.sampled_from(("qa", "docs")), st.sampled_from(((), (ADA.email,), (CAT.email, BEN.email))))

causes = st.sampled_from(get_args(Cause))

commands: st.SearchStrategy[Command] = st.one_of(
    st.builds(Sign, **of, decision=st.sampled_from(get_args(Decision)), comment=words, evidence=evidence),
    st.builds(Sign, by=people, item=item, decision=st.just("approve"), comment=words),
    st.builds(Complete, **of, comment=words),
    st.builds(Waive, **of, reason=words, expires_at=ends_at),
    st.builds(Rerun, **of, comment=words),
    st.builds(Settle, **of, fate=st.sampled_from(get_args(Fate)), comment=words),
    st.builds(AddEvidence, **of, evidence=evidence),
    st.builds(Ask, **of, people=st.sampled_from(((), (ADA.email,), ("X@example.com", "\udfff")))),
    st.builds(Report, **{**of, "by": st.just(TMINUS)}, ok=st.booleans(), summary=st.sampled_from(("", "x" * 3_000))),
    st.builds(Observe, **texts, contents=contents, rosters=rosters, difference=st.none() | differences),
    st.builds(Retag, **texts, commit=st.sampled_from((FIRST, SECOND, "", "x" * 65)), difference=differences),
    st.builds(Proceed, **texts),
    st.builds(Edit, **texts, notes=words, at=ends_at),
    st.builds(Question, **texts, cause=causes, told=words, commit=st.sampled_from((None, FIRST, SECOND))),
    st.builds(Hold, **texts, reason=words),
    st.builds(Resume, **texts),
    st.builds(Reschedule, **texts, launch_on=days, calendar=st.just(Calendar())),
)
ends: st.SearchStrategy[Command] = st.builds(
    Abandon, by=st.sampled_from((EVE, TMINUS, ADA)), reason=words, ending=st.sampled_from(get_args(Ending))
)
SIGNERS = (
    *((ADA, "qa"), (BEN, "qa"), (CAT, "qa"), (BEN, "security"), (DAN, "docs"), (FAY, "docs"), (DAN, "contract")),
    *(
        (ADA, "contract"),
        (ADA, "everybody"),
        (BEN, "everybody"),
        (CAT, "everybody"),
        (FAY, "training"),
        (EVE, "go"),
        (DAN, "words"),
    ),
)
PLAUSIBLE: tuple[Move, ...] = (
    *(sign(by, key) for by, key in SIGNERS * 2),
    *(sign(by, key, "request-changes") for by, key in (SIGNERS[2], SIGNERS[4], SIGNERS[-2])),
    *(sign(by, key, "reject") for by, key in SIGNERS[3:5]),
    *(report(key, round_=round_) for key in ("links", "commit", "tell") for round_ in (1, 2)),
    *(report(key, ok=False, number=1) for key in ("links", "commit", "tell")),
    *(Rerun(by=EVE, item=key) for key in ("links", "docs", "tell")),
    *(Waive(by=EVE, item=key, reason="known good") for key in CHECKLIST.items),
    *(Waive(by=EVE, item=key, reason="for now", expires_at=NOW + timedelta(days=20)) for key in ("qa", "docs", "tell")),
    *(Complete(by=by, item=key) for by, key in ((DAN, "guide"), (EVE, "review"))),
    *(retag(SECOND), retag(THIRD), retag(SECOND, "docs/index.md"), retag(FIRST, by=TMINUS, via="webhook")),
    *(observe(content(key, text)) for key in ("guide", "tell") for text in ("a\nb", "a\nc")),
    *(observe(rosters={"qa": names}) for names in ((ADA.email, BEN.email), (ADA.email, BEN.email, CAT.email))),
    *(attach(text, item=key) for text in ("one", "two") for key in ("contract", "qa")),
    *(Question(by=TMINUS, cause=cause, told="gone", commit=SECOND) for cause in ("tag-deleted", "release-deleted")),
    *(Complete(by=EVE, item=f"question-{number}", comment="we know") for number in (1, 2)),
    *(Settle(by=EVE, item=f"question-{number}", fate=fate) for number in (1, 2) for fate in ("arrived", "again")),
    replace(report("tell"), unsettled="1 of 2 may have arrived"),
    replace(report("tell", ok=False), unsettled="2 of 2 may have arrived", ask_from=NOW + timedelta(hours=2)),
    *(retag(SECOND, by=TMINUS, via="webhook"), Edit(by=TMINUS, notes="Faster")),
    *(attach(name="annex"), Ask(by=EVE, item="qa", people=()), Proceed(by=TMINUS)),
    *(Hold(by=EVE, reason="frozen"), Resume(by=EVE), Resume(by=EVE)),
    *(Steps(1), Steps(2), *[Steps(9, looks=9)] * 30),
)
plausible: st.SearchStrategy[Move] = st.sampled_from(PLAUSIBLE)
moves: st.SearchStrategy[Move] = st.integers(0, 9).flatmap(lambda dice: plausible if dice else commands)
AT_ONCE = Steps(9, looks=9)
SCENES: tuple[tuple[Move, ...], ...] = (
    (AT_ONCE, Complete(by=DAN, item="guide"), *(sign(by, key) for by, key in SIGNERS[3:]), AT_ONCE),
    (AT_ONCE, *(sign(by, key) for by, key in SIGNERS[:3]), *(report(key) for key in ("links", "commit")), AT_ONCE),
    (sign(ADA, "qa"), observe(content("guide", "a\nc")), AT_ONCE, retag(THIRD), AT_ONCE, sign(DAN, "docs")),
    (sign(BEN, "qa"), observe(content("guide", "a\nb")), AT_ONCE, retag(SECOND), sign(FAY, "docs"), AT_ONCE),
    (
        *(observe(content("guide", "a\nb")), AT_ONCE, sign(DAN, "docs"), sign(FAY, "docs"), AT_ONCE, sign(ADA, "qa")),
        *(observe(content("guide", "a\nc")), AT_ONCE, retag(SECOND), sign(DAN, "docs"), sign(FAY, "docs"), AT_ONCE),
        *(sign(BEN, "qa"), sign(CAT, "qa")),
    ),
    (retag(SECOND), sign(EVE, "go")),
    (sign(CAT, "qa"), attach(item="qa"), attach("two", item="qa"), sign(BEN, "qa"), AT_ONCE),
    (AT_ONCE, sign(DAN, "docs"), observe(content("guide", "a\nb")), sign(FAY, "docs")),
)
"""What seldom comes about by chance: gates that were signed, shut and changed, and signatures on the brink."""
scenes = st.sampled_from(SCENES)


def played(acts: Sequence[Move | tuple[Move, ...]]) -> list[Move]:
    return [move for act in acts for move in (act if isinstance(act, tuple) else (act,))]


acts = st.integers(0, 9).flatmap(lambda dice: moves if dice > 2 else scenes)
eventful = st.one_of(st.lists(moves, max_size=10), st.lists(acts, min_size=12, max_size=30).map(played))
stories = st.tuples(eventful, st.lists(st.one_of(ends, moves), max_size=1), st.lists(moves, max_size=5)).map(
    lambda parts: [*parts[0], *parts[1], *parts[2]]
)
LATE = datetime(2027, 2, 1, tzinfo=UTC)


def moved(launch: Launch, move: Move, now: datetime) -> tuple[Entry, ...]:
    """What a move adds to the record."""
    if isinstance(move, Command):
        return decided(launch, move, now)
    added: tuple[Entry, ...] = ()
    for _ in range(move.looks):
        steps = due(launch, now)
        facts_only = all(isinstance(step, Record) for step in steps)
        fresh = written(launch, steps if facts_only else steps[: move.count], now)
        launch = fold(fresh, onto=launch)
        added += fresh
    return added


def entries_of(story: Sequence[Move], first: Start | None = None) -> tuple[Entry, ...]:
    """The record that a story leaves behind, a day a move."""
    entries = decided(None, first or first_command())
    launch = fold(entries)
    for day, move in enumerate(story):
        added = moved(launch, move, NOW + timedelta(days=day))
        launch = fold(added, onto=launch) if added else launch
        entries += added
    return entries


def brought_to_its_end(launch: Launch) -> Launch:
    """The launch after whatever was left was waived."""
    launch = carried_out(launch, LATE)
    if launch.held is not None and not launch.is_over:
        launch = told(launch, Resume(by=EVE), now=LATE)
    while left := [state.key for state in launch.items.values() if not state.has_ended]:
        about_release = left[0] in launch.open_about_release
        end: Command | None = Complete(by=EVE, item=left[0], comment="we know") if about_release else None
        if (asked := launch.questions.get(left[0])) and asked.about:
            end = Settle(by=EVE, item=left[0], fate="arrived")
        launch = told(launch, end or Waive(by=TMINUS, item=left[0], reason="known good"), now=LATE)
    return launch


def assert_valid(launch: Launch) -> None:
    """What is true of every launch there can be."""
    assert sorted(launch.items) == sorted([*launch.checklist.items, *launch.questions])
    assert launch.abandoned is None or launch.closed_at is None
    assert launch.closed_at is None or all(state.has_ended for state in launch.items.values())
    assert not launch.is_over or all(state.has_ended for state in launch.items.values())
    for state in launch.items.values():
        assert state.has_ended == (state.ended_at is not None)
        assert state.run is None or state.run.number <= state.runs
        approved = [s.by for s in state.signatures if s.decision == "approve"]
        assert len(set(approved)) == len(approved)  # who approved may still reject: that ends the round
        assert not {s.by for s in state.earlier} & set(state.approvals) or state.round > 1


def assert_settled(launch: Launch) -> None:
    """What is true, beside that, once everything due was done: nothing stands open that has to wait."""
    for state in launch.items.values():
        if state.status in {"open", "running", "changes-requested", "failed"}:
            assert not launch.blocked_by(state.key)
        assert state.status != "waiting" or state.run is None

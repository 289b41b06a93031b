"""A launch to tell stories about: its checklist, its people, and a board that never fails."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, date, datetime

from checklists import entries as e
from checklists.checklist import Checklist
from checklists.commands import TMINUS, Actor, Command, Complete, Report, Sign, Start
from checklists.dates import Calendar
from checklists.decide import Refusal, attempt, decide
from checklists.due import CloseRun, EndRun, OpenRun, Record, StartRun, Step, due
from checklists.entries import Decision, Entry, Release
from checklists.fold import fold
from checklists.launch import Launch
from checklists.people import Directory, Member
from checklists.reminders import Ask, Remind
from checklists.rules.asking import answerable

NOW = datetime(2026, 11, 23, 10, 0, tzinfo=UTC)
LAUNCH_DAY = date(2026, 12, 1)
ON_THE_DAY = datetime(2026, 12, 1, 9, 0, tzinfo=UTC)

ADA = Actor("ada@example.com", "Ada", ("qa",))
BEN = Actor("ben@example.com", "Ben", ("qa", "security"))
CAT = Actor("cat@example.com", "Cat", ("qa",))
DAN = Actor("dan@example.com", "Dan", ("docs",))
EVE = Actor("eve@example.com", "Eve", ("launch-managers",))
FAY = Actor("fay@example.com", "Fay", ("support",))
STRANGER = Actor("stranger@example.com")
EVERYBODY = (ADA, BEN, CAT, DAN, EVE, FAY, STRANGER)
DIRECTORY = Directory(tuple(Member(one.email, one.name, one.roles) for one in EVERYBODY if one.is_known))

CHECKLIST = Checklist.model_validate(
    {
        "checklist": "example",
        "items": {
            "qa": {"gate": "QA sign-off", "sign": ["2 of qa", "1 of security"]},
            "docs": {"gate": "Docs are right", "sign": ["1 of docs"]},
            "links": {"check": "http", "with": {"url": "http://127.0.0.1/"}, "needs": ["docs"]},
            "training": {"training": {"audience": "support", "materials": ["guide.md"]}, "due": "T-2d"},
            "guide": {"todo": "Write the guide", "owner": "docs"},
            "go": {"gate": "Go", "sign": ["1 of launch-managers"], "needs": ["qa", "links", "training", "guide"]},
            "tell": {
                "announce": {"audience": "customers", "channels": ["email"], "at": "T+0 09:00"},
                "needs": ["go"],
            },
            "review": {"todo": "Look back", "due": "T+5d", "needs": ["tell"]},
        },
    }
)


def start(
    checklist: Checklist = CHECKLIST, *, product: str = "acme", version: str = "2.4.0", on: date | None = LAUNCH_DAY
) -> Start:
    return Start(
        by=EVE,
        release=Release(product=product, title=product.title(), version=version),
        checklist=checklist,
        folder="checklists",
        calendar=Calendar(),
        directory=DIRECTORY,
        launch_on=on,
    )


def sign(
    by: Actor,
    item: str,
    decision: Decision = "approve",
    comment: str = "because",
    *,
    round_: int | None = None,
    number: int | None = None,
) -> Sign:
    return Sign(by=by, item=item, decision=decision, comment=comment, round=round_, number=number)


def report(item: str, *, ok: bool = True, round_: int = 1, number: int | None = None) -> Report:
    said = "all well" if ok else "not well"
    return Report(by=TMINUS, via="tminus", item=item, round=round_, number=number, ok=ok, summary=said)


def decided(launch: Launch | None, command: Command, now: datetime = NOW) -> tuple[Entry, ...]:
    """What the command adds to the record, the attempt where it is refused."""
    answer = decide(launch, command, now)
    if isinstance(answer, Refusal):
        return attempt(launch, command, answer, now) if launch else ()
    return answer


def told(launch: Launch, *commands: Command, now: datetime = NOW) -> Launch:
    """The launch after commands that may all happen, each carried out."""
    for command in commands:
        answer = decide(launch, command, now)
        assert not isinstance(answer, Refusal), answer.reason
        launch = carried_out(fold(answer, onto=launch), now)
    return launch


def refused(launch: Launch | None, command: Command) -> str:
    """Why a command may not happen."""
    answer = decide(launch, command, NOW)
    assert isinstance(answer, Refusal), answer
    return answer.reason


def begun(command: Start | None = None, now: datetime = NOW) -> Launch:
    """A fresh launch, everything that may open opened."""
    return carried_out(fold(decided(None, command or start(), now)), now)


def carried_out(launch: Launch, now: datetime = NOW) -> Launch:
    """The launch after everything due was done on a board that does as it is told."""
    for _ in range(100):
        steps = due(launch, now)
        if not steps:
            return launch
        launch = fold(written(launch, steps, now), onto=launch)
    raise AssertionError("something is due again and again")


def written(launch: Launch, steps: Iterable[Step], now: datetime = NOW) -> tuple[Entry, ...]:
    """What the record says once these steps are done."""
    return tuple(
        Entry(launch_id=launch.id, seq=seq, at=now, actor="tminus", data=_fact(step, launch))
        for seq, step in enumerate(steps, start=launch.seq + 1)
    )


def _fact(step: Step, launch: Launch) -> e.Data:
    match step:
        case Record():
            return step.data
        case StartRun():
            return e.Attached(run_id="launch-run")
        case OpenRun():
            name = f"{step.item}-{step.number}"
            return e.RunOpened(item=step.item, round=step.round, number=step.number, form=step.form, run_id=name)
        case CloseRun():
            return e.RunClosed(item=step.item, round=step.round, number=step.run.number, why=step.why)
        case Ask():
            able = answerable(launch, launch.items[step.item], DIRECTORY.actors(NOW.date()), frozenset())
            people = tuple(who for who in able if not step.people or who in step.people)
            return e.Asked(item=step.item, round=step.round, mailing=step.mailing, form=step.form, people=people)
        case Remind():
            return e.Reminded(item=step.item, round=step.round, step=step.step)
        case EndRun():
            return e.Ended()


def statuses(launch: Launch) -> dict[str, str]:
    return {key: state.status for key, state in launch.items.items()}


def finished(launch: Launch) -> Launch:
    """The launch after everybody did their part, on the launch day."""
    launch = told(launch, *(sign(by, "qa") for by in (ADA, BEN, CAT)), sign(DAN, "docs"), report("links"))
    launch = told(launch, sign(FAY, "training"), Complete(by=DAN, item="guide"), sign(EVE, "go"), now=ON_THE_DAY)
    return told(launch, report("tell"), Complete(by=EVE, item="review"), now=ON_THE_DAY)

"""What the ledger can say about one item of a launch."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Literal

from pydantic import AwareDatetime, BeforeValidator, Field

from checklists.common import Key
from checklists.notes.change import Audience
from checklists.people import Proof
from checklists.value import Value

Via = Literal["command", "form", "link", "page", "api", "webhook", "prefect", "tminus"]
"""Through which door: `form` is the Prefect Resume form, `prefect` a change of state made in its UI, `link` the page
behind a personal link, `page` the same page for somebody a proxy has signed in."""
Decision = Literal["approve", "request-changes", "reject"]
Form = Literal["sign", "done", "rescue", "settle", "work"]
"""A signature, a to-do, a decision on what failed or on deliveries in doubt, or work for a machine."""
Because = Literal["asked", "rerun", "code", "content", "evidence", "expired", "unknown"]
"""Why it is open again: changes asked for, it failed, what was signed (or waived) holds no more, or was in doubt."""
RunId = Annotated[str, Field(min_length=1, max_length=64)]
Words = Annotated[str, Field(max_length=2_000)]
Changes = Annotated[tuple[Annotated[str, Field(max_length=4_000)], ...], Field(max_length=60)]
MOST_WORDS = 40_000
Sha256 = Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]


class Said(Value):
    """How somebody's word came in. `address` is the network address it came from, `shown` the hash of what they saw."""

    via: Via = "command"
    proof: Proof = "asserted"
    address: str = Field("", max_length=64)
    shown: str = Field("", max_length=64)


class Piece(Value):
    """A piece of evidence as it was attached; `problem` says why nobody could take its digest."""

    url: str = Field(max_length=4_000)
    sha256: Sha256 | None = None
    size: int | None = None
    problem: str = Field("", max_length=300)


Evidence = dict[str, Annotated[Piece, BeforeValidator(lambda it: {"url": it} if isinstance(it, str) else it)]]
"""By name; tminus 0.1.0 wrote the address alone."""


class InsteadOf(Value):
    """The absent person for whom somebody signed; `through` names who passed it on, in order."""

    email: str
    name: str
    roles: tuple[Key, ...] = ()
    through: tuple[str, ...] = ()


class OfItem(Value):
    """A fact about one item in one of its rounds."""

    item: Key
    round: int = Field(ge=1)


class Opened(OfItem):
    """The item is open now: for the first time, or again because what it waited for has ended again."""

    kind: Literal["opened"] = "opened"


class Shut(OfItem):
    """Something the item needs is open again, so it waits; the signatures it has stay."""

    kind: Literal["shut"] = "shut"
    waits_for: tuple[Key, ...]


class RunOpened(OfItem):
    """A flow run was made for the item: a form that asks somebody, or work for a machine."""

    kind: Literal["run-opened"] = "run-opened"
    number: int = Field(ge=1)
    form: Form
    run_id: RunId


class RunClosed(OfItem):
    """That flow run no longer stands for the item."""

    kind: Literal["run-closed"] = "run-closed"
    number: int = Field(ge=1)
    why: str
    until: AwareDatetime | None = Field(None, description="Before then there is nothing to do for another one.")


class AskAgain(OfItem, Said):
    """Somebody wants new links and codes sent: to these people, or to everybody who is asked where none is named."""

    kind: Literal["ask-again"] = "ask-again"
    people: tuple[str, ...] = Field((), max_length=1_000)


class Asked(OfItem):
    """These people were sent their links and codes; `mailing` counts from 1 and makes older codes void."""

    kind: Literal["asked"] = "asked"
    mailing: int = Field(ge=1)
    form: Form = "sign"
    people: tuple[str, ...] = Field(max_length=1_000)


class Reminded(OfItem):
    """A step of the reminders was taken: `before`, `due`, or one of the ladder (`1d:team-lead`)."""

    kind: Literal["reminded"] = "reminded"
    step: str = Field(max_length=80)
    people: tuple[str, ...] = Field((), max_length=1_000)


class Signed(OfItem, Said):
    kind: Literal["signed"] = "signed"
    decision: Decision
    name: str
    roles: tuple[Key, ...]
    comment: Words = ""
    evidence: Evidence = Field(default_factory=dict)
    instead_of: InsteadOf | None = None
    self_signed: bool = Field(False, description="An author of what is signed; the gate allows it.")
    number: int | None = Field(None, description="The flow run whose form was answered.")


class EvidenceAdded(OfItem, Said):
    """Evidence was put beside an item without signing it."""

    kind: Literal["evidence-added"] = "evidence-added"
    evidence: Evidence


class Refused(OfItem, Said):
    """Somebody tried, and was told why not."""

    kind: Literal["refused"] = "refused"
    reason: str
    wrong_code: bool = False
    number: int | None = None


class Passed(OfItem, Said):
    kind: Literal["passed"] = "passed"
    via: Via = "tminus"
    summary: Words = ""
    number: int | None = None


class Failed(OfItem):
    """A machine found something wrong, or could not do its work."""

    kind: Literal["failed"] = "failed"
    summary: Words = ""
    findings: tuple[str, ...] = Field((), max_length=50)
    number: int | None = None


class Rejected(OfItem):
    """Somebody said no for good; a person decides what now."""

    kind: Literal["rejected"] = "rejected"
    summary: Words = ""


class Reopened(OfItem, Said):
    """The item starts over; `round` is the new one and `question` what was asked for."""

    kind: Literal["reopened"] = "reopened"
    via: Via = "tminus"
    because: Because = "asked"
    question: Words = ""
    changes: Changes = Field((), description="What is different since the last round.")
    number: int | None = None


class Waived(OfItem, Said):
    kind: Literal["waived"] = "waived"
    reason: str = Field(min_length=1, max_length=2_000)
    until: date | None = None
    expires_at: AwareDatetime | None = Field(None, description="The end of that day in the product's time zone.")
    number: int | None = None


class Content(OfItem):
    """What an item holds now and gates are bound to: the messages of an announcement, the words of notes."""

    kind: Literal["content"] = "content"
    sha256: Sha256
    text: str = Field("", max_length=40_000)
    reach: int | None = Field(None, description="How many an announcement would reach then; nobody signs that.")


class Worded(OfItem, Said):
    """The notes for one audience read like this now; `seen` is what was drafted of each change by then."""

    kind: Literal["worded"] = "worded"
    audience: Audience
    words: str = Field(max_length=MOST_WORDS)
    seen: dict[str, str] = Field(default_factory=dict, max_length=2_000)
    file: str = Field("", max_length=64, description="The sha256 of the file under review that was known by then.")
    where: str = Field("", max_length=400, description="The file and commit these words were taken from.")
    author: str = Field("", max_length=254, description="Who wrote that file last.")
    others: tuple[str, ...] = Field((), max_length=100, description="Who else had a hand in it.")


class Paused(OfItem, Said):
    """Nothing more of an announcement leaves for now; what has left, has left."""

    kind: Literal["paused"] = "paused"
    reason: str = Field(min_length=1, max_length=2_000)


class Unpaused(OfItem, Said):
    """What is left of the announcement may leave again."""

    kind: Literal["unpaused"] = "unpaused"


ItemData = (
    Opened
    | Shut
    | RunOpened
    | RunClosed
    | AskAgain
    | Asked
    | Reminded
    | Signed
    | EvidenceAdded
    | Refused
    | Passed
    | Failed
    | Rejected
    | Reopened
    | Waived
    | Content
    | Worded
    | Paused
    | Unpaused
)

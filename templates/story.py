"""The record as a story: one plain sentence an entry."""

from __future__ import annotations

from functools import singledispatch

from checklists import entries as e

DECIDED = {"approve": "approved", "request-changes": "asked for changes to", "reject": "rejected"}
DOORS = {
    "command": "by command",
    "form": "in the Prefect form",
    "link": "by link",
    "page": "on the sign-off page",
    "api": "over the API",
    "webhook": "by webhook",
    "prefect": "in the Prefect UI",
    "tminus": "by itself",
}
FORMS = {
    "sign": "people are asked to sign it",
    "done": "somebody is asked to do it",
    "rescue": "somebody is asked what shall happen",
    "work": "the work begins",
}
STEPS = {"before": "before it is due", "due": "when it is due"}


def told(entry: e.Entry) -> str:
    """What happened, and who did it."""
    return sentence(entry.data, entry.actor)


@singledispatch
def sentence(data: e.Data, who: str) -> str:
    return f"{data.kind}, by {who}"


def _with(words: str, said: str) -> str:
    return f"{words}: {said}" if said else words


@sentence.register
def _(data: e.Started, who: str) -> str:
    release = data.release
    built = f" at {release.commit[:12]}" if release.commit else ""
    return f"{who} started {release.product} {release.version}{built} with {data.checklist.checklist}"


@sentence.register
def _(data: e.Described, who: str) -> str:
    learned = [name for name, said in (("commit", data.commit), ("address", data.url), ("notes", data.notes)) if said]
    return f"a later event of the tag tells the {' and '.join(learned)} of the release"


@sentence.register
def _(data: e.Attached, who: str) -> str:
    return f"it is shown in Prefect as flow run {data.run_id}"


@sentence.register
def _(data: e.Detached, who: str) -> str:
    return f"its flow run in Prefect is gone: {data.why}"


@sentence.register
def _(data: e.Opened, who: str) -> str:
    return f"{data.item} is open"


@sentence.register
def _(data: e.RunOpened, who: str) -> str:
    return f"{data.item}: {FORMS[data.form]}"


@sentence.register
def _(data: e.RunClosed, who: str) -> str:
    return f"{data.item}: that flow run is over; {data.why}"


@sentence.register
def _(data: e.AskAgain, who: str) -> str:
    return f"{who} had new links and codes sent for {data.item} to {', '.join(data.people) or 'everybody who is asked'}"


@sentence.register
def _(data: e.Asked, who: str) -> str:
    again = f" (mailing {data.mailing}; earlier codes are void)" if data.mailing > 1 else ""
    return f"{data.item}: {', '.join(data.people) or 'nobody'} asked by mail{again}"


@sentence.register
def _(data: e.Reminded, who: str) -> str:
    if not data.people:
        return f"{data.item}: nobody reminded, {STEPS.get(data.step, data.step)}"
    return f"{data.item}: {', '.join(data.people)} reminded, {STEPS.get(data.step, f'late by {data.step}')}"


@sentence.register
def _(data: e.Signed, who: str) -> str:
    roles = ", ".join(data.roles)
    words = f"{data.name} <{who}> ({roles}) {DECIDED[data.decision]} {data.item} {DOORS[data.via]}"
    shown = "".join(f"; evidence {name} {piece.url}" for name, piece in data.evidence.items())
    return _with(words, data.comment) + shown


@sentence.register
def _(data: e.Refused, who: str) -> str:
    return f"{who} tried {data.item} {DOORS[data.via]} and was refused: {data.reason}"


@sentence.register
def _(data: e.Passed, who: str) -> str:
    return _with(f"{data.item} passed in round {data.round}", data.summary)


@sentence.register
def _(data: e.Failed, who: str) -> str:
    return _with(f"{data.item} failed in round {data.round}", data.summary)


@sentence.register
def _(data: e.Reopened, who: str) -> str:
    return _with(f"{data.item} is open again, round {data.round}", data.question)


@sentence.register
def _(data: e.Worded, who: str) -> str:
    return f"{who} wrote the {data.audience} notes of {data.item}, {len(data.words.split())} words"


@sentence.register
def _(data: e.Waived, who: str) -> str:
    until = f" until {data.until}" if data.until else ""
    return f"{who} waived {data.item}{until}: {data.reason}"


@sentence.register
def _(data: e.Held, who: str) -> str:
    return f"{who} put the launch on hold: {data.reason}"


@sentence.register
def _(data: e.Resumed, who: str) -> str:
    return f"{who} let the launch go on"


@sentence.register
def _(data: e.Rescheduled, who: str) -> str:
    return f"{who} moved the launch to {data.launch_on}"


@sentence.register
def _(data: e.Launched, who: str) -> str:
    return "launched: everything that had to be true is"


@sentence.register
def _(data: e.Closed, who: str) -> str:
    return "closed: every item has ended"


@sentence.register
def _(data: e.Abandoned, who: str) -> str:
    return f"{who} abandoned the launch {DOORS[data.via]}: {data.reason}"


@sentence.register
def _(data: e.Ended, who: str) -> str:
    return "its flow run in Prefect has ended"

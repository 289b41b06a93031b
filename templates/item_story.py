"""What happened to one item of a launch, as a sentence."""

from __future__ import annotations

from functools import singledispatch

from checklists import entries as e
from templates.doors import by_door, came_in

DECIDED = {"approve": "approved", "request-changes": "asked for changes to", "reject": "rejected"}
FORMS = {
    "sign": "people are asked to sign it",
    "done": "somebody is asked to do it",
    "rescue": "somebody is asked what shall happen",
    "settle": "somebody is asked whether it arrived",
    "work": "the work begins",
}
STEPS = {"before": "before it is due", "due": "when it is due"}
REOPENED = {
    "asked": "changes were asked for",
    "rerun": "it starts over",
    "code": "the code it is bound to has changed",
    "content": "what was signed reads differently now",
    "evidence": "its evidence was replaced",
    "expired": "its waiver has expired",
    "unknown": "what was in doubt is not any more",
}
FATES = {"arrived": "said that it arrived", "again": "had it sent again", "known": "knows by now what became of it"}


@singledispatch
def item_sentence(data: e.OfItem, who: str) -> str:
    """One plain sentence; `who` is the actor's address."""
    return f"{data.item}: {type(data).__name__.lower()}, by {who}"


def with_words(sentence: str, said: str) -> str:
    """The sentence, and after a colon what somebody said, where they said anything."""
    return f"{sentence}: {said}" if said else sentence


def _again(round_: int) -> str:
    return f" in round {round_}" if round_ > 1 else ""


@item_sentence.register
def _(data: e.Opened, who: str) -> str:
    return f"{data.item} is open{_again(data.round)}"


@item_sentence.register
def _(data: e.Shut, who: str) -> str:
    return f"{data.item} has to wait again, for {', '.join(data.waits_for) or 'its time'}; the signatures it has stay"


@item_sentence.register
def _(data: e.RunOpened, who: str) -> str:
    return f"{data.item}: {FORMS[data.form]}"


@item_sentence.register
def _(data: e.RunClosed, who: str) -> str:
    return f"{data.item}: that flow run is over; {data.why}"


@item_sentence.register
def _(data: e.AskAgain, who: str) -> str:
    return f"{who} had new links and codes sent for {data.item} to {', '.join(data.people) or 'everybody who is asked'}"


@item_sentence.register
def _(data: e.Asked, who: str) -> str:
    again = f" (mailing {data.mailing}; earlier codes are void)" if data.mailing > 1 else ""
    return f"{data.item}: {', '.join(data.people) or 'nobody'} asked by mail{again}"


@item_sentence.register
def _(data: e.Reminded, who: str) -> str:
    if not data.people:
        return f"{data.item}: nobody reminded, {STEPS.get(data.step, data.step)}"
    return f"{data.item}: {', '.join(data.people)} reminded, {STEPS.get(data.step, f'late by {data.step}')}"


@item_sentence.register
def _(data: e.Signed, who: str) -> str:
    words = f"{data.name} <{who}>{_held(data)} {DECIDED[data.decision]} {data.item}{_again(data.round)} {came_in(data)}"
    own = "; it is their own work, which this gate allows" if data.self_signed else ""
    return with_words(words, data.comment) + own + evidence(data.evidence)


def _held(data: e.Signed) -> str:
    """What they signed as: their roles, or the absent person they stand for and whoever passed that on."""
    if data.instead_of is None:
        return f" ({', '.join(data.roles)})" if data.roles else ""
    absent = data.instead_of
    through = f", through {', '.join(absent.through)}" if absent.through else ""
    return f" for {absent.name} <{absent.email}>{through} ({', '.join(absent.roles)})"


def evidence(pieces: e.Evidence) -> str:
    """Each piece with its address, and the digest or why there is none; empty for nothing."""
    return "".join(f"; evidence {name} {piece.url}{_digest(piece)}" for name, piece in pieces.items())


def _digest(piece: e.Piece) -> str:
    if piece.sha256:
        return f" (sha256 {piece.sha256[:12]}…)"
    return f" (no digest: {piece.problem})" if piece.problem else ""


@item_sentence.register
def _(data: e.EvidenceAdded, who: str) -> str:
    return f"{who} put evidence beside {data.item} {came_in(data)}{evidence(data.evidence)}"


@item_sentence.register
def _(data: e.Refused, who: str) -> str:
    code = " with a wrong code" if data.wrong_code else ""
    return f"{who} tried {data.item}{code} {came_in(data)} and was refused: {data.reason}"


@item_sentence.register
def _(data: e.Passed, who: str) -> str:
    by = "" if who == "tminus" or data.via == "tminus" else f", by {who} {by_door(data)}"
    return with_words(f"{data.item} passed in round {data.round}{by}", data.summary)


@item_sentence.register
def _(data: e.Failed, who: str) -> str:
    return with_words(f"{data.item} failed in round {data.round}", data.summary)


@item_sentence.register
def _(data: e.Rejected, who: str) -> str:
    return with_words(f"{data.item} is rejected in round {data.round}", data.summary)


@item_sentence.register
def _(data: e.Reopened, who: str) -> str:
    words = f"{data.item} is open again, round {data.round}, because {REOPENED[data.because]}"
    return with_words(words, data.question)


@item_sentence.register
def _(data: e.Paused, who: str) -> str:
    return with_words(f"{who} paused {data.item} {by_door(data)}, so that nothing more of it leaves", data.reason)


@item_sentence.register
def _(data: e.Unpaused, who: str) -> str:
    return f"{who} let {data.item} go on {by_door(data)}"


@item_sentence.register
def _(data: e.Settled, who: str) -> str:
    by = "" if data.via == "tminus" else f", {by_door(data)}"
    return with_words(f"{data.item} is answered: {who} {FATES[data.fate]}{by}", data.comment)


@item_sentence.register
def _(data: e.FollowUpSettled, who: str) -> str:
    of = f"{data.purpose} of {data.item}" if data.purpose else data.item
    sentence = f"{of} was in doubt: {who} {FATES[data.fate]} {came_in(data)}"
    return with_words(sentence, data.comment)


@item_sentence.register
def _(data: e.Worded, who: str) -> str:
    size = f"{len(data.words.split())} words"
    if data.where:
        by = f", by {data.author}" if data.author else ""
        return f"the {data.audience} notes of {data.item} are those of {data.where}{by}: {size}"
    if who == "tminus":
        return f"the {data.audience} notes of {data.item} were drafted, {size}"
    return f"{who} wrote the {data.audience} notes of {data.item} {came_in(data)}, {size}"


@item_sentence.register
def _(data: e.Waived, who: str) -> str:
    until = f" until {data.until}" if data.until else ""
    return f"{who} waived {data.item}{until} {came_in(data)}: {data.reason}"


@item_sentence.register
def _(data: e.Content, who: str) -> str:
    return f"what {data.item} says now is written down, {len(data.text.split())} words (sha256 {data.sha256[:12]}…)"


@item_sentence.register
def _(data: e.FollowedUp, who: str) -> str:
    size = f", {len(data.text.split())} words" if data.text else ""
    others = dict.fromkeys((*data.translations, *data.notes))
    size += f", also in {', '.join(others)}" if others else ""
    verb = "recalled" if data.what == "recall" else "corrected"
    return with_words(f"{who} {verb} {data.item} {came_in(data)}{size}", data.note)


@item_sentence.register
def _(data: e.UnderReview, who: str) -> str:
    return f"{data.item}: {reviewed(data.standing, data.url)}"


def reviewed(standing: e.Standing, url: str) -> str:
    """How the pull request stands in which notes are reviewed, wherever that is told."""
    match standing:
        case "open":
            return f"under review in {url}"
        case "merged":
            return f"reviewed in {url}"
    return f"somebody closed {url}; the words are edited here"

"""The record as a story: one plain sentence an entry."""

from __future__ import annotations

from functools import singledispatch

from checklists import entries as e
from checklists.value import Value
from templates.doors import by_door, came_in
from templates.item_story import item_sentence


def told(entry: e.Entry) -> str:
    """What happened, and who did it."""
    return sentence(entry.data, entry.actor)


@singledispatch
def sentence(data: Value, who: str) -> str:
    """One plain sentence; `who` is the actor's address."""
    return f"{type(data).__name__.lower()}, by {who}"


@sentence.register
def _(data: e.OfItem, who: str) -> str:
    return item_sentence(data, who)


@sentence.register
def _(data: e.Started, who: str) -> str:
    release = data.release
    built = f" at {release.commit[:12]}" if release.commit else ""
    behind = f"; it waits for {', '.join(data.behind)}" if data.behind else ""
    since = f"; {difference(data.difference)}" if data.difference else ""
    what = "a rehearsal of " if data.rehearsal else ""
    return (
        f"{who} started {what}{release.product} {release.version}{built} with {data.checklist.checklist}{since}{behind}"
    )


def difference(data: e.Difference) -> str:
    """`12 commits by 3 authors changed 40 files since v2.3.0`, or why nobody knows."""
    if not data.is_known:
        return f"what is different is not known: {data.why}"
    files = f"{len(data.files)}{'' if data.all_files else ' and more'} {_plural('file', len(data.files))}"
    authors = f"{len(data.authors)} {_plural('author', len(data.authors))}"
    since = f" since {data.base[:12]}" if data.base else ""
    return f"{data.count} {_plural('commit', data.count)} by {authors} changed {files}{since}"


def _plural(word: str, count: int) -> str:
    return word if count == 1 else f"{word}s"


@sentence.register
def _(data: e.Described, who: str) -> str:
    learned = [name for name, said in (("commit", data.commit), ("address", data.url), ("notes", data.notes)) if said]
    return f"a later event of the tag tells the {' and '.join(learned)} of the release"


@sentence.register
def _(data: e.Edited, who: str) -> str:
    return "the notes of the release were edited where it was published"


@sentence.register
def _(data: e.Questioned, who: str) -> str:
    return f"{data.item} is a question to those who run launches: {data.said}"


@sentence.register
def _(data: e.Attached, who: str) -> str:
    return f"it is shown in Prefect as flow run {data.run_id}"


@sentence.register
def _(data: e.Detached, who: str) -> str:
    return f"its flow run in Prefect is gone: {data.why}"


@sentence.register
def _(data: e.Rostered, who: str) -> str:
    held = (f"{role} is {', '.join(people) or 'nobody'}" for role, people in data.rosters.items())
    return f"other people hold a role now: {'; '.join(held)}"


@sentence.register
def _(data: e.Compared, who: str) -> str:
    return f"the release was compared with the one before: {difference(data.difference)}"


@sentence.register
def _(data: e.Retagged, who: str) -> str:
    tag = f" ({data.tag})" if data.tag else ""
    return f"{who} moved the release to {data.commit[:12]}{tag} {came_in(data)}: {difference(data.difference)}"


@sentence.register
def _(data: e.Proceeded, who: str) -> str:
    return "the older launches it waited for are out of the way"


@sentence.register
def _(data: e.Denied, who: str) -> str:
    return f"{who} tried to {data.what} the launch {came_in(data)} and was refused: {data.reason}"


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
    if data.ending == "replaced":
        return f"{data.successor or 'a newer version'} took its place: {data.reason}"
    if data.ending == "cancelled":
        return f"the launch was cancelled {by_door(data)}: {data.reason}"
    return f"{who} abandoned the launch {came_in(data)}: {data.reason}"


@sentence.register
def _(data: e.Imported, who: str) -> str:
    return f"{who} recorded it {came_in(data)} as released on {data.released_at:%d %b %Y}; nobody was asked or told"


@sentence.register
def _(data: e.Ended, who: str) -> str:
    return "its flow run in Prefect has ended"

"""What is different: since the last round, since the release before, and since the page was shown."""

from __future__ import annotations

from collections.abc import Iterator

from checklists import changes
from checklists.entries import Difference
from checklists.items import binding
from checklists.launch import ItemState, Launch

SHORT = 10
MOST_FILES = 200
Lines = list[dict[str, str]]


def of_commits(launch: Launch, state: ItemState) -> dict[str, object] | None:
    """What a gate on code is about: after a retag what lies between the two commits, else what the release brings."""
    if binding(state.item).thing != "code":
        return None
    again = state.because == "code" and launch.retagged is not None
    found = launch.retagged if again else launch.difference
    if found is None or (again and _is_told(found, state)):
        return None
    return {**_commits(found), "is_new": again}


def _is_told(found: Difference, state: ItemState) -> bool:
    """Whether all of it stands in what is told of the new round anyway."""
    is_short = len(found.files) <= changes.FILES and found.all_files and found.count <= len(found.commits)
    return is_short and {*found.commits, *filter(None, [found.text])} <= {*state.changes}


def _commits(found: Difference) -> dict[str, object]:
    return {
        "base": (found.base or "")[:SHORT],
        "head": (found.head or "")[:SHORT],
        "count": max(found.count, len(found.commits)),
        "commits": list(found.commits),
        "files": list(found.files[:MOST_FILES]),
        "file_count": len(found.files),
        "more_files": not found.all_files or len(found.files) > MOST_FILES,
        "lines": lines(found.text),
        "why": found.why,
    }


def lines(text: str) -> Lines:
    """A difference as text, each line with what it is."""
    return [{"kind": _kind(line), "text": line} for line in text.splitlines()]


def _kind(line: str) -> str:
    if line.startswith(("+++", "---", "diff ", "index ")):
        return "file"
    return {"+": "new", "-": "gone", "@": "place"}.get(line[:1], "same")


def told(state: ItemState) -> dict[str, object]:
    """What is different since the last round: what is said of it, and the texts that were compared."""
    return {
        "said": [one for one in state.changes if "\n" not in one],
        "texts": [lines(one) for one in state.changes if "\n" in one],
    }


def since(before: Launch, now: Launch, key: str) -> tuple[str, ...]:
    """What became different between two looks at an item, one sentence each."""
    return tuple(_since(before, now, before.items[key], now.items[key]))


def _since(before: Launch, now: Launch, old: ItemState, new: ItemState) -> Iterator[str]:
    if new.round != old.round:
        yield f"This is round {new.round} now; you were shown round {old.round}."
    if before.release.commit != now.release.commit and binding(new.item).thing == "code":
        yield f"The release is commit {(now.release.commit or 'unknown')[:SHORT]} now."
    if binding(new.item).item and before.bound_content(old.key) != now.bound_content(new.key):
        yield f"The content of {binding(new.item).item} is another one."
    for name, one in new.evidence.items():
        if name not in old.evidence:
            yield f"Evidence was added: {name}."
        elif old.evidence[name].piece != one.piece:
            yield f"Evidence was replaced: {name}."
    if new.question != old.question and new.question:
        yield "Somebody asked for changes."

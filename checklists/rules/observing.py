"""What tminus sees by itself: contents, rosters, differences. What is bound to a changed content is open again."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from checklists import commands as c
from checklists import entries as e
from checklists.items import Announce, quorum
from checklists.launch import Launch
from checklists.rules.refusal import Facts, Refusal
from checklists.rules.reopening import after_content


def observe(command: c.Observe, launch: Launch) -> Facts | Refusal:
    """Only what is different from what stands there is written down."""
    if command.by.proof != "tminus":
        return Refusal("only tminus itself writes down what it sees")
    if launch.is_over:
        return []
    return [*_contents(command, launch), *_rosters(command.rosters, launch), *_difference(command.difference, launch)]


def _contents(command: c.Observe, launch: Launch) -> Iterator[e.Data]:
    """Contents that may still change something: a message that was sent stays what it was."""
    for content in {content.item: content for content in command.contents}.values():
        state, before = launch.items.get(content.item), launch.contents.get(content.item)
        if state is None or (before and before.sha256 == content.sha256):
            continue
        if isinstance(state.item, Announce) and state.has_ended:
            continue
        yield content.model_copy(update={"round": state.round})
        yield from after_content(launch, content, command.said)


def _rosters(seen: Mapping[str, tuple[str, ...]], launch: Launch) -> Iterator[e.Data]:
    """The roles of which everybody signs something, where other people hold them now."""
    lines = (line for state in launch.items.values() for line in quorum(state.item) if line.count is None)
    wanted = {role for line in lines for role in line.roles}
    changed = {
        role: people for role, people in seen.items() if role in wanted and people != launch.rosters.get(role, ())
    }
    if changed:
        yield e.Rostered(rosters=changed)


def _difference(seen: e.Difference | None, launch: Launch) -> Iterator[e.Data]:
    """A difference nobody knew yet, or the one that reaches to the commit the launch is now."""
    known = launch.difference
    if seen is None or seen == known:
        return
    if known is None or not known.is_known or (seen.is_known and seen.head == launch.release.commit != known.head):
        yield e.Compared(difference=seen)

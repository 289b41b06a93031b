"""A running launch becomes another commit: what is bound to what changed is open again, the rest stays signed."""

from __future__ import annotations

from checklists import commands as c
from checklists import entries as e
from checklists.launch import Launch
from checklists.rules.questioning import OF_TAGS, answered, asked
from checklists.rules.refusal import Facts, Refusal, not_a_manager, over, unwritable
from checklists.rules.reopening import after_retag

LONGEST_COMMIT = 64
LONGEST_TAG = 200


def retag(command: c.Retag, launch: Launch) -> Facts | Refusal:
    """By those who run launches, or by the release event of a tag that was moved, which raises a question."""
    if refusal := over(launch) or not_a_manager(command) or _is_no_commit(command):
        return refusal
    if command.commit == launch.release.commit and command.tag in (None, launch.release.tag):
        return []
    if refusal := _comes_too_late(launch) or _was_left(command, launch):
        return refusal
    moved = e.Retagged(commit=command.commit, tag=command.tag, difference=command.difference, **command.said)
    if command.commit == launch.release.commit:
        return [moved]
    opened = after_retag(launch, command.commit, command.difference, command.said)
    if command.by.proof != "tminus":
        return [*answered(command, launch, f"it is {command.commit[:12]} now"), moved, *opened]
    closed = [*answered(command, launch, "the tag was moved since", OF_TAGS)]
    return [*closed, moved, *opened, asked(launch, "tag-moved", _told(command, launch), command.commit)]


def _told(command: c.Retag, launch: Launch) -> str:
    tag = command.tag or launch.release.tag or "of the release"
    was, is_ = launch.code[:12], command.commit[:12]
    return f"The tag {tag} was moved from {was} to {is_}. What is bound to what changed is open again, the rest is not."


def _is_no_commit(command: c.Retag) -> Refusal | None:
    commit, tag = command.commit, command.tag or ""
    if not commit or len(commit) > LONGEST_COMMIT or not commit.isascii() or not commit.isalnum():
        return Refusal("name the commit by its hash, such as 9f2c0d1")
    if len(tag) > LONGEST_TAG:
        return Refusal(f"a tag has at most {LONGEST_TAG} characters")
    return unwritable([tag])


def _comes_too_late(launch: Launch) -> Refusal | None:
    if not launch.is_out:
        return None
    return Refusal(f"{launch.name} is out, with {launch.code[:12]}; give the new commit a new version")


def _was_left(command: c.Retag, launch: Launch) -> Refusal | None:
    """An event that is delivered again, late, does not turn a launch back."""
    if command.via != "webhook" or command.commit not in launch.past_commits:
        return None
    back = f"tminus retag {launch.id} --commit {command.commit[:12]}"
    return Refusal(f"{launch.name} has left {command.commit[:12]} already; where it is to go back: {back}")

"""Notes in a pull request: what is written down of it."""

from __future__ import annotations

from checklists.checklist import unknown
from checklists.items import Notes
from checklists.launch import Launch
from checklists.review_commands import Review
from checklists.review_entries import UnderReview
from checklists.rules.refusal import Facts, Refusal, over


def review(command: Review, launch: Launch) -> Facts | Refusal:
    """Where it is and how it stands, if that is news. One that people closed or merged is over for good."""
    if command.item not in launch.items:
        return Refusal(unknown(command.item, launch.items, "item"))
    if refusal := over(launch):
        return refusal
    state = launch.items[command.item]
    if command.by.proof != "tminus" or not isinstance(state.item, Notes):
        return Refusal("only tminus says which pull request notes are in")
    known = state.review
    if known and known.standing != "open":
        return []
    files = dict(command.files) or (known.files if known else {})
    told = UnderReview(
        item=state.key,
        round=state.round,
        url=command.url,
        standing=command.standing,
        files=files,
        **command.said,
    )
    is_known = known and (known.url, known.standing, known.files) == (told.url, told.standing, told.files)
    return [] if is_known else [told]

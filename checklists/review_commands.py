"""What tminus says of the pull request in which notes are reviewed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from checklists.commands import OnItem
from checklists.notes.change import Audience
from checklists.review_entries import Standing


@dataclass(frozen=True, slots=True, kw_only=True)
class Review(OnItem):
    """The notes are in this pull request, or people have closed or merged it."""

    url: str
    standing: Standing
    files: Mapping[Audience, str] = field(default_factory=dict)

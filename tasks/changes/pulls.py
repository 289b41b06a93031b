"""The pull requests behind a release, asked of its host where a token for that is set, and kept beside the mirror."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pydantic import TypeAdapter, ValidationError

from checklists.notes.change import Change
from checklists.notes.pull import Pull, told_by_pull
from checklists.organisation import Product
from tasks.changes.mirror import Mirror
from tasks.settings import Settings
from tasks.watching.hosts import GitHub, GitLab, Host
from tasks.watching.rest import Later

MOST = 200
"""Pull requests of one release that are asked for; a larger release is told by git alone from there on."""
KEPT = TypeAdapter(dict[str, Pull])


def pulls_host(product: Product, settings: Settings) -> Host | None:
    """Whom to ask: nobody without a token, for whom a host has sixty answers an hour."""
    if product.repository is None:
        return None
    if product.host == "github" and settings.github_token:
        return GitHub(product.repository, settings.github_api, settings.github_token)
    if product.host == "gitlab" and settings.gitlab_token:
        return GitLab(product.repository, settings.gitlab_api, settings.gitlab_token)
    return None


@dataclass
class Told:
    """Tells changes in the words of their pull requests: as they are now where that `is_fresh`, or as they were read.

    `why` says afterwards what could not be asked; what was read of it before stands.
    """

    host: Host | None
    at: Mirror
    is_fresh: bool
    why: str = ""

    def __call__(self, changes: tuple[Change, ...]) -> tuple[Change, ...]:
        if self.host is None:
            return changes
        kept = self._asked(self.host, changes) if self.is_fresh else _kept(self.at)
        return tuple(told_by_pull(one, kept[one.id]) if one.id in kept else one for one in changes)

    def _asked(self, host: Host, changes: Sequence[Change]) -> dict[str, Pull]:
        kept, numbers = _kept(self.at), [one.id for one in changes if one.id[:1] == host.mark]
        if (more := len(numbers) - MOST) > 0:
            self.why = f"git alone tells of {more} changes: more than {MOST} pull requests are not asked for"
        try:
            for number in numbers[:MOST]:
                if found := host.pull(number[1:]):
                    kept[number] = found
        except Later as later:
            self.why = f"pull requests could not be read, so git alone tells of some changes: {later}"
        _keep(self.at, kept)
        return kept


def _file(at: Mirror) -> Path:
    return at.folder.with_suffix(".pulls.json")


def _kept(at: Mirror) -> dict[str, Pull]:
    """What was read before; a broken file is as none."""
    try:
        return KEPT.validate_json(_file(at).read_bytes())
    except (OSError, ValidationError):
        return {}


def _keep(at: Mirror, pulls: Mapping[str, Pull]) -> None:
    said: dict[str, Any] = {number: one.model_dump(mode="json") for number, one in pulls.items()}
    fresh = _file(at).with_suffix(".new")
    fresh.write_text(json.dumps(said), "utf-8")
    fresh.replace(_file(at))

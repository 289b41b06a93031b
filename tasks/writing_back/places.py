"""Writes notes back: to a release's description, and to CHANGELOG.md through a pull request. Twice is once."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Literal

from checklists.launch import Launch
from checklists.notes.published import described, logged
from tasks.writing_back.branches import OURS, as_object, default_branch, file_on, make_branch, open_pull, pull_of, write
from tasks.writing_back.github import GitHub, NotPublished, quoted

Place = Literal["github-release", "changelog"]
PLACES: tuple[Place, ...] = ("github-release", "changelog")
FILE = "CHANGELOG.md"


@dataclass(frozen=True, slots=True)
class Published:
    """Where the notes are, what is or would be written there, and whether anything had to be."""

    url: str
    text: str
    is_new: bool


def to_release(hub: GitHub, launch: Launch, words: str, *, is_dry: bool = False) -> Published:
    """The notes in the description of the release with the launch's tag."""
    _no_rehearsal(launch, is_dry=is_dry)
    tag = launch.release.tag
    if not tag:
        raise NotPublished(f"{launch.name} has no tag, so it has no release on GitHub")
    found = hub.get(f"/releases/tags/{quoted(tag)}")
    if found is None:
        raise NotPublished(f"there is no release {tag} in {hub.repository}; make one of the tag, and publish again")
    release, before = as_object(found), str(as_object(found).get("body") or "")
    text = described(before, launch.release.version, words)
    if _lines(text) == _lines(before):
        return Published(str(release.get("html_url", "")), text, is_new=False)
    if not is_dry:
        release = as_object(hub.ask("PATCH", f"/releases/{release.get('id')}", {"body": text}).said)
    return Published(str(release.get("html_url", "")), text, is_new=True)


def _no_rehearsal(launch: Launch, *, is_dry: bool) -> None:
    """Of a rehearsal nothing reaches anybody; what would be written may be looked at."""
    if launch.rehearsal and not is_dry:
        raise NotPublished(f"{launch.name} is a rehearsal, and nothing of it is published; --dry-run shows its words")


def _lines(text: str) -> list[str]:
    return text.replace("\r\n", "\n").strip().split("\n")


def to_changelog(hub: GitHub, launch: Launch, words: str, day: date, *, is_dry: bool = False) -> Published:
    """The notes as the version's section of CHANGELOG.md, on a branch of their own with a pull request."""
    _no_rehearsal(launch, is_dry=is_dry)
    main = default_branch(hub)
    version, branch = launch.release.version, f"{OURS}changelog-{launch.release.version}"
    text, _ = file_on(hub, main, FILE)
    wanted = logged(text, version, day, words)
    if wanted == text:
        return Published(f"{FILE} on {main}", text, is_new=False)
    if is_dry:
        return Published(f"{FILE} on {main}", wanted, is_new=True)
    make_branch(hub, main, branch)
    title = f"Tell of {version} in the changelog"
    changed = write(hub, branch, FILE, title, lambda there: logged(there, version, day, words))
    pull, made = _pull(hub, main, branch, title, version)
    return Published(pull, wanted, is_new=changed or made)


def _pull(hub: GitHub, main: str, branch: str, title: str, version: str) -> tuple[str, bool]:
    """The address of the pull request, and whether it was made now. One that people closed stays closed."""
    found = pull_of(hub, main, branch)
    if found and found.state == "closed":
        raise NotPublished(f"somebody closed {found.url or branch}; open it again, and publish again")
    if found and found.state == "open":
        return found.url, False
    return open_pull(hub, main, branch, title, _about(version))


def _about(version: str) -> str:
    return f"The notes of {version}, as they were approved. Publishing them again renews this branch."

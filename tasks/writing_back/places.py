"""Writes notes back: to a release's description, and to CHANGELOG.md through a pull request. Twice is once."""

from __future__ import annotations

import base64
import binascii
from dataclasses import dataclass
from datetime import date
from typing import Any, Literal

from checklists.launch import Launch
from checklists.notes.published import described, logged
from tasks.writing_back.github import Answer, GitHub, NotPublished, quoted

Place = Literal["github-release", "changelog"]
PLACES: tuple[Place, ...] = ("github-release", "changelog")
FILE = "CHANGELOG.md"
TRIES = 3


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
    release, before = _dict(found), str(_dict(found).get("body") or "")
    text = described(before, launch.release.version, words)
    if _lines(text) == _lines(before):
        return Published(str(release.get("html_url", "")), text, is_new=False)
    if not is_dry:
        release = _dict(hub.ask("PATCH", f"/releases/{release.get('id')}", {"body": text}).said)
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
    main = str(_dict(hub.get("") or {}).get("default_branch") or "main")
    version, branch = launch.release.version, f"tminus/changelog-{launch.release.version}"
    text, _ = _file(hub, main)
    wanted = logged(text, version, day, words)
    if wanted == text:
        return Published(f"{FILE} on {main}", text, is_new=False)
    if is_dry:
        return Published(f"{FILE} on {main}", wanted, is_new=True)
    _branch(hub, main, branch)
    changed = _commit(hub, branch, version, day, words)
    pull, made = _pull(hub, main, branch, version, words)
    return Published(pull, wanted, is_new=changed or made)


def _file(hub: GitHub, branch: str) -> tuple[str, str]:
    """The text of the changelog on a branch, and its blob; empty where there is none."""
    found = hub.get(f"/contents/{FILE}?ref={quoted(branch)}")
    if found is None:
        return "", ""
    try:
        text = base64.b64decode(str(_dict(found)["content"])).decode()
        return text, str(_dict(found)["sha"])
    except (KeyError, binascii.Error, UnicodeDecodeError) as error:
        raise NotPublished(f"{FILE} on {branch} is no text that can be read; it is left as it is") from error


def _branch(hub: GitHub, main: str, branch: str) -> None:
    """The branch, made from the default one where there is none."""
    if hub.get(f"/git/ref/heads/{branch}") is not None:
        return
    head = _dict(hub.get(f"/git/ref/heads/{quoted(main)}") or {})
    sha = str(_dict(head.get("object", {})).get("sha", ""))
    made = hub.ask("POST", "/git/refs", {"ref": f"refs/heads/{branch}", "sha": sha}, refusals=(422,))
    if made.status == 422 and "exists" not in made.message:
        raise NotPublished(f"{hub.repository} has no branch {branch}, and none can be made: {made.message}")


def _commit(hub: GitHub, branch: str, version: str, day: date, words: str) -> bool:
    """Whether the branch needed a commit. Where somebody wrote to the file meanwhile, it is read again."""
    said = ""
    for _ in range(TRIES):
        text, blob = _file(hub, branch)
        wanted = logged(text, version, day, words)
        if wanted == text:
            return False
        body = {
            "message": f"Tell of {version} in the changelog",
            "content": base64.b64encode(wanted.encode()).decode(),
            "branch": branch,
        } | ({"sha": blob} if blob else {})
        answer = hub.ask("PUT", f"/contents/{FILE}", body, refusals=(409, 422))
        if answer.status not in (409, 422):
            return True
        said = answer.message
    raise NotPublished(f"{FILE} on {branch} kept changing under us ({said}); publish again")


def _pull(hub: GitHub, main: str, branch: str, version: str, words: str) -> tuple[str, bool]:
    """The address of the pull request, and whether it was made now. One that people closed stays closed."""
    if found := _found(hub, main, branch):
        return found, False
    asked = {"title": f"Tell of {version} in the changelog", "head": branch, "base": main, "body": _about(version)}
    answer = hub.ask("POST", "/pulls", asked, refusals=(422,))
    if answer.status != 422:
        return str(_dict(answer.said).get("html_url", "")), True
    return _raced(hub, main, branch, answer), False


def _raced(hub: GitHub, main: str, branch: str, answer: Answer) -> str:
    found = _found(hub, main, branch) if "already exists" in answer.message else None
    if found is None:
        raise NotPublished(f"{hub.repository} takes no pull request from {branch}: {answer.message}")
    return found


def _found(hub: GitHub, main: str, branch: str) -> str | None:
    owner = hub.repository.partition("/")[0]
    asked = f"/pulls?state=all&head={quoted(f'{owner}:{branch}')}&base={quoted(main)}"
    pulls = hub.get(asked) or []
    open_ = [one for one in pulls if _dict(one).get("state") == "open"]
    closed = [one for one in pulls if _dict(one).get("state") == "closed" and not _dict(one).get("merged_at")]
    if closed and not open_:
        raise NotPublished(f"somebody closed {closed[0].get('html_url', branch)}; open it again, and publish again")
    return str(open_[0].get("html_url", "")) if open_ else None


def _about(version: str) -> str:
    return f"The notes of {version}, as they were approved. Publishing them again renews this branch."


def _dict(value: Any) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise NotPublished("GitHub answers in a way that is not understood; correct TMINUS_GITHUB_API")
    return value

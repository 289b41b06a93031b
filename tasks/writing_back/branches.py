"""A branch of ours in a repository on GitHub: its files, and its one pull request. Every step may be taken again."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Literal
from urllib.parse import quote

from tasks.writing_back.github import Answer, GitHub, NotPublished, quoted

OURS = "tminus/"
"""How the name of every branch begins that is made here."""
TRIES = 3


@dataclass(frozen=True, slots=True)
class Pull:
    """A pull request; people close it, and merge it."""

    url: str
    state: Literal["open", "closed", "merged"]


def default_branch(hub: GitHub) -> str:
    return str(as_object(hub.get("") or {}).get("default_branch") or "main")


def file_on(hub: GitHub, branch: str, path: str) -> tuple[str, str]:
    """The text of a file on a branch, and its blob; empty where there is none."""
    found = hub.get(f"/contents/{quote(path)}?ref={quoted(branch)}")
    if found is None:
        return "", ""
    try:
        text = base64.b64decode(str(as_object(found)["content"])).decode()
        return text, str(as_object(found)["sha"])
    except (KeyError, binascii.Error, UnicodeDecodeError) as error:
        raise NotPublished(f"{path} on {branch} is no text that can be read; it is left as it is") from error


def make_branch(hub: GitHub, main: str, branch: str) -> None:
    """The branch, made from the default one where there is none."""
    if hub.get(f"/git/ref/heads/{quote(branch)}") is not None:
        return
    head = as_object(hub.get(f"/git/ref/heads/{quoted(main)}") or {})
    sha = str(as_object(head.get("object", {})).get("sha", ""))
    made = hub.ask("POST", "/git/refs", {"ref": f"refs/heads/{branch}", "sha": sha}, refusals=(422,))
    if made.status == 422 and "exists" not in made.message:
        raise NotPublished(f"{hub.repository} has no branch {branch}, and none can be made: {made.message}")


def write(hub: GitHub, branch: str, path: str, message: str, over: Callable[[str], str]) -> bool:
    """Whether the branch needed a commit for the file to be what `over` makes of it.

    Where somebody wrote to the file meanwhile, it is read again.
    """
    said = ""
    for _ in range(TRIES):
        text, blob = file_on(hub, branch, path)
        wanted = over(text)
        if wanted == text:
            return False
        body = {
            "message": message,
            "content": base64.b64encode(wanted.encode()).decode(),
            "branch": branch,
        } | ({"sha": blob} if blob else {})
        answer = hub.ask("PUT", f"/contents/{quote(path)}", body, refusals=(409, 422))
        if answer.status not in (409, 422):
            return True
        said = answer.message
    raise NotPublished(f"{path} on {branch} kept changing under us ({said}); try again later")


def pull_of(hub: GitHub, main: str, branch: str) -> Pull | None:
    """The pull request of the branch: an open one before one that people closed, and that before a merged one."""
    owner = hub.repository.partition("/")[0]
    asked = f"/pulls?state=all&head={quoted(f'{owner}:{branch}')}&base={quoted(main)}"
    found = [_pull(as_object(one)) for one in hub.get(asked) or []]
    return min(found, key=lambda one: ("open", "closed", "merged").index(one.state), default=None)


def _pull(said: dict[str, Any]) -> Pull:
    is_open = said.get("state") == "open"
    return Pull(str(said.get("html_url", "")), "open" if is_open else "merged" if said.get("merged_at") else "closed")


def open_pull(hub: GitHub, main: str, branch: str, title: str, body: str) -> tuple[str, bool]:
    """The address of the pull request, and whether it was made now: somebody else may have been faster."""
    answer = hub.ask("POST", "/pulls", {"title": title, "head": branch, "base": main, "body": body}, refusals=(422,))
    if answer.status != 422:
        return str(as_object(answer.said).get("html_url", "")), True
    return _raced(hub, main, branch, answer), False


def _raced(hub: GitHub, main: str, branch: str, answer: Answer) -> str:
    found = pull_of(hub, main, branch) if "already exists" in answer.message else None
    if found is None or found.state != "open":
        raise NotPublished(f"{hub.repository} takes no pull request from {branch}: {answer.message}")
    return found.url


def as_object(value: Any) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise NotPublished("GitHub answers in a way that is not understood; correct TMINUS_GITHUB_API")
    return value

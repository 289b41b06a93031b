"""The webhook with which GitHub tells of a published release, signed and delivered as GitHub does."""

from __future__ import annotations

import hashlib
import hmac
import json
from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

import requests

from checklists.errors import LaunchError

OWNER, NAME, LOGIN = "example-org", "acme", "hugo-haas"
SITE = "https://github.com"
PATIENCE = 10  # seconds, as GitHub has it
NOTHING = "0" * 40


class NotTaken(LaunchError):
    """The web room did not take the webhook."""


def published(tag: str, commit: str, notes: str, at: datetime) -> dict[str, Any]:
    """The payload of `release` with the action `published`, in GitHub's shape."""
    address = f"{SITE}/{OWNER}/{NAME}"
    when = at.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
    release = {
        "html_url": f"{address}/releases/tag/{tag}",
        "id": int(commit[:8], 16),
        "tag_name": tag,
        "target_commitish": commit,
        "name": f"Acme {tag}",
        "draft": False,
        "prerelease": False,
        "author": _account(LOGIN, "User"),
        "created_at": when,
        "published_at": when,
        "assets": [],
        "body": notes,
    }
    return {
        "action": "published",
        "release": release,
        "repository": _repository(address),
        "organization": {"login": OWNER, "id": 2},
        "sender": _account(LOGIN, "User"),
    }


def pushed(tag: str, before: str, commit: str, subject: str, at: datetime) -> dict[str, Any]:
    """The payload of a `push` of a tag: a new one where `before` is empty, else one that moved."""
    when = at.astimezone(UTC).isoformat(timespec="seconds")
    return {
        "ref": f"refs/tags/{tag}",
        "before": before or NOTHING,
        "after": commit,
        "created": not before,
        "deleted": False,
        "forced": bool(before),
        "commits": [],
        "head_commit": {"id": commit, "message": subject, "timestamp": when},
        "repository": _repository(f"{SITE}/{OWNER}/{NAME}"),
        "sender": _account(LOGIN, "User"),
    }


def _repository(address: str) -> dict[str, Any]:
    return {
        "id": 1,
        "name": NAME,
        "full_name": f"{OWNER}/{NAME}",
        "private": True,
        "owner": _account(OWNER, "Organization"),
        "html_url": address,
        "default_branch": "main",
    }


def _account(login: str, kind: str) -> dict[str, Any]:
    return {"login": login, "id": 2, "type": kind, "html_url": f"{SITE}/{login}"}


def deliver(web: str, payload: dict[str, Any], secret: str, event: str = "release") -> str:
    """The launch that follows. Raises NotTaken where the web room refuses or is not there."""
    body = json.dumps(payload).encode()
    headers = {
        "Content-Type": "application/json",
        "User-Agent": "GitHub-Hookshot/tminus-demo",
        "X-GitHub-Event": event,
        "X-GitHub-Delivery": str(uuid4()),
        "X-Hub-Signature-256": "sha256=" + hmac.new(secret.encode(), body, hashlib.sha256).hexdigest(),
    }
    try:
        answer = requests.post(f"{web}/webhooks/github", data=body, headers=headers, timeout=PATIENCE)
    except requests.RequestException as error:
        raise NotTaken(f"the web room at {web} does not answer ({type(error).__name__})") from error
    return _launch_of(answer)


def _launch_of(answer: requests.Response) -> str:
    said = answer.json() if answer.headers.get("content-type", "").startswith("application/json") else {}
    if answer.status_code != requests.codes.accepted or "launch" not in said:
        why = said.get("ignored") or said.get("detail") or said.get("error") or "without a reason"
        raise NotTaken(f"the web room answered the webhook with {answer.status_code}: {why}")
    return str(said["launch"])

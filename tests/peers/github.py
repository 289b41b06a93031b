"""GitHub's REST API, as far as notes are written there: releases, contents, branches, pull requests; and its moods."""

from __future__ import annotations

import base64
import json
from hashlib import sha1
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

from tests.peers.peer import DROP, HANG, Answer, Peer, Received

TOKEN = "ghp_not_a_real_one"
REPOSITORY = "example-org/acme"


class GitHubPeer(Peer):
    """Modes: accept, the ways to refuse, and `lost`: it is done, and nobody hears of it.

    `behind` is what somebody writes to the branch before our commits.
    """

    def __init__(self) -> None:
        super().__init__()
        self.releases: dict[str, dict[str, Any]] = {}
        self.branches: dict[str, dict[str, str]] = {"main": {}}
        self.pulls: list[dict[str, Any]] = []
        self.behind: list[str] = []
        self.hidden_once = False

    def release(self, tag: str, body: str | None) -> None:
        page = f"https://github.com/{REPOSITORY}/releases/tag/{tag}"
        self.releases[tag] = {"id": len(self.releases) + 1, "tag_name": tag, "body": body, "html_url": page}

    @property
    def writes(self) -> list[str]:
        return [f"{one.method} {one.path}" for one in self.received if one.method != "GET"]

    def reply(self, mode: str, request: Received) -> Answer:
        match mode:
            case "limited":
                return _json(403, {"message": "API rate limit exceeded"}, {"X-RateLimit-Remaining": "0"})
            case "broken":
                return Answer(502, b"<html>Bad Gateway</html>", {"Content-Type": "text/html"})
            case "html":
                return Answer(200, b"<html>Sign in</html>", {"Content-Type": "text/html"})
            case "drop":
                return Answer(drops=True)
            case "moved":
                return Answer(301, b"", {"Location": "https://elsewhere.example/"})
            case "list":
                return _json(200, [])
            case "forbidden":
                return _json(403, {"message": "Resource not accessible by personal access token"})
            case "missing":
                return _json(404, {"message": "Not Found"})
            case "hang":
                return HANG
        if request.headers.get("Authorization") != f"Bearer {TOKEN}":
            return _json(401, {"message": "Bad credentials"})
        served = self._served(request)
        return DROP if mode == "lost" else served

    def _served(self, request: Received) -> Answer:
        url = urlsplit(request.path)
        path, asked = unquote(url.path).removeprefix(f"/repos/{REPOSITORY}"), parse_qs(url.query)
        if path == url.path:
            return _json(404, {"message": "Not Found"})
        if path == "":
            return _json(200, {"default_branch": "main"})
        if path.startswith("/releases/"):
            return self._releases(request, path.rpartition("/")[2])
        if path.startswith("/git/"):
            return self._branches(request, path)
        if path.startswith("/contents/"):
            return self._contents(request, path.removeprefix("/contents/"), asked)
        return self._pulls(request, asked)

    def _releases(self, request: Received, name: str) -> Answer:
        if request.method == "GET":
            found = self.releases.get(name)
            return _json(200, found) if found else _json(404, {"message": "Not Found"})
        found = next(one for one in self.releases.values() if one["id"] == int(name))
        found["body"] = request.body["body"]
        return _json(200, found)

    def _branches(self, request: Received, path: str) -> Answer:
        if request.method == "GET":
            name = path.removeprefix("/git/ref/heads/")
            known = name in self.branches
            return _json(200, {"object": {"sha": "a" * 40}}) if known else _json(404, {"message": "Not Found"})
        name = request.body["ref"].removeprefix("refs/heads/")
        if name in self.branches:
            return _json(422, {"message": "Reference already exists"})
        self.branches[name] = dict(self.branches["main"])
        return _json(201, {"ref": request.body["ref"]})

    def _contents(self, request: Received, path: str, asked: dict[str, list[str]]) -> Answer:
        if request.method == "GET":
            text = self.branches[asked["ref"][0]].get(path)
            if text is None:
                return _json(404, {"message": "Not Found"})
            return _json(200, {"content": base64.encodebytes(text.encode()).decode(), "sha": blob(text)})
        files = self.branches[request.body["branch"]]
        if self.behind:
            files[path] = self.behind.pop(0)
        there = files.get(path)
        if there is not None and request.body.get("sha") != blob(there):
            return _json(409, {"message": f"{path} does not match"})
        files[path] = base64.b64decode(request.body["content"]).decode()
        return _json(200, {"commit": {"sha": "b" * 40}})

    def _pulls(self, request: Received, asked: dict[str, list[str]]) -> Answer:
        if request.method == "GET":
            branch = asked["head"][0].partition(":")[2]
            hidden, self.hidden_once = self.hidden_once, False
            return _json(200, [] if hidden else [one for one in self.pulls if one["head"] == branch])
        if any(one["head"] == request.body["head"] and one["state"] == "open" for one in self.pulls):
            listed = [{"message": f"A pull request already exists for {request.body['head']}."}]
            return _json(422, {"message": "Validation Failed", "errors": listed})
        address = f"https://github.com/{REPOSITORY}/pull/{len(self.pulls) + 1}"
        made = {"state": "open", "merged_at": None, "html_url": address, "head": request.body["head"]}
        self.pulls.append(made)
        return _json(201, made)


def blob(text: str) -> str:
    return sha1(f"blob {len(text.encode())}\0{text}".encode(), usedforsecurity=False).hexdigest()


def _json(status: int, said: Any, headers: dict[str, str] | None = None) -> Answer:
    return Answer(status, json.dumps(said).encode(), {"Content-Type": "application/json", **(headers or {})})

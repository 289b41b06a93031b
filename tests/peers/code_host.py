"""GitHub's and GitLab's tag lists: pages, ETags, limits, and the moods of a host."""

from __future__ import annotations

import json
import time
from hashlib import sha256
from urllib.parse import parse_qs, urlsplit

from tests.peers.peer import Answer, Peer, Received

COMMIT = "{:040x}"


class CodeHost(Peer):
    """Serves `tags` in pages of `per_page`, and `notes` by tag, the `newest` of them as a list, the last first.

    `edited` says when by tag, `drafts` which are seen by nobody. All in whatever mood (`answer`) it is.
    """

    def __init__(self, per_page: int = 2) -> None:
        super().__init__()
        self.per_page = per_page
        self.tags: dict[str, str] = {}
        self.notes: dict[str, str] = {}
        self.edited: dict[str, str] = {}
        self.drafts: set[str] = set()
        self.newest = 30
        self.pulls: dict[str, dict[str, object]] = {}
        self.next_host = ""
        self.retry_after = "120"

    def add(self, *tags: str) -> None:
        for tag in tags:
            self.tags[tag] = COMMIT.format(len(self.tags) + 1)

    def reply(self, mode: str, request: Received) -> Answer:
        match mode:
            case "limited":
                reset = str(int(time.time()) + 600)
                return Answer(403, b"{}", {"X-RateLimit-Remaining": "0", "X-RateLimit-Reset": reset})
            case "later":
                return Answer(429, b"{}", {"Retry-After": self.retry_after})
            case "reset":
                return Answer(403, b"{}", {"X-RateLimit-Remaining": "0", "X-RateLimit-Reset": self.retry_after})
            case "large":
                return Answer(200, json.dumps(["x" * 1_000]).encode())
            case "trickle":
                return Answer(200, b"[]" + b" " * 200, slowly=0.05)
            case "endless":
                number = int(parse_qs(urlsplit(request.path).query).get("page", ["1"])[0])
                return Answer(200, b"[]", {"Link": f'<{self.host}/repos/x?page={number + 1}>; rel="next"'})
            case "broken":
                return Answer(502, b"<html>Bad Gateway</html>")
            case "html":
                return Answer(200, b"<html>Sign in</html>", {"Content-Type": "text/html"})
            case "object":
                return Answer(200, b'{"message": "hello"}')
            case "nameless":
                return Answer(200, b'[{"tag_name": null, "body": "", "description": ""}]')
            case "rows":
                return Answer(200, b'[{"nome": 1}]')
            case "gone":
                return Answer(404, b'{"message": "Not Found"}')
            case "shut":
                return Answer(401, b'{"message": "Bad credentials"}')
            case "hang":
                return Answer(hangs=True)
            case "drop":
                return Answer(drops=True)
        return self._served(request)

    def _served(self, request: Received) -> Answer:
        url = urlsplit(request.path)
        if "/pulls/" in url.path or "/merge_requests/" in url.path:
            found = self.pulls.get(url.path.rpartition("/")[2])
            return Answer(200, json.dumps(found).encode()) if found else Answer(404, b"{}")
        if "/releases/" in url.path:
            return self._release(url.path.rpartition("/")[2])
        if url.path.endswith("/releases"):
            return self._releases(request)
        number = int(parse_qs(url.query).get("page", ["1"])[0])
        rows = list(self.tags.items())[(number - 1) * self.per_page : number * self.per_page]
        shown = [{"name": tag, "commit": {"sha": commit, "id": commit}} for tag, commit in rows]
        headers: dict[str, str] = {}
        if number * self.per_page < len(self.tags):
            headers["Link"] = f'<{self.next_host or self.host}{url.path}?per_page=100&page={number + 1}>; rel="next"'
        return _unless_known(request, shown, headers)

    def _releases(self, request: Received) -> Answer:
        return _unless_known(request, [self._said(tag) for tag in reversed(self.notes)][: self.newest], {})

    def _release(self, tag: str) -> Answer:
        if tag not in self.notes or tag in self.drafts:
            return Answer(404, b"{}")
        return Answer(200, json.dumps(self._said(tag)).encode())

    def _said(self, tag: str) -> dict[str, object]:
        about = {"tag_name": tag, "html_url": f"https://example.com/{tag}", "draft": tag in self.drafts}
        return {**about, "body": self.notes[tag], "description": self.notes[tag], "updated_at": self.edited.get(tag)}


def _unless_known(request: Received, shown: object, headers: dict[str, str]) -> Answer:
    body = json.dumps(shown).encode()
    etag = f'"{sha256(body).hexdigest()[:16]}"'
    if request.headers.get("If-None-Match") == etag:
        return Answer(304, b"", {"ETag": etag})
    return Answer(200, body, {**headers, "ETag": etag})

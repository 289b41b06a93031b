"""A peer that answers chat.postMessage as Slack does."""

from __future__ import annotations

import json

from tests.peers.peer import DROP, HANG, Answer, Peer, Received

TOKEN = "xoxb-not-a-real-token"


class SlackApiPeer(Peer):
    """Modes: accept, drop, hang, rate-limited, html-error, page, or an error of Slack's such as `channel_not_found`."""

    def reply(self, mode: str, request: Received) -> Answer:
        if request.path != "/api/chat.postMessage":
            return Answer(404)
        if request.headers.get("Authorization") != f"Bearer {TOKEN}":
            return self._said({"ok": False, "error": "invalid_auth"})
        plain = {
            "accept": self._said({"ok": True, "ts": "1503435956.000247"}),
            "drop": DROP,
            "hang": HANG,
            "rate-limited": Answer(429, b"{}", {"Retry-After": "9"}),
            "html-error": Answer(503, b"<html>Service Unavailable</html>"),
            "page": Answer(200, b"<html>Welcome to the guest network</html>"),
        }
        return plain.get(mode) or self._said({"ok": False, "error": mode})

    def _said(self, said: dict[str, object]) -> Answer:
        return Answer(200, json.dumps(said).encode(), {"Content-Type": "application/json"})

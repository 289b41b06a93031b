"""A peer that answers an incoming webhook as Slack does."""

from __future__ import annotations

from tests.peers.peer import DROP, GARBAGE, HANG, Answer, Peer, Received

SECRET = "/services/T00000000/B00000000/sEcReTsEcReTsEcReT"


class SlackPeer(Peer):
    """Modes: accept, bad-request, forbidden, no-channel, archived, rate-limited, html-error, not-ok, redirect, echo
    (a 404 that repeats the path), garbage, drop (reads all, then closes), hang."""

    @property
    def url(self) -> str:
        return self.host + SECRET

    def reply(self, mode: str, request: Received) -> Answer:
        if request.path != SECRET or request.method != "POST":
            return Answer(404, b"no_service")
        if not isinstance(request.body, dict) or not request.body.get("text"):
            return Answer(400, b"no_text")
        return {
            "accept": Answer(200, b"ok"),
            "bad-request": Answer(400, b"invalid_payload"),
            "forbidden": Answer(403, b"action_prohibited"),
            "no-channel": Answer(404, b"channel_not_found"),
            "archived": Answer(410, b"channel_is_archived"),
            "rate-limited": Answer(429, b"rate_limited", {"Retry-After": "30"}),
            "html-error": Answer(500, b"<html><body>Server Error</body></html>", {"Content-Type": "text/html"}),
            "not-ok": Answer(200, b"<html>Welcome to the guest network</html>"),
            "redirect": Answer(302, headers={"Location": f"{self.host}/elsewhere"}),
            "echo": Answer(404, f"Cannot POST {SECRET}".encode()),
            "garbage": GARBAGE,
            "drop": DROP,
            "hang": HANG,
        }[mode]

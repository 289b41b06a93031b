"""A peer that answers as a Teams Workflows webhook does."""

from __future__ import annotations

import json

from tests.peers.peer import DROP, HANG, Answer, Peer, Received

SECRET = "/workflows/abc/triggers/manual/paths/invoke"


def _error(status: int, code: str, message: str) -> Answer:
    said = {"error": {"code": code, "message": message}}
    return Answer(status, json.dumps(said).encode(), {"Content-Type": "application/json"})


class TeamsPeer(Peer):
    """Modes: accept, gone, disabled, rate-limited, error, drop, hang."""

    @property
    def url(self) -> str:
        return self.host + SECRET + "?api-version=2016-06-01&sig=sEcReT"

    def reply(self, mode: str, request: Received) -> Answer:
        if not request.path.startswith(SECRET) or not isinstance(request.body, dict):
            return _error(400, "InvalidRequestContent", "The request content is not valid JSON.")
        return {
            "accept": Answer(202),
            "gone": _error(404, "WorkflowNotFound", "The workflow could not be found."),
            "disabled": _error(400, "WorkflowTriggerIsNotEnabled", "Could not execute workflow."),
            "rate-limited": Answer(429, b"{}", {"Retry-After": "11"}),
            "error": _error(502, "NoResponse", "The server did not receive a response from an upstream server."),
            "drop": DROP,
            "hang": HANG,
        }[mode]

from __future__ import annotations

import httpx
import pytest


@pytest.mark.parametrize("path", ["/healthz", "/readyz", "/outbox", "/outbox/x", "/webhooks/github", "/", "/docs"])
def test_every_answer_trusts_nothing_and_names_no_server(client: httpx.Client, path: str) -> None:
    headers = client.get(path).headers
    assert headers["Content-Security-Policy"].startswith("default-src 'none';")
    assert "frame-ancestors 'none'" in headers["Content-Security-Policy"]
    assert "script-src" not in headers["Content-Security-Policy"]
    assert (headers["X-Content-Type-Options"], headers["Referrer-Policy"]) == ("nosniff", "no-referrer")
    assert "server" not in headers


@pytest.mark.parametrize("path", ["/docs", "/redoc", "/openapi.json", "/outbox/", "/nowhere"])
def test_there_are_no_doors_but_ours(client: httpx.Client, path: str) -> None:
    assert client.get(path).status_code == 404

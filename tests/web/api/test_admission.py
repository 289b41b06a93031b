"""Who is let in: nobody without a key, and with one no further than it opens."""

from __future__ import annotations

from datetime import timedelta
from ipaddress import ip_network
from pathlib import Path

import httpx
import pytest

from checklists.entries import Signed
from tasks.people.tokens import revoke_token
from tests.tasks.people.mailed import with_settings
from tests.tasks.worlds import place
from tests.web.api.room import ADA, APPROVE, BEN, EVE, LAUNCH, QA, Api
from tests.web.room import serving

DOORS = [
    ("GET", "/api/me"),
    ("GET", "/api/launches"),
    ("GET", LAUNCH),
    ("GET", "/api/launches/nothing-1.0"),
    ("GET", f"{LAUNCH}/export"),
    ("POST", "/api/launches"),
    ("POST", f"{QA}/sign"),
    ("POST", f"{LAUNCH}/abandon"),
    ("DELETE", "/api/tokens/x"),
]


@pytest.mark.parametrize(("method", "path"), DOORS)
@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"Authorization": "Bearer"},
        {"Authorization": "Bearer tm_0000000000000000_" + "A" * 43},
        {"Authorization": "Basic YWRhOmFkYQ=="},
        {"Authorization": "Bearer " + "A" * 5_000},
        {"Authorization": b"Bearer \xff\xfe"},
        {"X-Forwarded-Email": EVE},
    ],
)
def test_nobody_in_particular_gets_in(api: Api, method: str, path: str, headers: dict[str, str]) -> None:
    answer = api.client.request(method, path, headers=headers, json={} if method == "POST" else None)
    assert (answer.status_code, answer.headers["Content-Type"]) == (401, "application/problem+json")
    assert answer.headers["WWW-Authenticate"].startswith('Bearer realm="tminus"')
    assert "acme" not in answer.text.replace(path, "")


def test_a_token_opens_until_it_ends(api: Api) -> None:
    key = {"Authorization": f"Bearer {api.token(ADA, days=1)}"}
    assert api.client.get("/api/me", headers=key).json()["email"] == ADA
    api.at.clock.wait(timedelta(days=1))
    assert api.client.get("/api/me", headers=key).status_code == 401


def test_a_revoked_token_opens_nothing(api: Api) -> None:
    key = api.key(ADA)
    assert api.client.get("/api/me", headers=key).status_code == 200
    revoke_token(api.at.world, api.tokens()[0].id)
    assert api.client.get("/api/me", headers=key).status_code == 401


def test_a_token_of_somebody_who_is_gone_opens_nothing(api: Api) -> None:
    key = api.key(ADA)
    api.at.world.organisation_file.file.write_text("organisation: Example\nproducts: {acme: {title: Acme}}\n")
    assert api.client.get("/api/me", headers=key).status_code == 401


def test_two_tokens_at_once_are_none(api: Api) -> None:
    both = [("Authorization", f"Bearer {api.token(who)}") for who in (ADA, BEN)]
    assert api.client.get("/api/me", headers=both).status_code == 401


@pytest.mark.parametrize(
    ("path", "needs"),
    [(f"{QA}/sign", "sign"), (f"{LAUNCH}/hold", "manage"), ("/api/launches", "manage"), ("/api/validate", "read")],
)
def test_a_token_opens_what_it_was_made_for_and_the_answer_names_what_is_missing(
    api: Api, path: str, needs: str
) -> None:
    others = [scope for scope in ("read", "sign", "manage") if scope != needs]
    answer = api.client.post(path, json={}, headers=api.key(EVE, *others))
    assert (answer.status_code, answer.json()["scope"]) == (403, needs)
    assert f"the scope {needs}" in answer.json()["detail"]
    assert f'scope="{needs}"' in answer.headers["WWW-Authenticate"]
    assert api.client.post(path, json={}, headers=api.key(EVE, needs)).status_code == 422


def test_a_scope_gives_no_role(api: Api) -> None:
    answer = api.post(f"{LAUNCH}/hold", {"reason": "frozen"}, ADA)
    assert (answer.status_code, answer.json()["type"]) == (403, "/api/problems/refused")
    assert "launch-managers" in answer.json()["detail"]
    assert api.launch.held is None


def through_proxy(client: httpx.Client, **headers: str) -> httpx.Response:
    said = {"X-Forwarded-Email": ADA, "Content-Type": "application/json"} | headers
    return client.post(f"{QA}/sign", json=APPROVE, headers={name.replace("_", "-"): one for name, one in said.items()})


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({}, 403),
        ({"Origin": "https://evil.example"}, 403),
        ({"Origin": "null"}, 403),
        ({"Sec_Fetch_Site": "cross-site"}, 403),
        ({"Sec_Fetch_Site": "none"}, 403),
        ({"Origin": "https://evil.example", "Sec_Fetch_Site": "same-origin"}, 403),
        ({"Origin": "http://127.0.0.1:4280", "Content_Type": "text/plain"}, 415),
        ({"Origin": "http://127.0.0.1:4280", "Content_Type": "application/x-www-form-urlencoded"}, 415),
        ({"Origin": "http://127.0.0.1:4280"}, 200),
        ({"Sec_Fetch_Site": "same-origin"}, 200),
    ],
)
def test_a_browser_behind_a_proxy_acts_from_our_own_pages_only(
    tmp_path: Path, headers: dict[str, str], status: int
) -> None:
    at = place(tmp_path)
    at.begun()
    here = with_settings(at.world, proxy_addresses=(ip_network("127.0.0.1/32"),), proxy_header="X-Forwarded-Email")
    with serving(here) as client:
        assert client.get("/api/me", headers={"X-Forwarded-Email": ADA}).json()["proof"] == "proxy"
        answer = through_proxy(client, **headers)
    assert answer.status_code == status
    assert len(at.launch("acme-2.4.0").items["qa"].signatures) == (status == 200)


def test_a_listed_proxy_says_where_somebody_is(tmp_path: Path) -> None:
    at = place(tmp_path)
    at.begun()
    here = with_settings(at.world, proxy_addresses=(ip_network("127.0.0.1/32"),), proxy_header="X-Forwarded-Email")
    with serving(here) as client:
        through_proxy(client, Sec_Fetch_Site="same-origin", X_Forwarded_For="203.0.113.9, 192.0.2.7")
    (signed,) = [entry.data for entry in at.ledger.read("acme-2.4.0") if isinstance(entry.data, Signed)]
    assert signed.address == "192.0.2.7"

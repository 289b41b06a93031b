"""Who you are, and tokens: your own, and none that opens more than the one it was made with."""

from __future__ import annotations

import pytest

from tests.web.api.room import ADA, EVE, Api

SECRET = "tm_"


def test_you_are_who_your_token_says(api: Api) -> None:
    me = api.client.get("/api/me", headers=api.key(ADA, "read")).json()
    assert (me["email"], me["roles"], me["proof"], me["scopes"]) == (ADA, ["qa"], "token", ["read"])


def test_a_new_token_works(api: Api) -> None:
    made = api.post("/api/tokens", {"scopes": ["read"], "days": 7, "note": "for CI"}, ADA).json()
    assert (made["scopes"], made["note"]) == (["read"], "for CI")
    key = {"Authorization": f"Bearer {made['token']}"}
    assert api.client.get("/api/me", headers=key).json()["email"] == ADA
    assert api.client.post("/api/tokens", json={"scopes": ["read"]}, headers=key).status_code == 403


def test_a_token_makes_none_that_opens_more(api: Api) -> None:
    key = api.key(ADA, "manage")
    answer = api.client.post("/api/tokens", json={"scopes": ["manage", "sign"]}, headers=key)
    assert (answer.status_code, answer.json()["type"]) == (403, "/api/problems/missing-scope")
    assert len(api.tokens()) == 1


@pytest.mark.parametrize(
    "said",
    [
        {"scopes": []},
        {"scopes": ["everything"]},
        {"scopes": ["read"], "days": 0},
        {"scopes": ["read"], "days": 367},
        {"scopes": ["read"], "days": "7"},
        {"scopes": ["read"], "person": EVE},
        {"scopes": ["read"], "note": "x" * 201},
    ],
)
def test_a_token_nobody_should_have_is_not_made(api: Api, said: dict[str, object]) -> None:
    assert api.post("/api/tokens", said, ADA).status_code == 422
    assert {one.person for one in api.tokens()} == {ADA}
    assert len(api.tokens()) == 1


def test_you_see_your_tokens_and_no_secrets(api: Api) -> None:
    api.token(EVE)
    key = api.key(ADA)
    answer = api.client.get("/api/tokens", headers=key)
    (mine,) = answer.json()["tokens"]
    assert mine["id"] == next(one.id for one in api.tokens() if one.person == ADA)
    assert SECRET not in answer.text
    assert "hash" not in answer.text


def test_you_revoke_your_own_and_nobody_elses(api: Api) -> None:
    api.token(EVE)
    (hers,) = [one.id for one in api.tokens()]
    key = api.key(ADA)
    mine = next(one.id for one in api.tokens() if one.person == ADA)
    assert [api.client.delete(f"/api/tokens/{id_}", headers=key).status_code for id_ in (hers, "x", mine)] == [
        404,
        404,
        204,
    ]
    assert api.client.get("/api/me", headers=key).status_code == 401
    assert [one.revoked_at for one in api.tokens() if one.person == EVE] == [None]

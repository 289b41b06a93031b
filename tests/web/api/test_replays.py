"""What is sent again is not done again."""

from __future__ import annotations

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from hashlib import sha256

import httpx
import pytest

from ledger.answers import KEPT
from tests.web.api.room import ADA, APPROVE, BEN, EVE, LAUNCH, QA, Api
from web.api.replays import PATIENCE

KEY = "5c8f0f38-0f7e-11ef-9d4b-6c2b59ffb2a1"


def send(
    api: Api, key: dict[str, str], path: str = f"{QA}/sign", said: object = APPROVE, again: str = KEY
) -> httpx.Response:
    return api.client.post(path, json=said, headers=key | {"Idempotency-Key": again})


def test_the_same_request_with_the_same_key_signs_once(api: Api) -> None:
    key = api.key(ADA)
    first, second = send(api, key), send(api, key)
    assert (first.status_code, first.json()) == (second.status_code, second.json())
    assert ("Idempotency-Replayed" in first.headers, second.headers["Idempotency-Replayed"]) == (False, "true")
    assert api.signed == [ADA]


def test_thirty_at_once_sign_once(api: Api) -> None:
    key = api.key(ADA)
    with ThreadPoolExecutor(15) as pool:
        answers = list(pool.map(lambda _: send(api, key), range(30)))
    told = Counter((one.status_code, one.json().get("type")) for one in answers)
    assert set(told) <= {(200, None), (409, "/api/problems/in-progress")}
    assert told[200, None] >= 1
    assert api.signed == [ADA]


def test_a_key_is_for_one_request(api: Api) -> None:
    key = api.key(ADA)
    assert send(api, key).status_code == 200
    for path, said in ((f"{QA}/sign", {"decision": "reject"}), (f"{QA}/rerun", APPROVE)):
        answer = send(api, key, path, said)
        assert (answer.status_code, answer.json()["type"]) == (422, "/api/problems/key-reused")
    assert api.signed == [ADA]


def test_a_key_is_of_one_token(api: Api) -> None:
    assert [send(api, api.key(who)).status_code for who in (ADA, BEN)] == [200, 200]
    assert api.signed == [ADA, BEN]


def test_a_refusal_is_told_again_too(api: Api) -> None:
    key = api.key(EVE)
    resume = [send(api, key, f"{LAUNCH}/resume", {}) for _ in range(2)]
    assert [one.status_code for one in resume] == [409, 409]
    assert resume[0].json() == resume[1].json()
    assert resume[1].headers["Content-Type"] == "application/problem+json"


def test_a_request_that_could_not_be_read_keeps_no_key(api: Api) -> None:
    key = api.key(ADA)
    assert send(api, key, said={"decision": "perhaps"}).status_code == 422
    assert send(api, key).status_code == 200


def test_while_the_first_is_under_way_the_second_is_told_so(api: Api) -> None:
    token = api.token(ADA)
    name = sha256(token.encode()).hexdigest()[:32]
    about = f"POST {QA}/sign?\n".encode() + b'{"decision":"approve"}'
    answers, key = api.at.ledger.answers, f"{name}:{sha256(KEY.encode()).hexdigest()}"
    assert answers.begin(key, sha256(about).hexdigest(), api.at.clock()) is None
    headers = {"Authorization": f"Bearer {token}"}
    running = send(api, headers)
    assert (running.status_code, running.json()["type"]) == (409, "/api/problems/in-progress")
    api.at.clock.wait(PATIENCE + timedelta(seconds=1))
    lost = send(api, headers)
    assert (lost.status_code, lost.json()["type"]) == (409, "/api/problems/answer-lost")
    assert api.signed == []


def test_after_a_day_a_key_is_new(api: Api) -> None:
    key = api.key(EVE)
    assert send(api, key, f"{LAUNCH}/hold", {"reason": "frozen"}).status_code == 200
    api.at.clock.wait(KEPT + timedelta(seconds=1))
    assert send(api, key, f"{LAUNCH}/hold", {"reason": "frozen"}).status_code == 409


def test_a_database_that_was_away_costs_no_key(api: Api) -> None:
    """Nothing was done, so the same request may come again and is done then."""
    key = api.key(ADA)
    file = api.at.world.settings.home / "ledger.sqlite3"
    kept = file.with_suffix(".kept")
    api.at_rest()
    api.at.ledger.dispose()
    file.rename(kept)
    away = send(api, key)
    assert (away.status_code, away.json()["type"], away.headers["Retry-After"]) == (503, "/api/problems/away", "30")
    api.at.ledger.dispose()
    kept.replace(file)
    assert send(api, key).status_code == 200
    assert api.signed == [ADA]


@pytest.mark.parametrize("key", ["", "a b", "a\tb", "ü".encode("latin-1"), "x" * 201])
def test_what_is_no_key_is_refused(api: Api, key: str) -> None:
    answer = send(api, api.key(ADA), again=key)
    assert (answer.status_code, api.signed) == (400, [])
    assert "Idempotency-Key" in answer.json()["detail"]


def test_two_keys_are_none(api: Api) -> None:
    headers = [*api.key(ADA).items(), ("Idempotency-Key", "a"), ("Idempotency-Key", "b")]
    assert api.client.post(f"{QA}/sign", json=APPROVE, headers=headers).status_code == 400


def test_a_secret_is_in_no_database(api: Api) -> None:
    key = api.key(EVE)
    first, second = (send(api, key, "/api/tokens", {"scopes": ["read"]}) for _ in range(2))
    assert (first.status_code, second.status_code, second.json()["type"]) == (201, 409, "/api/problems/shown-once")
    assert first.json()["id"] in second.json()["detail"]
    secret = first.json()["token"].rpartition("_")[2]
    assert secret.encode() not in b"".join(file.read_bytes() for file in api.at.world.settings.home.glob("ledger*"))
    assert len(api.tokens()) == 2

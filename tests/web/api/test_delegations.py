"""Who signs for whom, over the API."""

from __future__ import annotations

import pytest

from tests.web.api.room import ADA, BEN, DAN, EVE, Api

PATH = "/api/delegations"
UNTIL = "2026-12-24"
NEW = {"to": BEN, "ends": UNTIL}


def test_somebody_away_lets_another_sign_and_ends_it(api: Api) -> None:
    granted = api.client.post(PATH, json=NEW, headers=api.key(ADA, "sign")).json()
    made = {"who": ADA, "to": BEN, "starts": "2026-11-23", "ends": UNTIL, "granted_by": ADA}
    assert granted == {"delegations": [made]} == api.get(PATH, DAN).json()
    assert api.get("/api/me", BEN).json()["stands_for"] == [ADA]
    assert api.post(f"{PATH}/revoke", {"to": BEN}, ADA).json() == {"delegations": []}


def test_for_others_it_takes_the_scope_and_the_role(api: Api) -> None:
    of_ada = NEW | {"who": ADA}
    answer = api.client.post(PATH, json=of_ada, headers=api.key(EVE, "sign"))
    assert (answer.status_code, answer.json()["scope"]) == (403, "manage")
    assert api.post(PATH, of_ada, DAN).json()["type"] == "/api/problems/refused"
    assert api.get(PATH).json() == {"delegations": []}
    assert api.post(PATH, of_ada, EVE).status_code == 200
    assert api.post(f"{PATH}/revoke", {"who": ADA}, DAN).status_code == 403


@pytest.mark.parametrize(
    ("said", "status"),
    [
        (NEW | {"to": ADA}, 409),
        (NEW | {"to": "nobody@example.com"}, 409),
        (NEW | {"ends": "2026-11-22"}, 409),
        (NEW | {"ends": "2029-01-01"}, 409),
        (NEW | {"starts": "2026-12-25"}, 409),
        (NEW | {"to": "Ben"}, 422),
        ({"to": BEN}, 422),
        (NEW | {"granted_by": EVE}, 422),
    ],
)
def test_what_nobody_may_arrange_is_refused(api: Api, said: dict[str, str], status: int) -> None:
    assert api.post(PATH, said, ADA).status_code == status
    assert api.get(PATH).json() == {"delegations": []}


def test_nothing_granted_is_nothing_to_end(api: Api) -> None:
    assert api.post(f"{PATH}/revoke", {}, ADA).status_code == 409

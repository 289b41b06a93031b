"""API tokens: shown once, kept hashed, ended by time or by hand."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import event, text

from tasks.people.tokens import SCOPES, NoToken, create_token, list_tokens, read_token, revoke_token
from tests.checklists.launches import BEN
from tests.tasks.worlds import Place

LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"


def test_a_token_is_its_person_with_the_roles_of_today(at: Place) -> None:
    found = read_token(at.world, create_token(at.world, " Ben@Example.com", ["sign", "read"]))
    assert found
    who, scopes = found
    assert (who.email, who.name, who.roles, who.proof) == (BEN.email, BEN.name, BEN.roles, "token")
    assert scopes == {"read", "sign"}


def test_what_is_kept_opens_nothing(at: Place) -> None:
    token = create_token(at.world, BEN.email, SCOPES, note="the build machine")
    secret = token.rpartition("_")[2] if token.count("_") == 2 else token.split("_", 2)[2]
    with at.ledger.database.reading() as connection:
        row = connection.execute(text("SELECT * FROM tokens")).mappings().one()
    assert secret not in str(dict(row))
    assert len(row["hash"]) == 64
    assert row["hash"] not in repr(list_tokens(at.world))
    assert read_token(at.world, f"tm_{row['id']}_{row['hash']}") is None
    assert read_token(at.world, f"tm_{row['id']}_{row['hash'][:43]}") is None


def test_no_altered_or_truncated_token_is_taken(at: Place) -> None:
    token = create_token(at.world, BEN.email, SCOPES)
    wrong = {token[:i] + letter + token[i + 1 :] for i in range(len(token)) for letter in LETTERS}
    wrong |= {token[:length] for length in range(len(token))} | {token + "A", f"{token}\n", f"Bearer {token}"}
    assert [other for other in wrong - {token} if read_token(at.world, other) is not None] == []


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=200)
@given(st.one_of(st.text(max_size=70), st.from_regex(r"tm_[0-9a-f]{16}_[A-Za-z0-9_-]{43}", fullmatch=True)))
def test_nothing_that_was_not_made_here_is_taken(at: Place, bearer: str) -> None:
    assert read_token(at.world, bearer) is None


def test_it_ends_by_itself(at: Place) -> None:
    token = create_token(at.world, BEN.email, ["read"], days=2)
    at.clock.wait(timedelta(days=2) - timedelta(seconds=1))
    assert read_token(at.world, token)
    at.clock.wait(timedelta(seconds=1))
    assert read_token(at.world, token) is None


def test_a_revoked_token_opens_nothing_and_the_others_do(at: Place) -> None:
    token, other = (create_token(at.world, BEN.email, ["read"]) for _ in range(2))
    revoke_token(at.world, token.split("_")[1])
    revoke_token(at.world, token.split("_")[1])
    assert read_token(at.world, token) is None
    assert read_token(at.world, other)
    assert sorted(one.revoked_at is None for one in list_tokens(at.world)) == [False, True]


def test_a_token_that_is_not_there_cannot_be_revoked(at: Place) -> None:
    with pytest.raises(NoToken, match="`tminus token list` shows"):
        revoke_token(at.world, "0123456789abcdef")


def test_the_token_of_somebody_who_has_left_opens_nothing(at: Place) -> None:
    token = create_token(at.world, BEN.email, ["sign"])
    file = at.world.settings.home / "organisation.yaml"
    file.write_text("\n".join(line for line in file.read_text().splitlines() if "ben@" not in line))
    assert read_token(at.world, token) is None


@pytest.mark.parametrize(
    ("person", "scopes", "days", "note", "said"),
    [
        ("stranger@example.com", ["read"], 90, "", "is not a person of this organisation"),
        (BEN.email, [], 90, "", "scopes out of read, sign, manage, not none"),
        (BEN.email, ["read", "all"], 90, "", "not all, read"),
        (BEN.email, ["read"], 0, "", "1 to 366 days"),
        (BEN.email, ["read"], 367, "", "1 to 366 days"),
        (BEN.email, ["read"], 90, "n" * 201, "200 signs at most"),
    ],
)
def test_a_token_that_should_not_be_is_not_made(
    at: Place, person: str, scopes: Sequence[str], days: int, note: str, said: str
) -> None:
    with pytest.raises(NoToken, match=said):
        create_token(at.world, person, scopes, days=days, note=note)
    assert list_tokens(at.world) == ()


def test_its_use_is_noted_once_a_minute(at: Place) -> None:
    token = create_token(at.world, BEN.email, ["read"])
    written: list[str] = []
    event.listen(at.ledger.database.engine, "commit", lambda _: written.append("commit"))
    for _ in range(100):
        read_token(at.world, token)
    assert len(written) == 1
    first = at.clock()
    assert list_tokens(at.world)[0].used_at == first
    at.clock.wait(timedelta(seconds=61))
    read_token(at.world, token)
    assert list_tokens(at.world)[0].used_at == at.clock()

"""Tokens by command, and the commands that take one where people are verified."""

from __future__ import annotations

import getpass
import json
from pathlib import Path

import pytest

from checklists.entries import Denied, Refused, Waived
from tests.deployments.test_command import WAIVE, Command
from tests.tasks.newsroom import newsroom

VERIFIED = {"TMINUS_IDENTITY": "verified"}
CREATE = ["token", "create", "--as", "ada@example.com"]


def made(tminus: Command, home: Path, *words: str) -> str:
    done = tminus(home, *CREATE, *words)
    assert (done.returncode, done.stderr) == (0, "")
    return str(done.stdout.strip())


def recorded(home: Path) -> list[tuple[str, object]]:
    world = newsroom(home)
    found: list[tuple[str, object]] = [(one.actor, one.data) for one in world.ledger.read("acme-2.4.0")]
    world.ledger.dispose()
    return found


def test_a_token_is_shown_once_and_listed_without_its_secret(tminus: Command, own_home: Path) -> None:
    token = made(tminus, own_home, "--scope", "read, manage", "--days", "30", "--note", "the build machine")
    _, id_, secret = token.split("_", 2)
    for words in (["token", "list"], ["token", "list", "--json"]):
        listed = tminus(own_home, *words).stdout
        assert id_ in listed
        assert secret not in listed
    (row,) = json.loads(listed)
    assert (row["person"], row["scopes"], row["state"]) == ("ada@example.com", "manage,read", "holds")
    assert (row["note"], row["used_at"]) == ("the build machine", "")


@pytest.mark.parametrize(
    ("words", "scopes"),
    [
        ([], "read,sign"),
        (["--scope", "read,manage"], "manage,read"),
        (["--scope", "read", "--scope", "sign"], "read,sign"),
    ],
)
def test_scopes_come_one_by_one_or_together(tminus: Command, own_home: Path, words: list[str], scopes: str) -> None:
    made(tminus, own_home, *words)
    (row,) = json.loads(tminus(own_home, "token", "list", "--json").stdout)
    assert row["scopes"] == scopes


def test_a_revoked_token_is_listed_as_such(tminus: Command, own_home: Path) -> None:
    id_ = made(tminus, own_home).split("_")[1]
    assert tminus(own_home, "token", "revoke", id_).returncode == 0
    (row,) = json.loads(tminus(own_home, "token", "list", "--json").stdout)
    assert row["state"] == "revoked"


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (["token", "create", "--as", "stranger@example.com"], "is not a person of this organisation"),
        ([*CREATE, "--scope", "everything"], "a token has scopes out of read, sign, manage"),
        ([*CREATE, "--scope", ""], "not none"),
        ([*CREATE, "--days", "0"], "1 to 366 days"),
        (["token", "revoke", "0123456789abcdef"], "there is no token 0123456789abcdef"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else "",
)
def test_what_cannot_be_is_a_sentence(tminus: Command, own_home: Path, words: list[str], says: str) -> None:
    done = tminus(own_home, *words)
    assert (done.returncode, done.stdout) == (1, "")
    assert says in done.stderr


def test_where_people_are_verified_a_command_takes_a_token(tminus: Command, own_home: Path) -> None:
    token = made(tminus, own_home, "--scope", "manage")
    done = tminus(own_home, *WAIVE[:3], "--reason", "told by hand", **VERIFIED, TMINUS_TOKEN=token)
    assert done.returncode == 0, done.stderr
    ((who, data),) = [one for one in recorded(own_home) if isinstance(one[1], Waived)]
    assert isinstance(data, Waived)
    assert (who, data.via, data.proof) == ("ada@example.com", "command", "token")
    assert data.address.startswith(f"{getpass.getuser()}@")


@pytest.mark.parametrize(
    ("scope", "words", "says"),
    [
        ("", [*WAIVE, "by hand"], "set TMINUS_TOKEN"),
        ("sign", [*WAIVE, "by hand"], "`--scope manage`"),
        ("manage", ["sign", "acme-2.4.0", "tell", "--approve"], "`--scope sign`"),
        ("manage", ["waive", "acme-2.4.0", "tell", "--as", "eve@example.com", "--reason", "x"], "nobody acts as eve"),
    ],
)
def test_who_cannot_show_who_they_are_is_refused_and_recorded(
    tminus: Command, own_home: Path, scope: str, words: list[str], says: str
) -> None:
    token = made(tminus, own_home, "--scope", scope) if scope else ""
    done = tminus(own_home, *words, **VERIFIED, TMINUS_TOKEN=token)
    assert done.returncode == 1
    assert says in done.stderr
    assert not token or token.split("_", 2)[2] not in done.stderr
    (_, (who, data)) = recorded(own_home)[-2:]
    assert isinstance(data, Refused)
    assert (who, data.proof, says in data.reason) == (getpass.getuser(), "command", True)


@pytest.mark.parametrize("words", [["hold", "acme-2.4.0", "--reason", "x"], ["abandon", "acme-2.4.0", "--reason", "x"]])
def test_a_try_on_the_whole_launch_is_recorded_too(tminus: Command, own_home: Path, words: list[str]) -> None:
    done = tminus(own_home, *words, **VERIFIED)
    assert done.returncode == 1
    assert [type(data) for _, data in recorded(own_home)].count(Denied) == 1


def test_a_launch_is_started_with_a_token_only(tminus: Command, own_home: Path) -> None:
    words = ["start", "news", "--product", "acme", "--version", "3.0.0"]
    assert "set TMINUS_TOKEN" in tminus(own_home, *words, "--as", "ada@example.com", **VERIFIED).stderr
    token = made(tminus, own_home, "--scope", "manage")
    assert tminus(own_home, *words, **VERIFIED, TMINUS_TOKEN=token).returncode == 0
    world = newsroom(own_home)
    launch = world.launch("acme-3.0.0")
    assert launch
    assert launch.started_by == "ada@example.com"
    world.ledger.dispose()


def test_looking_takes_no_token_at_the_machine_itself(tminus: Command, own_home: Path) -> None:
    for words in (["list"], ["show", "acme-2.4.0"], ["log", "acme-2.4.0"], ["verify", "acme-2.4.0"]):
        assert tminus(own_home, *words, **VERIFIED).returncode == 0

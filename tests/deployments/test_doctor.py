"""`tminus doctor`: what is in order, what is not, and what to do about it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from prefect.settings import PREFECT_API_URL, temporary_settings
from pydantic import SecretStr

from checklists.request import LaunchRequest
from deployments.doctor import Look, Trouble, examine, histories, identity
from ledger.receipts import Receipt
from tasks.boards.prefect_api import forget
from tasks.boards.prefect_board import PrefectBoard
from tasks.loopback import NotHere
from tasks.world import World
from tests.peers.sendgrid import KEY, SendGridPeer
from tests.prefect_server import House
from tests.tasks.changes.repository import released
from tests.tasks.digests.test_digests import reader
from tests.tasks.newsroom import newsroom, opened
from tests.tasks.parcels import nobody


@pytest.fixture
def away() -> Iterator[None]:
    """No Prefect server answers."""
    forget()
    with nobody() as address, temporary_settings({PREFECT_API_URL: f"http://{address}/api"}):
        yield
    forget()


@pytest.fixture
def world(tmp_path: Path, away: None) -> Iterator[World]:
    made = newsroom(tmp_path / "home")
    opened(made)
    yield replace(made, board=PrefectBoard())
    made.ledger.dispose()


def looks(world: World) -> dict[str, Look]:
    return {look.what: look for look in examine(world)}


def with_settings(world: World, **changes: Any) -> World:
    return replace(world, settings=world.settings.model_copy(update=changes))


def receipt(world: World, key: str, **changes: Any) -> Receipt:
    asked = LaunchRequest(product="acme", version="9.9.9")
    given = {"source": "github", "delivery_id": key, "event": "push", "payload": asked.model_dump(mode="json")}
    return Receipt(release_key=key, received_at=world.now() - timedelta(minutes=10), **given, **changes)


def test_without_a_server_it_says_so_once_and_goes_on(world: World) -> None:
    found = looks(world)
    assert not found["prefect"].ok
    assert "run `tminus up`, or set PREFECT_API_URL" in found["prefect"].said
    assert not {"worker", "deployments"} & set(found)
    assert found["ledger"] == Look("ledger", True, "launches: 1, open: 1")


def test_a_ledger_that_was_never_prepared_says_how(tmp_path: Path, away: None) -> None:
    found = looks(newsroom(tmp_path))["ledger"]
    assert not found.ok
    assert "`tminus up`" in found.said


def test_a_broken_organisation_file_is_named_with_its_line(world: World) -> None:
    file = world.settings.organisation
    file.write_text(file.read_text() + "peple: {}\n")
    found = looks(world)["organisation"]
    assert not found.ok
    assert f"{file.name}:" in found.said
    assert "people" in found.said


def test_checklists_that_the_organisation_cannot_carry_out_are_named(world: World) -> None:
    """Those that a product starts; the rest of the library may need people this organisation never has."""
    found = looks(world)["checklists"]
    assert not found.ok
    assert "internal-tool" not in found.said
    assert 'nobody in the organisation has the role "security"' in found.said


def test_a_release_nobody_claimed_shows_with_its_reason(world: World) -> None:
    reason = "no product in the organisation file has the repository o/r; add it there"
    world.ledger.receipts.keep(receipt(world, "github:o/r:v1.0.0", state="ignored", reason=reason))
    found = looks(world)["releases"]
    assert found.ok
    assert reason in found.said


def test_a_release_that_waits_too_long_is_a_problem(world: World) -> None:
    world.ledger.receipts.keep(receipt(world, "github:o/r:v1.0.0"))
    found = looks(world)["releases"]
    assert not found.ok
    assert "github:o/r:v1.0.0" in found.said


@pytest.mark.parametrize(
    ("changes", "ok", "says"),
    [
        ({}, True, "lands in"),
        ({"identity": "verified"}, False, "with everybody's links and codes lands in"),
        ({"sendgrid_api_key": SecretStr("k"), "mail_from": "launches@example.com"}, False, "set TMINUS_MAIL_FROM"),
        (
            {"sendgrid_api_key": SecretStr("k"), "mail_from": "a@b.test", "postal_address": ""},
            False,
            "set TMINUS_POSTAL_ADDRESS",
        ),
        ({"sendgrid_api_key": SecretStr("k"), "mail_from": "a@b.test"}, True, "leaves through SendGrid as a@b.test"),
        ({"smtp_url": SecretStr("smtp://h"), "mail_from": "a@b.test"}, True, "SMTP as a@b.test; people say what may"),
    ],
)
def test_where_mail_goes(world: World, changes: dict[str, Any], ok: bool, says: str) -> None:
    found = looks(with_settings(world, **changes))["mail"]
    assert found.ok is ok
    assert says in found.said


def test_mail_to_customers_whom_a_checklist_names_needs_a_postal_address(world: World, tmp_path: Path) -> None:
    given = {"sendgrid_api_key": SecretStr("k"), "mail_from": "a@b.test", "postal_address": ""}
    sends = with_settings(world, checklists=(tmp_path,), **given)
    (tmp_path / "saas-feature.yaml").write_text(
        "checklist: saas-feature\n"
        "audiences: {partners: {rule: {attributes: {plan: partner}}, external: true}}\n"
        "items: {tell: {announce: {audience: partners, channels: [email]}}}\n"
    )
    there = world.settings.organisation
    there.write_text(there.read_text().replace(", external: true", ""))
    found = looks(sends)["mail"]
    assert not found.ok
    assert "to partners needs a postal address" in found.said


@pytest.mark.parametrize(
    ("brand", "ok"),
    [
        (
            "brand: {postal-address: 'Example, 1 Brand Street'}\nproducts: {acme: {title: Acme}, sdk: {title: SDK}}",
            True,
        ),
        ("products: {acme: {title: Acme, brand: {postal-address: '1 Acme Street'}}}", True),
        ("products: {acme: {title: Acme, brand: {postal-address: '1 Acme Street'}}, sdk: {title: SDK}}", False),
    ],
)
def test_a_brand_may_say_the_postal_address(world: World, brand: str, ok: bool) -> None:
    there = world.settings.organisation
    there.write_text(there.read_text().replace("products: {acme: {title: Acme, pre-releases: rehearse}}", brand))
    found = looks(with_settings(world, smtp_url=SecretStr("smtp://h"), mail_from="a@b.test", postal_address=""))["mail"]
    assert (found.ok, "to customers needs a postal address" in found.said) == (ok, not ok), found.said


def test_digests_need_the_postal_address_of_the_house(world: World) -> None:
    there = world.settings.organisation
    there.write_text(
        there.read_text().replace("{title: Acme,", "{title: Acme, brand: {postal-address: '1 Acme Street'},")
    )
    sends = with_settings(world, smtp_url=SecretStr("smtp://h"), mail_from="a@b.test", postal_address="")
    assert looks(sends)["mail"].ok
    reader(world)
    found = looks(sends)["mail"]
    assert (found.ok, found.said) == (
        False,
        "digests need a postal address; give the organisation's brand one, or set TMINUS_POSTAL_ADDRESS",
    )


@pytest.mark.parametrize(
    ("mode", "says"),
    [
        ("answer", "its log says what may have arrived"),
        ("forbidden", "its log cannot be read: SendGrid answered 403"),
        ("missing", "its log cannot be read: SendGrid answered 404"),
    ],
)
def test_a_log_that_may_not_be_read_is_named_and_no_trouble(world: World, mode: str, says: str) -> None:
    with SendGridPeer() as peer:
        peer.log.answer(mode)
        changes = {"sendgrid_api_key": SecretStr(KEY), "sendgrid_host": peer.host, "mail_from": "a@b.test"}
        found = looks(with_settings(world, **changes))["mail"]
    assert found.ok
    assert says in found.said


def test_a_history_git_can_read_is_in_order_and_another_is_named(world: World, tmp_path: Path) -> None:
    assert "nobody knows who wrote a release" in histories(world)
    file = world.settings.organisation
    file.write_text(file.read_text().replace("title: Acme", "title: Acme, git: ../source"))
    with pytest.raises(Trouble, match=r"acme: .*/source cannot be read: fatal:"):
        histories(world)
    released(tmp_path / "source")
    assert histories(world) == f"acme: 2 tags at {tmp_path}/source"


@pytest.mark.parametrize("server", ["http://127.0.0.1:1/api", "http://localhost:1/api"])
def test_trusted_names_are_for_ones_own_machine(world: World, server: str) -> None:
    with temporary_settings({PREFECT_API_URL: server}):
        assert identity(world).startswith("asserted: ")


def test_trusted_names_beside_a_server_others_reach_are_trouble(world: World) -> None:
    with (
        temporary_settings({PREFECT_API_URL: "http://192.0.2.1:1/api"}),
        pytest.raises(NotHere, match="set TMINUS_IDENTITY=verified"),
    ):
        identity(world)


@pytest.mark.parametrize(
    ("key", "says"), [(None, "secret-key, on this machine only"), (SecretStr("k" * 32), "made with TMINUS_SECRET_KEY")]
)
def test_verified_people_say_where_their_links_lead(world: World, key: SecretStr | None, says: str) -> None:
    changed = with_settings(world, identity="verified", secret_key=key, public_url="https://launches.example.com")
    with temporary_settings({PREFECT_API_URL: "http://192.0.2.1:1/api"}):
        said = identity(changed)
    assert said.startswith("verified: links lead to https://launches.example.com")
    assert says in said


@pytest.mark.slow
def test_a_house_in_order_is_status_0_and_one_json_value(house: House) -> None:
    said = house.tminus("doctor", "--json", TMINUS_MAIL_FROM="launches@acme.test")
    assert said.returncode == 0, said.stdout + said.stderr
    found = {look["what"]: look for look in json.loads(said.stdout)}
    assert {look["ok"] for look in found.values()} == {True}
    assert "inline-" in found["worker"]["said"]
    assert found["checklists"]["said"] == "two-gates"
    assert found["deployments"]["said"] == "launch, release, gate, check, announce, notes, watch, digest, patrol"


@pytest.mark.slow
def test_what_is_wrong_is_status_1_with_its_remedy(house: House) -> None:
    said = house.tminus("doctor", TMINUS_MAIL_FROM="launches@example.com")
    assert said.returncode == 1
    assert "problem  mail" in said.stdout
    assert "set TMINUS_MAIL_FROM" in said.stdout
    assert said.stderr.strip() == "not in order: mail"

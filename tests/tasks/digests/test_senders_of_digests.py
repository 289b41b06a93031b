"""Who a digest comes from, and that none leaves the house without a postal address."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from email.utils import parseaddr
from pathlib import Path

import pytest
from pydantic import SecretStr

from ledger.newcomers import Newcomer
from tasks.audiences.signing_up import sign_up
from tasks.notices.delivering import deliver_notices
from tasks.world import World
from tests.peers.sendgrid import KEY, SendGridPeer
from tests.peers.smtp import smtp_peer
from tests.tasks.channel import ORGANISATION, Draft, channel_world, put
from tests.tasks.digests.test_digests import NEXT_MORNING, go, mails, reader, text, wait

BRAND = "brand: {postal-address: 1 Brand Street, sender: news@brand.example, sender-name: Brand news, "
BRAND += "reply-to: hello@brand.example}\n"
SETTING = "1 Setting Street"


@dataclass(frozen=True)
class House:
    world: World
    left: Callable[[], list[tuple[str, str, str]]]
    """Of each mail that left: the address and the name of its sender, and its text."""


@contextmanager
def house(way: str, home: Path, brand: str, setting: str) -> Iterator[House]:
    """With a real peer for each way out, and something new for tomorrow's digest."""
    with SendGridPeer() as peer, smtp_peer() as server:
        given: dict[str, object] = {"postal_address": setting}
        if way == "sendgrid":
            given |= {"sendgrid_api_key": SecretStr(KEY), "sendgrid_host": peer.host}
        if way == "smtp":
            given["smtp_url"] = SecretStr(f"smtp://127.0.0.1:{server.port}")
        world = channel_world(home, None, **given)
        world.settings.organisation.write_text(brand + ORGANISATION)

        def left() -> list[tuple[str, str, str]]:
            if way == "sendgrid":
                senders = [body["from"] for body in peer.payloads]
                texts = [mail["text/plain"] for mail in peer.mails]
                return [(one["email"], one["name"], said) for one, said in zip(senders, texts, strict=True)]
            found = server.mails if way == "smtp" else mails(world)
            return [(*reversed(parseaddr(str(one["From"]))), text(one)) for one in found]  # type: ignore[misc]

        wait(world, timedelta(hours=1))
        put(world, Draft("2.4.0"))
        yield House(world, left)
        world.ledger.dispose()


@pytest.mark.parametrize("way", ["sendgrid", "smtp", "outbox"])
@pytest.mark.parametrize(("brand", "setting"), [(BRAND, ""), (BRAND, SETTING), ("", SETTING), ("", "")])
def test_a_digest_has_the_sender_and_postal_address_of_the_brand_else_of_the_settings(
    tmp_path: Path, way: str, brand: str, setting: str
) -> None:
    with house(way, tmp_path / "home", brand, setting) as here:
        reader(here.world)
        here.world.now.at = NEXT_MORNING  # type: ignore[attr-defined]
        has_address = bool(brand or setting)
        assert go(here.world) == int(has_address or way == "outbox"), "none leaves the house without an address"
        if not has_address:
            return
        ((address, name, said),) = here.left()
        expected = ("news@brand.example", "Brand news") if brand else ("launches@example.com", "Example Org")
        assert (address, name) == expected
        assert ("1 Brand Street" in said, SETTING in said) == (bool(brand), not brand)


@pytest.mark.parametrize(("brand", "says"), [(BRAND, "1 Brand Street"), ("", SETTING)])
def test_the_mail_after_a_sign_up_has_them_too(tmp_path: Path, brand: str, says: str) -> None:
    with house("smtp", tmp_path / "home", brand, SETTING) as here:
        assert sign_up(here.world, Newcomer("new@example.net", topics=frozenset({"acme"})), "page")
        deliver_notices(here.world)
        ((address, _, said),) = here.left()
        assert address == ("news@brand.example" if brand else "launches@example.com")
        assert says in said


def test_digests_and_the_mail_after_a_sign_up_have_the_brands_colour(tmp_path: Path) -> None:
    with house("outbox", tmp_path / "home", BRAND.replace("{", "{colour: '#b3005e', ", 1), SETTING) as here:
        reader(here.world)
        assert sign_up(here.world, Newcomer("new@example.org"), "203.0.113.1")
        put(here.world, Draft("2.5.0"))
        here.world.now.at = NEXT_MORNING  # type: ignore[attr-defined]
        assert go(here.world) == 1
        confirm, digest = (str(part.get_content()) for one in mails(here.world) if (part := one.get_body(("html",))))
    assert ("#b3005e" in confirm, "#b3005e" in digest, "#1f5fd6" in confirm + digest) == (True, True, False)
    assert "2 changes at Example Org" in digest


def test_answers_to_a_digest_go_where_the_brand_says(tmp_path: Path) -> None:
    with house("outbox", tmp_path / "home", BRAND, "") as here:
        reader(here.world)
        here.world.now.at = NEXT_MORNING  # type: ignore[attr-defined]
        assert go(here.world) == 1
        (mail,) = mails(here.world)
        assert mail["Reply-To"] == "hello@brand.example"

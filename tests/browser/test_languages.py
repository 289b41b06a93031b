"""Pages and mails for subscribers in German, whose words are long: they fit, can be read, and keep nobody out."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from selenium.webdriver import Chrome

from deployments.environment import free_port
from ledger.newcomers import Newcomer
from ledger.publication import Words
from tasks.audiences.addresses import confirm_address, hour_of, preferences_address, unsubscribe_address
from tasks.people.readers import reader_token
from tasks.speaking import frame_for
from tasks.world import World
from templates.bodies import render_body
from tests.browser.looking import barriers, unfit
from tests.tasks.channel import Draft, channel_world, put
from tests.web.people.crowd import ORGANISATION, person, sent
from tests.web.room import serving

pytestmark = pytest.mark.slow
ANNA = "anna@example.com"
LONG = "Donaudampfschifffahrtsgesellschaftskapitänsmützenverordnung"
SPOKEN = (
    ORGANISATION.replace("external: true", "external: true, public: true")
    + "languages: [en, de, fr]\nbrand: {colour: '#ffd400'}\n"
)
DIGEST = {
    "organisation": "Beispiel & Söhne",
    "postal_address": "Lindenstraße 12, 10969 Berlin",
    "pace": "weekly",
    "count": 1_200,
    "things": [
        {
            "product": "Acme",
            "topic": "exports",
            "changes": [{"title": LONG, "excerpt": LONG, "url": "https://example.com/1", "locale": "en"}],
        }
    ],
    "more": 2,
    "all": "https://example.com/changes",
    "preferences": "https://example.com/subscriptions/you",
}
CONFIRM = {
    "organisation": "Beispiel & Söhne",
    "is_known": False,
    "link": "https://example.com/subscribe/1",
    "topics": [LONG, "Anmeldung"],
    "postal_address": "Lindenstraße 12, 10969 Berlin",
}


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[World, str]]:
    port, folder = free_port("127.0.0.1", 0), tmp_path_factory.mktemp("spoken")
    (folder / "organisation.yaml").write_text(SPOKEN)
    world = channel_world(folder, public_url=f"http://127.0.0.1:{port}")
    german = Words(f"{LONG} und mehr", f"## Neu\n\n- {LONG}")
    for number in range(21):
        put(world, Draft(f"2.{number}", topics=("roadmap-sso",), types=("action", "new"), variants=(("de", german),)))
    anna = Newcomer(ANNA, "confirmed", "Anna", "de", topics=frozenset({"acme"}))
    world.ledger.newcomers.add([anna], "import", "", world.now())
    with serving(world, port):
        yield world, f"http://127.0.0.1:{port}"


def _pages(home: tuple[World, str]) -> dict[str, str]:
    world, address = home
    anna = person(world, ANNA)
    return {
        "list": f"{address}/changes/of/{reader_token(world, ANNA)}",
        "nothing found": f"{address}/changes?lang=de&q=zzz",
        "change": f"{address}/changes/acme-2.4?lang=de",
        "missing": f"{address}/changes/nothing?lang=de",
        "sign-up": f"{address}/subscribe?lang=de",
        "confirm": confirm_address(world, anna.id, hour_of(world.now())),
        "preferences": preferences_address(world, anna.id),
        "leaving": unsubscribe_address(world, sent(world, address=ANNA)),
        "unknown": f"{address}/unsubscribe/nobody?lang=de",
    }


def test_german_pages_keep_nobody_out(home: tuple[World, str], browser: Chrome) -> None:
    for name, address in _pages(home).items():
        assert barriers(browser, name, address) == []
        assert browser.execute_script("return document.documentElement.lang") == "de", name


@pytest.mark.parametrize("locale", ["de", "fr"])
def test_mails_in_other_languages_fit(home: tuple[World, str], browser: Chrome, tmp_path: Path, locale: str) -> None:
    for message, values in (("digest", DIGEST), ("confirm", CONFIRM)):
        made = render_body(message, "email", values, frame_for(home[0], message, locale))
        assert unfit(browser, tmp_path / "mail.html", made.html, f"{message} {locale}") == []

"""Whatever people write is shown as text: no tag, no link, no sign that turns the page or a terminal around."""

from __future__ import annotations

from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path

import httpx
import pytest

from checklists import entries as e
from checklists.commands import AddEvidence, Sign
from checklists.entries import Content, Difference, Piece
from tests.web.signing.scene import ORGANISATION, Scene, report, scene, text

EVIL = (
    '<script>alert(1)</script>"><img src=x onerror=alert(2)> {{ 7 * 7 }} '
    "[x](javascript:alert(3)) \x1b[31mred\x07 \u202eevil"
)
NAME = "Ben <b onclick=alert(1)>Brandt</b> {{ 7 * 7 }}"


@pytest.fixture
def evil(tmp_path: Path) -> Iterator[Scene]:
    """Everything on the page that anybody can write is written by somebody who means no good."""
    with scene(tmp_path) as here:
        here.organise(ORGANISATION.replace("Ben Brandt", f'"{NAME}"'))
        bad = {"test-report": Piece(url="javascript:alert(1)", problem=EVIL), "more": Piece(url=EVIL, sha256="a" * 64)}
        here.did(Sign(by=here.who("cleo"), item="qa", decision="request-changes", comment=EVIL))
        here.did(AddEvidence(by=here.who("kim"), item="qa", evidence=bad))
        here.did(Sign(by=here.who("kim"), item="qa", decision="approve", comment=EVIL))
        difference = Difference(head=EVIL, count=1, commits=(EVIL,), files=(EVIL,), text=f"+{EVIL}\n-{EVIL}")
        here.known(e.Compared(difference=difference), Content(item="tell", round=1, sha256="b" * 64, text=EVIL))
        yield here


class Markup(HTMLParser):
    """The tags and attributes a browser would see."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.attributes: set[str] = set()
        self.places: set[str] = set()
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.attributes |= {name for name, _ in attrs}
        self.places |= {str(value) for name, value in attrs if name in ("href", "src", "action")}


def assert_harmless(page: httpx.Response) -> None:
    seen = Markup(page.text)
    assert seen.tags.isdisjoint({"script", "img", "b", "object", "link", "base", "svg"})
    assert not [name for name in seen.attributes if name.startswith("on") or name in ("style", "formaction", "srcdoc")]
    assert all(place.startswith(("#", "https://", "/preview/")) for place in seen.places), seen.places
    assert not [sign for sign in ("\x1b", "\x07", "\u202e") if sign in page.text]


def test_nothing_anybody_wrote_is_markup_on_the_page(evil: Scene) -> None:
    page = evil.client.get(evil.path("ben"))
    assert_harmless(page)
    assert "{{ 7 * 7 }}" in text(page)
    assert NAME in text(page)
    assert "[31mred" in text(page)


def test_nothing_anybody_wrote_is_markup_in_an_answer(evil: Scene) -> None:
    path, old = evil.path("ben"), evil.path("eva", "words")
    assert_harmless(evil.send(path, decision="reject", comment="", more_name=EVIL, more_url=EVIL))
    assert_harmless(evil.send("/launches/acme-2.4.0/qa", email=EVIL, decision="approve"))
    assert_harmless(evil.client.get(old))
    assert_harmless(evil.send(path, decision="request-changes", comment=EVIL))
    assert_harmless(evil.client.get(path))
    evil.did(Sign(by=evil.who("kim"), item="qa", decision="reject", comment=EVIL))
    assert_harmless(evil.client.get("/launches/acme-2.4.0/qa"))


def test_what_to_look_at_is_markdown_and_nothing_more(tmp_path: Path) -> None:
    about = "**bold** <i>no</i> [good](https://a.example) [bad](javascript:alert(1)) ![far](https://b.example/x.png)"
    with scene(tmp_path, about=about) as here:
        page = here.client.get(here.path("ben"))
    assert "<strong>bold</strong> &lt;i&gt;no&lt;/i&gt;" in page.text
    assert '<a href="https://a.example">good</a>' in page.text
    assert 'href="javascript' not in page.text
    assert page.headers["Content-Security-Policy"].endswith("img-src data:")


def test_a_digest_and_who_attached_it_stand_beside_evidence(tmp_path: Path) -> None:
    with scene(tmp_path) as here:
        here.did(AddEvidence(by=here.who("kim"), item="qa", evidence=report()))
        said = text(here.client.get(here.path("ben")))
    assert "attached by Kim Kaya, Mon 23 Nov 2026, 11:00 CET" in said
    assert f"48.2 kB · sha256 {report()['test-report'].sha256}" in said

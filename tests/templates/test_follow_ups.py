"""A correction and a recall say what they are, on every kind of channel, in each language of the library."""

from __future__ import annotations

import json

import pytest

from templates.bodies import Frame, render_body
from templates.render import Channel
from tests.templates.test_bodies import LOOK
from tests.templates.values import ANNOUNCEMENT

OUT = {
    ("correction", "en"): "Correction: Acme",
    ("correction", "de"): "Korrektur: Acme",
    ("correction", "fr"): "Rectification\u00a0: Acme",
    ("recall", "en"): "Withdrawn: Acme",
    ("recall", "de"): "Zurückgezogen: Acme",
    ("recall", "fr"): "Annonce retirée\u00a0: Acme",
}
CHANNELS: tuple[Channel, ...] = ("email", "slack", "teams", "feed")


@pytest.mark.parametrize("channel", CHANNELS)
@pytest.mark.parametrize(("message", "locale"), OUT)
def test_it_says_what_it_is_and_why(message: str, locale: str, channel: Channel) -> None:
    values = {**ANNOUNCEMENT, "product": "Acme", "note": "The price was wrong.", "notes": ""}
    made = render_body(message, channel, values, Frame(look=LOOK, locale=locale))
    assert made.subject.startswith(OUT[message, locale])
    said = made.text or json.dumps(made.slack or made.teams)
    assert "The price was wrong." in said
    assert "The price was wrong." in made.html or channel != "email"
    assert ANNOUNCEMENT["notes"] not in said

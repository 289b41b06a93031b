"""In which language a page speaks."""

from __future__ import annotations

import pytest

from web.speech import accepted, among


@pytest.mark.parametrize(
    ("header", "wanted"),
    [
        ("", ()),
        ("*", ()),
        ("de", ("de",)),
        ("de-AT,de;q=0.9,en;q=0.8", ("de-AT", "de", "en")),
        ("en;q=0.5, fr ;q=0.9,de_ch", ("de-CH", "fr", "en")),
        ("fr;q=0, en;q=x, de;q=0.1", ("de",)),
        ("<script>,de;q=nan,;;;", ()),
        ("aa," * 50 + "de", ("aa",) * 20),
    ],
)
def test_a_browser_says_what_it_would_rather_read(header: str, wanted: tuple[str, ...]) -> None:
    assert accepted(header) == wanted


def test_the_first_wish_that_is_offered_counts() -> None:
    assert among(("ja", "fr-CA", "de"), ("en", "de", "fr")) == "fr"
    assert among(("ja",), ("en", "de")) == "en"
    assert among((), ("de", "en")) == "de"

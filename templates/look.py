"""How a brand looks in a message and on a page: its colours, each in a shade that can be read where it stands."""

from __future__ import annotations

from checklists.brand import ACCENT, Brand
from templates.colours import DARK, LIGHT, PAGE, ink_on, mixed, readable
from templates.filling import TEXTS

TINT = 0.12
"""Of a brand's colour in what lies behind a word that is marked with it."""


def look(brand: Brand) -> dict[str, str]:
    """What templates see as `brand`."""
    colour = brand.colour or ACCENT
    on_light, on_dark = readable(colour, LIGHT), readable(colour, DARK)
    return {
        "name": brand.name or "",
        "logo": brand.logo or "",
        "colour": colour,
        "ink": ink_on(colour),
        "link": on_light,
        "link_dark": on_dark,
        "button_dark": on_dark,
        "ink_dark": ink_on(on_dark),
    }


def sheet(brand: Brand) -> str:
    """The brand's colours as a style sheet for pages, to stand after their own; empty where a brand has no colour."""
    if brand.colour is None:
        return ""
    day, night = _page(brand.colour, PAGE, LIGHT), _page(readable(brand.colour, DARK), DARK, DARK)
    return TEXTS.get_template("page/brand.css").render(day=day, night=night)


def _page(colour: str, page: str, card: str) -> dict[str, str]:
    tint = mixed(colour, card, TINT)
    return {
        "accent": readable(colour, page),
        "button": colour,
        "ink": ink_on(colour),
        "tint": tint,
        "on_tint": readable(colour, tint),
    }

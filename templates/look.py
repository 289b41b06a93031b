"""How a brand looks in a message: its colours, each in a shade that can be read where it stands."""

from __future__ import annotations

from checklists.brand import ACCENT, Brand
from templates.colours import DARK, LIGHT, ink_on, readable


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

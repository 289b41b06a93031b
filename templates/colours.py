"""Colours that can be read: whatever a brand's colour is, text in it or on it keeps WCAG's contrast."""

from __future__ import annotations

from colorsys import hls_to_rgb, rgb_to_hls

ENOUGH = 4.5
"""WCAG 2.2, 1.4.3 at level AA, for text of any size."""
LIGHT, DARK = "#ffffff", "#1b1e26"
"""The cards mails and pages are written on, by day and by night."""
PAGE = "#f3f4f7"
"""What lies around the cards of a page by day. By night it is darker than they are, and nothing is read less there."""
INK, PAPER = "#000000", "#ffffff"


def contrast(one: str, other: str) -> float:
    """From 1 to 21."""
    dark, light = sorted((_luminance(one), _luminance(other)))
    return (light + 0.05) / (dark + 0.05)


def ink_on(colour: str) -> str:
    """Dark or white, whichever is read more easily on this colour. One of them always has enough contrast."""
    return max((PAPER, INK), key=lambda ink: contrast(ink, colour))


def readable(colour: str, on: str) -> str:
    """The colour itself where it can be read on that card, else the nearest shade of it that can."""
    if contrast(colour, on) >= ENOUGH:
        return colour
    hue, lightness, saturation = rgb_to_hls(*(part / 255 for part in _parts(colour)))
    darker = _luminance(on) > 0.18
    for step in range(1, 101):
        moved = lightness * (1 - step / 100) if darker else lightness + (1 - lightness) * step / 100
        shade = _written(hls_to_rgb(hue, moved, saturation))
        if contrast(shade, on) >= ENOUGH:
            return shade
    return "#000000" if darker else "#ffffff"


def mixed(colour: str, other: str, share: float) -> str:
    """So much of the one in the other."""
    parts = zip(_parts(colour), _parts(other), strict=True)
    red, green, blue = ((one * share + two * (1 - share)) / 255 for one, two in parts)
    return _written((red, green, blue))


def _luminance(colour: str) -> float:
    """WCAG's relative luminance of `#rrggbb`."""
    red, green, blue = (_linear(part / 255) for part in _parts(colour))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _linear(part: float) -> float:
    return part / 12.92 if part <= 0.04045 else float(((part + 0.055) / 1.055) ** 2.4)


def _parts(colour: str) -> tuple[int, int, int]:
    return int(colour[1:3], 16), int(colour[3:5], 16), int(colour[5:7], 16)


def _written(parts: tuple[float, float, float]) -> str:
    return "#" + "".join(f"{round(part * 255):02x}" for part in parts)

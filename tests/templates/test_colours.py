from __future__ import annotations

import re

from hypothesis import given
from hypothesis import strategies as st

from checklists.brand import Brand
from templates.colours import DARK, ENOUGH, LIGHT, PAGE, contrast, ink_on, readable
from templates.look import look, sheet

COLOURS = st.integers(0, 0xFFFFFF).map(lambda number: f"#{number:06x}")


def test_contrast_is_what_wcag_says() -> None:
    assert round(contrast("#000000", "#ffffff"), 2) == 21
    assert round(contrast("#767676", "#ffffff"), 2) == 4.54
    assert contrast("#1f5fd6", "#1f5fd6") == 1


@given(COLOURS)
def test_every_brand_can_be_read_by_day_and_by_night(colour: str) -> None:
    found = look(Brand(colour=colour))
    assert contrast(found["link"], LIGHT) >= ENOUGH
    assert contrast(found["link_dark"], DARK) >= ENOUGH
    assert contrast(found["ink"], found["colour"]) >= ENOUGH
    assert contrast(found["ink_dark"], found["button_dark"]) >= ENOUGH


@given(COLOURS)
def test_every_brand_can_be_read_on_pages(colour: str) -> None:
    night, day = re.findall(r":root \{(.*?)\}", sheet(Brand(colour=colour)))[::-1]
    for said, grounds in ((day, (LIGHT, PAGE)), (night, (DARK, "#12141a"))):
        one = dict(re.findall(r"--([a-z-]+): (#[0-9a-f]{6});", said))
        assert min(contrast(one["accent"], ground) for ground in grounds) >= ENOUGH
        assert contrast(one["on-button"], one["button"]) >= ENOUGH
        assert contrast(one["calm"], one["calm-on"]) >= ENOUGH


def test_a_brand_without_a_colour_leaves_pages_as_they_are() -> None:
    assert sheet(Brand(name="Acme")) == ""


def test_a_colour_that_can_be_read_is_left_as_it_is() -> None:
    assert readable("#1f5fd6", LIGHT) == "#1f5fd6"
    assert readable("#ffdd00", LIGHT) != "#ffdd00"
    assert (ink_on("#ffdd00"), ink_on("#102040")) == ("#000000", "#ffffff")

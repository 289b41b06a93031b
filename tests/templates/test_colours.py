from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from checklists.brand import Brand
from templates.colours import DARK, ENOUGH, LIGHT, contrast, ink_on, readable
from templates.look import look

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


def test_a_colour_that_can_be_read_is_left_as_it_is() -> None:
    assert readable("#1f5fd6", LIGHT) == "#1f5fd6"
    assert readable("#ffdd00", LIGHT) != "#ffdd00"
    assert (ink_on("#ffdd00"), ink_on("#102040")) == ("#000000", "#ffffff")

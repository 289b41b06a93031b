"""A batch is a thousand receivers, and Python looks for cycles among all it has, unless it is told not to."""

from __future__ import annotations

import gc

import pytest

from tasks.sending.seldom import MANY, seldom_collected


def test_python_collects_seldom_and_afterwards_as_before() -> None:
    before = gc.get_threshold()
    with seldom_collected():
        assert gc.isenabled()
        assert gc.get_threshold()[0] == MANY
    assert gc.get_threshold() == before


def test_also_after_an_accident() -> None:
    before = gc.get_threshold()
    with pytest.raises(ValueError, match="accident"), seldom_collected():
        raise ValueError("accident")
    assert gc.get_threshold() == before

"""A batch is a thousand receivers, and Python looks for cycles among all it has, unless it is told not to."""

from __future__ import annotations

import gc

import pytest

from tasks.seldom import MANY, seldom_collected


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


def test_of_several_at_once_the_last_one_ends_it() -> None:
    """Flow runs are threads of one worker: none of them may keep what another had set."""
    before = gc.get_threshold()
    one, other = seldom_collected(), seldom_collected()
    one.__enter__()
    other.__enter__()
    one.__exit__(None, None, None)
    assert gc.get_threshold()[0] == MANY
    other.__exit__(None, None, None)
    assert gc.get_threshold() == before

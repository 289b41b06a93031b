"""One door for every kind of check."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from checklists.checks import Automated
from tasks.checks.run import Subject, run_check


def test_a_check_of_an_unknown_kind_is_a_mistake_of_ours(subject: Callable[..., Subject]) -> None:
    with pytest.raises(TypeError, match="no check is made of a Automated"):
        run_check(Automated(), subject())

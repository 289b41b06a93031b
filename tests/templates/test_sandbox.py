"""A template reaches nothing of ours, and ends."""

from __future__ import annotations

from pathlib import Path

import pytest

from templates.filling import Unrenderable, environment, filled
from templates.sandbox import Sandbox


def drawn(made: Sandbox, folder: Path, text: str) -> str:
    (folder / "a.txt").write_text(text)
    return filled(made, "a.txt", {"word": "xyz"})


@pytest.fixture
def made(tmp_path: Path) -> Sandbox:
    return environment((tmp_path,))


@pytest.mark.parametrize(
    "text",
    [
        "{% for a in range(99999) %}{% for b in range(99999) %}{% endfor %}{% endfor %}",
        "{% macro twice(n) %}{% if n %}{{ twice(n - 1) }}{{ twice(n - 1) }}{% endif %}{% endmacro %}{{ twice(99) }}",
        "{% for a in range(99999) recursive %}{{ loop(range(99999)) if loop.depth0 < 3 }}{% endfor %}",
    ],
)
def test_what_never_ends_is_given_up(made: Sandbox, tmp_path: Path, text: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("templates.sandbox.MOST_WORK", 0.2)
    with pytest.raises(Unrenderable, match=r"a\.txt: it works for more than 0\.2 seconds"):
        drawn(made, tmp_path, text)


@pytest.mark.parametrize(
    "text",
    [
        "{{ 'a' * 10 ** 9 }}",
        "{{ 10 ** 9 * 'a' }}",
        "{{ [1] * 10 ** 9 }}",
        "{{ 10 ** (10 ** 9) }}",
        "{{ word * 10 ** 6 }}",
    ],
)
def test_a_product_that_is_too_large_is_not_made(made: Sandbox, tmp_path: Path, text: str) -> None:
    with pytest.raises(Unrenderable, match=r"a\.txt: a product with \*\*? is larger than 1,000,000"):
        drawn(made, tmp_path, text)


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("{% for a in word if a != 'y' %}{{ loop.index }}/{{ loop.length }}{{ a * 2 }}{% endfor %}", "1/2xx2/2zz"),
        ("{% for a in word %}{{ a }}{{ ',' if not loop.last }}{% else %}none{% endfor %}", "x,y,z"),
        ("{% for a in [] %}{% else %}none{% endfor %}", "none"),
        ("{% for a in [[1], [2]] recursive %}{{ loop(a) if a is iterable else a }}{% endfor %}", "12"),
        ("{% for a, b in {'a': 1}.items() %}{{ a }}{{ b }}{% endfor %}", "a1"),
        ("{{ 2 ** 10 }} {{ 1.5 * 2 }} {{ 2 ** -1 }} {{ 2 * 3 }} {{ [1] * 2 }}", "1024 3.0 0.5 6 [1, 1]"),
    ],
)
def test_loops_and_products_are_as_ever(made: Sandbox, tmp_path: Path, text: str, says: str) -> None:
    assert drawn(made, tmp_path, text) == says


@pytest.mark.parametrize("error", [KeyboardInterrupt, MemoryError])
def test_what_is_no_mistake_of_a_template_passes(made: Sandbox, tmp_path: Path, error: type[BaseException]) -> None:
    def stopped(_: str) -> str:
        raise error

    made.filters["stopped"] = stopped
    with pytest.raises(error):
        drawn(made, tmp_path, "{{ word | stopped }}")

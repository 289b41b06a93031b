"""The title that notes begin with."""

from __future__ import annotations

from time import process_time

import pytest

from templates.entry import titled


@pytest.mark.parametrize(
    ("notes", "title", "rest"),
    [
        ("# Exports in **seconds**\n\n## New\n\n- x", "Exports in seconds", "## New\n\n- x"),
        ("\n\n#   Exports ##\nText", "Exports", "Text"),
        ("# Exports", "Exports", ""),
        ("## New\n\n- x", "", "## New\n\n- x"),
        ("Text\n\n# Exports", "", "Text\n\n# Exports"),
        ("#1234 is fixed", "", "#1234 is fixed"),
        ("# \n\nText", "", "# \n\nText"),
        ("# v2.4.0\n\nText", "", "Text"),
        ("# Acme Reports 2.4.0 release notes\n\nText", "", "Text"),
        ("# Acme Reports 2.4.0: faster\n\nText", "Acme Reports 2.4.0: faster", "Text"),
        ("# {{ person.name }}\n\nText", "{{ person.name }}", "Text"),
        ("# Now for C#\n\nText", "Now for C#", "Text"),
        ("# Exports for C# ##  \n\nText", "Exports for C#", "Text"),
        ("", "", ""),
    ],
)
def test_a_title_is_the_first_line_and_no_other(notes: str, title: str, rest: str) -> None:
    assert titled(notes, "Acme Reports", "2.4.0") == (title, rest)


def test_a_long_title_is_cut_like_a_subject() -> None:
    title, rest = titled(f"# {'word ' * 5_000}\nText")
    assert (len(title) <= 150, rest) == (True, "Text")


def test_a_title_of_a_stranger_takes_no_time() -> None:
    began = process_time()
    for hostile in (f"# a{' ' * 100_000}x", f"# a{'#' * 100_000}x", f"# {'a #' * 50_000}", f"{' ' * 100_000}x"):
        titled(hostile)
    assert process_time() - began < 2

"""How a folder may be written, and that git takes it for nothing else."""

from __future__ import annotations

import pytest

from checklists.notes.folder import folder_of, pathspec


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        ("packages/api", "packages/api"),
        ("./packages//api/", "packages/api"),
        (".", ""),
        ("", ""),
        ("größe/a b", "größe/a b"),
        ("--all", "--all"),
        (":(exclude)x*", ":(exclude)x*"),
    ],
)
def test_a_folder_is_written_in_one_way(said: str, meant: str) -> None:
    assert folder_of(said) == meant


@pytest.mark.parametrize("said", ["..", "a/../b", "../a", "/etc", "a\\b", "a\nb", "a\0b", "x" * 201])
def test_what_leads_out_or_is_no_path_is_refused(said: str) -> None:
    with pytest.raises(ValueError, match="such as packages/api"):
        folder_of(said)


@pytest.mark.parametrize("folder", ["--all", ":(exclude)x*", "-p"])
def test_git_gets_it_as_a_literal_path(folder: str) -> None:
    assert pathspec(folder) == f":(top,literal){folder}"

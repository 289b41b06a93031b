"""What a signature is bound to, and which changes touch it."""

from __future__ import annotations

import re

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from pydantic import TypeAdapter, ValidationError

from checklists.binding import Binding

WRITTEN = TypeAdapter(Binding)


@pytest.mark.parametrize(
    ("given", "thing", "item"),
    [
        ("code", "code", None),
        ("evidence", "evidence", None),
        ("nothing", "nothing", None),
        ("release-notes", "item", "release-notes"),
        ({"code": ["src/**", "!docs/**"]}, "code", None),
    ],
)
def test_it_is_read_as_it_is_written(given: object, thing: str, item: str | None) -> None:
    found = Binding.model_validate(given)
    assert (found.thing, found.item) == (thing, item)
    assert found.model_dump() == given
    assert WRITTEN.validate_json(found.model_dump_json()) == found


def test_one_path_needs_no_list() -> None:
    assert Binding.model_validate({"code": "src"}) == Binding(to="code", paths=("src",))


@pytest.mark.parametrize(
    "given",
    [
        "",
        "Code",
        "a b",
        5,
        None,
        [],
        ["code"],
        {},
        {"code": []},
        {"code": [""]},
        {"code": [5]},
        {"code": None},
        {"item": "a"},
    ],
)
def test_what_binds_nothing_is_refused(given: object) -> None:
    with pytest.raises(ValidationError):
        Binding.model_validate(given)


COVERED: dict[str, tuple[tuple[str, ...], str, bool]] = {
    "everything without paths": ((), "any/file.py", True),
    "a folder and all below": (("src",), "src/a/b.py", True),
    "a folder by its slash": (("src/",), "src/a.py", True),
    "from the root": (("/src/**",), "src/a/b.py", True),
    "not a folder of that name elsewhere": (("src",), "lib/src/a.py", False),
    "not a name that begins alike": (("src",), "srcs/a.py", False),
    "one star stays in its folder": (("src/*.py",), "src/a/b.py", False),
    "one star within": (("src/*.py",), "src/b.py", True),
    "two stars go through": (("**/*.py",), "a/b/c.py", True),
    "two stars may be nothing": (("**/a.py",), "a.py", True),
    "a question mark is one sign": (("a?.py",), "ab.py", True),
    "a question mark is no slash": (("a?b",), "a/b", False),
    "a dot is a dot": (("a.py",), "axpy", False),
    "brackets are brackets": (("a[1].py",), "a[1].py", True),
    "a line break in a name": (("src",), "src/a\nb", True),
    "taken out again": (("src", "!src/docs"), "src/docs/a.md", False),
    "the rest of it": (("src", "!src/docs"), "src/a.py", True),
    "all but": (("!docs/**",), "src/a.py", True),
    "and not that": (("!docs/**",), "docs/a.md", False),
    "whatever comes first": (("!src/docs", "src"), "src/docs/a.md", False),
}


@pytest.mark.parametrize(("paths", "file", "covered"), COVERED.values(), ids=list(COVERED))
def test_paths_say_what_is_bound(paths: tuple[str, ...], file: str, covered: bool) -> None:
    assert (
        Binding(to="code", paths=paths).covers(["README.md", file] if paths and paths[0][0] != "!" else [file])
        is covered
    )


def test_no_file_touches_nothing() -> None:
    assert not Binding(to="code").covers([])


@pytest.mark.timeout(10)
@pytest.mark.parametrize(
    ("path", "file"),
    [
        ("**/" * 12 + "x", "a/" * 40 + "y"),
        ("**/a/" * 12 + "x", "a/" * 60 + "y"),
        ("*a" * 20 + "x", "a" * 250),
        ("src/" + "*" * 200 + "x", "src/" + "a" * 250),
    ],
)
def test_no_pattern_takes_long(path: str, file: str) -> None:
    """A regular expression that tries every way would not come back from these."""
    assert not Binding(to="code", paths=(path,)).covers([file])


@given(st.text("ab/*?", min_size=1, max_size=8), st.text("ab/", min_size=1, max_size=8))
def test_it_is_what_a_regular_expression_says(glob: str, file: str) -> None:
    glob, file = "/".join(filter(None, glob.split("/"))) or "a", "/".join(filter(None, file.split("/"))) or "a"
    assume(all(part == "**" or "**" not in part for part in glob.split("/")))
    parts = re.split(r"(\*\*/|\*\*|\*|\?)", glob)
    signs = {"**/": "(?:.*/)?", "**": ".+", "*": "[^/]*", "?": "[^/]"}
    pattern = "".join(signs.get(part, re.escape(part)) for part in parts) + "(?:/.*)?"
    assert Binding(to="code", paths=(glob,)).covers([file]) is (re.fullmatch(pattern, file) is not None)

"""What a YAML file may and may not be."""

from pathlib import Path
from tempfile import NamedTemporaryFile

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from checklists.errors import InvalidFile
from checklists.files import reader
from checklists.files.reader import MAX_BYTES, read
from tests.checklists.files.written import unreadable, write

BOMB = "a: &a [x, x, x, x, x, x, x, x, x]\nb: &b [*a, *a, *a, *a, *a, *a, *a, *a, *a]\nc: [*b, *b, *b, *b, *b]\n"

REFUSED = {
    "a YAML bomb": (BOMB, ":1: a: anchors and aliases"),
    "an alias of nothing": ("a: *b\n", ":1: a: anchors and aliases"),
    "an anchored key": ("&a b: c\n", ":1: anchors and aliases"),
    "a merge key": ("items:\n  <<: {a: b}\n", ":2: items: merge keys"),
    "a custom tag": ("a:\n  b: !!python/object/apply:os.system [x]\n", ":2: a.b: tags such as"),
    "a duplicate key": ("items:\n  qa: 1\n  docs: 2\n  qa: 3\n", ":4: items.qa: this stands here already, in line 2"),
    "a tab before a key": ("items:\n\tqa: 1\n", ":2: a tab stands in the indentation"),
    "a tab after a text": ("items:\n  qa: 1\n\tdocs: 2\n", ":3: a tab stands in the indentation"),
    "a tab after spaces": ("items:\n  qa:\n  \tgate: 2\n", ":3: a tab stands in the indentation"),
    "two documents": ("a: 1\n---\nb: 2\n", ":2: a second document"),
    "nothing": ("", ":1: the file is empty"),
    "only a comment": ("# soon\n", ":2: the file is empty"),
    "a list": ("- a\n- b\n", ":1: the file is no mapping"),
    "a text": ("hello\n", ":1: the file is no mapping"),
    "a list as key": ("a: 1\n? [b]\n: c\n", ":2: a key is one word"),
    "an open bracket": ("a: 1\nb: [c, d\n", ":3: this is not YAML: "),
    "a stray colon": ("a: 1\nb: c: d\n", ":2: this is not YAML: "),
    "a control character": ("a: 1\nb: \x1b[31m\n", ":2: the character U+001B is not allowed"),
    "a NUL": ("a: 1\nb: \x00\n", ":2: the character U+0000 is not allowed"),
}


@pytest.fixture(params=["libyaml", "Python"])
def parser(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Both parsers of PyYAML: the fast one is not there on every machine."""
    if request.param == "Python":
        monkeypatch.setattr(reader, "LOADER", yaml.SafeLoader)


@pytest.mark.usefixtures("parser")
@pytest.mark.parametrize(("text", "said"), REFUSED.values(), ids=list(REFUSED))
def test_it_refuses(text: str, said: str, tmp_path: Path) -> None:
    file = write(tmp_path, "bad", "")
    file.write_text(text, encoding="utf-8")

    assert f"bad.yaml{said}" in unreadable(file)


@pytest.mark.parametrize("text", ["[" * 5000, "- " * 5000, "{a: " * 5000])
def test_deep_nesting_is_refused_and_never_a_recursion_error(text: str, tmp_path: Path) -> None:
    assert "nested more than 12 deep" in unreadable(write(tmp_path, "deep", f"a:\n  {text}"))


def test_a_file_that_is_not_utf8_is_refused_with_the_byte_and_the_line(tmp_path: Path) -> None:
    file = tmp_path / "latin.yaml"
    file.write_bytes(b"checklist: a\ntitle: Caf" + b"\xe9\n")

    assert "latin.yaml:2: byte 23 (0xe9) is not UTF-8" in unreadable(file)


def test_a_ten_megabyte_file_is_refused_before_it_is_read_whole(tmp_path: Path) -> None:
    file = tmp_path / "huge.yaml"
    with file.open("wb") as stream:
        stream.truncate(10 * 1024 * 1024)

    assert "huge.yaml: the file is larger than 256 KiB" in unreadable(file)


def test_a_file_of_just_the_size_allowed_is_read(tmp_path: Path) -> None:
    file = tmp_path / "full.yaml"
    file.write_bytes(b"a: b\n#".ljust(MAX_BYTES, b"x"))

    assert read(file).plain == {"a": "b"}


def test_a_missing_file_and_a_folder_are_findings(tmp_path: Path) -> None:
    assert "No such file" in unreadable(tmp_path / "none.yaml")
    assert "this is not a file" in unreadable(tmp_path)


@pytest.mark.usefixtures("parser")
def test_words_stay_words(tmp_path: Path) -> None:
    text = "{on: yes, a: off, b: 17:00, c: 2026-12-24, d: 0x1F, e: 010, f: 1_000, g: '5', h: .inf, i: 1e3, j: n, k: =}"
    assert read(write(tmp_path, "words", text)).plain == {
        "on": "yes", "a": "off", "b": "17:00", "c": "2026-12-24", "d": "0x1F", "e": "010", "f": "1_000", "g": "5",
        "h": ".inf", "i": "1e3", "j": "n", "k": "=",
    }  # fmt: skip


@pytest.mark.usefixtures("parser")
def test_numbers_truth_and_nothing_are_what_they_are(tmp_path: Path) -> None:
    text = "{a: 3, b: -2.5, c: true, d: False, e: null, f: ~, g: , 8: x}"
    plain = {"a": 3, "b": -2.5, "c": True, "d": False, "e": None, "f": None, "g": None, "8": "x"}
    assert read(write(tmp_path, "values", text)).plain == plain


@pytest.mark.usefixtures("parser")
def test_every_value_knows_its_line(tmp_path: Path) -> None:
    node = read(write(tmp_path, "lines", "# first\na:\n  b: |\n    x\n    \ty\n  c:\n    - d\n    - {e: f}\n"))

    lines = {path: node.at(path).line for path in (("a",), ("a", "b"), ("a", "c", 1), ("a", "c", 1, "e"), ("a", "z"))}
    assert lines == {("a",): 2, ("a", "b"): 3, ("a", "c", 1): 8, ("a", "c", 1, "e"): 8, ("a", "z"): 2}


def test_a_byte_order_mark_and_windows_line_ends_are_fine(tmp_path: Path) -> None:
    file = tmp_path / "windows.yaml"
    file.write_bytes(b"\xef\xbb\xbfa: 1\r\nb: 2\r\n")

    assert read(file).plain == {"a": 1, "b": 2}
    assert read(file).at(("b",)).line == 2


def test_files_below_the_current_folder_are_named_from_there(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)

    assert unreadable(write(tmp_path, "bad", "- a")).startswith("bad.yaml:1: ")


def test_what_is_said_never_carries_control_characters_to_the_terminal(tmp_path: Path) -> None:
    said = unreadable(write(tmp_path, "loud", r'{"\e[31m\n": {a: 1, a: 2}}'))

    assert said.isprintable()


@given(st.binary(max_size=200) | st.text(alphabet="ab:-[]{}#&*!|>'\"\n\t ?%@`,<~0", max_size=80).map(str.encode))
def test_whatever_the_bytes_there_is_a_mapping_or_a_finding(data: bytes) -> None:
    with NamedTemporaryFile(suffix=".yaml") as file:
        file.write(data)
        file.flush()
        try:
            assert isinstance(read(Path(file.name)).plain, dict)
        except InvalidFile as refused:
            assert len(refused.findings) == 1

"""Tables, short and long."""

from __future__ import annotations

import json
import re
import sys

import pytest

from deployments.answers import MANY, as_json, plain, table


def test_a_short_table_is_drawn_and_a_long_one_is_written(capsys: pytest.CaptureFixture[str]) -> None:
    table("Launches", ("launch", "status"), [("acme-1.0.0", "closed")])
    assert "acme-1.0.0   closed" in capsys.readouterr().out
    table("Launches", ("launch", "status"), [(f"acme-{n}", "closed") for n in range(MANY + 1)])
    lines = capsys.readouterr().out.splitlines()
    assert len(lines) == MANY + 3
    assert lines[:3] == ["Launches", "launch    status", "acme-0    closed"]


def test_nobody_moves_the_cursor_of_who_reads_a_table(capsys: pytest.CaptureFixture[str]) -> None:
    table("Launches", ("launch",), [("a\x1b[2J\nb",)] * (MANY + 1))
    assert "\x1b" not in capsys.readouterr().out
    assert plain("a\x1b[2J\nb") == "a [2J b"


def test_json_for_a_program_moves_no_cursor_either(capsys: pytest.CaptureFixture[str]) -> None:
    value = {"größe": "a\x1b[2J\n\x9b\u2028\u202e\U000e0001😀\ud800"}
    as_json(value)
    said = capsys.readouterr().out
    assert said == r'{"größe": "a\u001b[2J\n\u009b\u2028\u202e\udb40\udc01😀\ud800"}' + "\n"
    assert json.loads(said) == value


@pytest.mark.parametrize(("columns", "title"), [("80", False), ("100", True)])
def test_a_narrow_terminal_cuts_no_name_and_goes_without_what_is_spare(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, columns: str, title: bool
) -> None:
    monkeypatch.setenv("COLUMNS", columns)
    monkeypatch.setattr(sys.stdout, "isatty", lambda: True)
    people = "ben.brandt@launches.example.com, kim.kaya@launches.example.com"
    row = ("announce-customers-worldwide", "Tell our customers", "passed (round 2)", people)
    table("acme 2.4.0", ("item", "title", "status", "signed by"), [row], spare="title")
    said = re.sub(r"\x1b\[[0-9;]*m", "", capsys.readouterr().out)
    assert "…" not in said
    assert "announce-customers-worldwide " in said
    assert "kim.kaya@" in said
    assert ("title" in said) == title
    assert all(len(line) <= int(columns) for line in said.splitlines())

"""Edits of a test world's organisation file, as a person makes them."""

from __future__ import annotations

from tests.tasks.worlds import Place


def say_more(at: Place, who: str, more: str) -> None:
    """Add to what the file says of a person or product, such as `slack-env: BEN_SLACK`."""
    file = at.world.settings.home / "organisation.yaml"
    old = next(line for line in file.read_text().splitlines() if f"{who}:" in line)
    end = old.rindex("}" if old.count("{") == 1 else "}}")
    file.write_text(file.read_text().replace(old, f"{old[:end]}, {more}{old[end:]}"))


def send_away(at: Place, who: str, until: str = "2026-11-30", delegate: str = "") -> None:
    """This person is absent from now on."""
    more = f", delegate: {delegate}" if delegate else ""
    say_more(at, who, f"absences: [{{from: 2026-11-20, to: {until}{more}}}]")

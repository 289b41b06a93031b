"""The processes tminus is made of: they start, say what went wrong, and leave nothing behind."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import pytest

from deployments.parts import QUIET, DidNotStart, Part, web_room
from tests.layers import ROOT
from tests.prefect_server import until

SLEEPS = [sys.executable, "-c", "import time; time.sleep(60)"]
PARENT = """
import sys, time
from pathlib import Path
from deployments.parts import Part
part = Part("child", [sys.executable, "-c", "import time; time.sleep(60)"], {}, Path(sys.argv[1]))
part.start()
print(part.process.pid, flush=True)
time.sleep(60)
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "logs"


def part(folder: Path, command: Sequence[str], ready: str | None = None) -> Part:
    return Part("part", command, {}, folder / "part.log", ready)


def is_there(pid: int) -> bool:
    """A zombie is not: it only waits for its parent to notice."""
    state = Path(f"/proc/{pid}/stat")
    return state.exists() and state.read_text().rpartition(")")[2].split()[0] != "Z"


def test_a_part_that_ends_at_once_is_named_with_its_last_words(folder: Path) -> None:
    ends = part(folder, [sys.executable, "-c", "import sys; sys.exit('no such table')"])
    ends.start()
    until(lambda: not ends.is_alive)
    with pytest.raises(DidNotStart, match=r"the part did not start; no such table \(.*part\.log\)"):
        ends.wait()


def test_a_part_that_answers_nobody_did_not_start(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("deployments.parts.PATIENCE", 0.3)
    silent = part(folder, SLEEPS, ready="http://127.0.0.1:9/")
    silent.start()
    with pytest.raises(DidNotStart, match="it said nothing"):
        silent.wait()
    silent.stop()


def test_a_stopped_part_is_gone_and_may_be_stopped_again(folder: Path) -> None:
    sleeps = part(folder, SLEEPS)
    sleeps.stop()
    sleeps.start()
    assert sleeps.is_alive
    assert sleeps.process
    sleeps.stop()
    sleeps.stop()
    assert not is_there(sleeps.process.pid)


def test_the_web_room_logs_no_address_and_believes_no_header(folder: Path) -> None:
    served = web_room({}, "127.0.0.1", 4280, folder)
    assert set(QUIET) <= set(served.command)
    docs = (ROOT / "docs" / "prefect.md").read_text("utf-8")
    shown = [line for line in docs.splitlines() if "uvicorn --factory" in line]
    assert len(shown) == 2
    assert all(option in line for line in shown for option in QUIET)


def test_each_start_of_a_worker_has_a_name_of_its_own(folder: Path) -> None:
    says = part(folder, [sys.executable, "-c", "import sys; print(sys.argv[1])", "worker-{start}"])
    for _ in range(2):
        says.start()
        assert says.process
        says.process.wait(20)
    assert says.log.read_text().split() == ["worker-1", "worker-2"]


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells children that their parent is dead")
def test_parts_end_when_their_parent_is_killed(tmp_path: Path) -> None:
    command = [sys.executable, "-c", PARENT, str(tmp_path / "child.log")]
    parent = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    assert parent.stdout
    child = int(parent.stdout.readline())
    assert is_there(child)
    parent.kill()
    parent.wait(10)
    parent.stdout.close()
    until(lambda: not is_there(child))

"""The whole demo as a user starts it: from the tag to the announcements, also where processes are killed under it."""

from __future__ import annotations

import json
import os
import random
import signal
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from email import message_from_bytes, policy
from pathlib import Path

import httpx
import pytest

from checklists.entries import Entry, Reopened, Signed
from checklists.errors import Unreachable
from checklists.files.organisation_file import read_organisation
from deployments.demo.play import ORGANISATION as FILE
from deployments.up import only_once
from ledger.store import Ledger
from tasks.settings import Settings
from tests.prefect_server import clean_environment, until

TMINUS = [sys.executable, "-m", "deployments.command"]
LAUNCH = "acme-2.4.0"
PATIENCE = 170  # seconds
MOMENTS = (2, 5, 9)
"""Seeds of the moments at which the worker is killed."""
BROWSER = {"Accept": "text/html"}
LONG = 80  # entries, a little less than a demo's record has

ORGANISATION = read_organisation(FILE)
RECIPIENTS = [*ORGANISATION.people, *ORGANISATION.audiences["customers"].addresses, "slack"]
ANNOUNCED = "Acme 2.4.0"
BEN, KIM = "ben@example.com", "kim@example.com"
TOLD = Counter((recipient, ANNOUNCED) for recipient in RECIPIENTS)
"""Everybody once, in words that are not those of the checklist."""

pytestmark = [pytest.mark.slow, pytest.mark.timeout(300)]


@dataclass(frozen=True)
class Place:
    """An empty folder in which somebody tries tminus."""

    folder: Path

    @property
    def home(self) -> Path:
        return self.folder / ".tminus"

    @property
    def environment(self) -> dict[str, str]:
        """With settings of a user's real work, none of which the demo may touch."""
        real = {"SENDGRID_API_KEY": "SG.real", "TMINUS_DATABASE_URL": f"sqlite:///{self.folder}/real.sqlite3"}
        return {**clean_environment(), **real, "PREFECT_API_URL": "http://127.0.0.1:9/api"}

    def run(self, *words: str) -> subprocess.CompletedProcess[str]:
        """A command in another terminal, as the demo prints it."""
        environment = clean_environment()
        return subprocess.run(
            [*TMINUS, *words], cwd=self.folder, env=environment, capture_output=True, text=True, timeout=PATIENCE
        )

    @contextmanager
    def demo(self, *words: str) -> Iterator[subprocess.Popen[str]]:
        """A demo under way, in a session of its own; the whole session is ended at the end."""
        process = subprocess.Popen(
            [*TMINUS, "demo", *words],
            cwd=self.folder,
            env=self.environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            start_new_session=True,
        )
        with process:
            try:
                yield process
            finally:
                for pid in session(process.pid):
                    with suppress(ProcessLookupError):
                        os.kill(pid, signal.SIGKILL)

    def record(self, launch: str = LAUNCH) -> tuple[Entry, ...]:
        """What has happened so far; nothing before there is a ledger."""
        file = self.home / "ledger.sqlite3"
        if not file.exists():
            return ()
        ledger = Ledger(f"sqlite:///{file}")
        try:
            return ledger.read(launch)
        except Unreachable:
            return ()
        finally:
            ledger.dispose()

    def launches(self) -> dict[str, str]:
        """Every launch and its status."""
        return {launch["id"]: launch["status"] for launch in json.loads(self.run("list", "--json").stdout)}

    def told(self) -> Counter[tuple[str, str]]:
        """Who was told what, from the files in the outbox."""
        mails = [message_from_bytes(file.read_bytes(), policy=policy.default) for file in self.outbox(".eml")]
        posts = [json.loads(file.read_text()) for file in self.outbox(".json")]
        found = [(str(mail["To"]), str(mail["Subject"])) for mail in mails]
        return Counter([*found, *((post["to"], post["payload"]["text"]) for post in posts)])

    def outbox(self, suffix: str) -> list[Path]:
        return [file for file in (self.home / "outbox").iterdir() if file.suffix == suffix]


def session(leader: int) -> list[int]:
    """The processes of a session that run."""
    return [int(entry.name) for entry in Path("/proc").iterdir() if entry.name.isdigit() and _runs(entry, leader)]


def _runs(process: Path, leader: int) -> bool:
    try:
        state, _, _, of_session, *_ = (process / "stat").read_text().rpartition(")")[2].split()
    except OSError:
        return False
    return state != "Z" and int(of_session) == leader


def worker(leader: int) -> int | None:
    """The worker among the processes of a demo; None while it is being started again."""
    for pid in session(leader):
        with suppress(OSError):
            if b"worker\0start" in Path(f"/proc/{pid}/cmdline").read_bytes():
                return pid
    return None


def by_form(record: tuple[Entry, ...]) -> list[str]:
    return [entry.data.item for entry in record if isinstance(entry.data, Signed) and entry.data.via == "form"]


@pytest.fixture
def place(tmp_path: Path) -> Place:
    if not Path("/proc/self/stat").exists():
        pytest.skip("the processes of a demo are looked up in /proc")
    return Place(tmp_path)


def assert_all_is_well(place: Place, said: str) -> None:
    """One launch, closed; a record that nobody changed; everybody told once."""
    assert place.launches() == {LAUNCH: "closed"}, said
    assert place.run("verify", LAUNCH).stdout.startswith("intact\n")
    told = place.told()
    assert {one: count for one, count in told.items() if one[1] == ANNOUNCED} == TOLD
    assert set(told.values()) == {1}  # nobody was asked, or told, the same thing twice


def test_a_tag_becomes_a_launch_that_people_sign_and_others_hear_about(place: Place) -> None:
    with place.demo("--exit") as demo:
        said, _ = demo.communicate(timeout=PATIENCE)
        assert demo.returncode == 0, said
        assert until(lambda: not session(demo.pid))
    assert_all_is_well(place, said)
    record = place.record()
    assert len(set(by_form(record))) == 2
    reopened = {entry.data.item: entry.data.because for entry in record if isinstance(entry.data, Reopened)}
    assert reopened == {"docs-review": "asked", "qa-signoff": "code", "security-review": "code"}
    assert {entry.actor for entry in record if isinstance(entry.data, Signed) and entry.data.via == "link"} >= {
        BEN,
        KIM,
    }
    assert "acme 2.4.0 is closed" in said
    for word in ("show", "log", "verify"):
        assert f" {word} {LAUNCH}\n" in said
    assert not (place.folder / "real.sqlite3").exists()


def test_a_second_run_is_another_launch_and_stays_up_until_it_is_interrupted(place: Place) -> None:
    with place.demo("--exit") as demo:
        demo.communicate(timeout=PATIENCE)
    with place.demo() as demo:
        assert demo.stdout is not None
        said = list(iter(demo.stdout.readline, "Everything stays up until Ctrl-C.\n"))
        addresses = [line.split()[1] for line in said if line.startswith(("launch  ", "outbox  "))]
        assert [httpx.get(address, headers=BROWSER).status_code for address in addresses] == [200, 200]
        os.killpg(demo.pid, signal.SIGINT)
        assert demo.wait(30) == 0
        assert until(lambda: not session(demo.pid))
    assert place.launches() == {LAUNCH: "closed", "acme-2.5.0": "closed"}


@pytest.mark.parametrize("seed", MOMENTS)
def test_a_worker_that_is_killed_at_any_moment_changes_nothing(place: Place, seed: int) -> None:
    moment = random.Random(seed).randrange(1, LONG)
    print(f"seed {seed}: the worker is killed at entry {moment} of the record")
    with place.demo("--exit") as demo:
        until(lambda: len(place.record()) >= moment, PATIENCE)
        os.kill(until(lambda: worker(demo.pid)) or 0, signal.SIGKILL)
        said, _ = demo.communicate(timeout=PATIENCE)
    assert demo.returncode == 0, said
    assert "the worker died; starting it again" in said
    assert_all_is_well(place, said)


def test_a_demo_that_is_killed_leaves_nothing_running_and_is_carried_on_by_the_next(place: Place) -> None:
    with place.demo("--exit") as demo:
        until(lambda: len(place.record()) >= LONG // 2, PATIENCE)
        demo.kill()
        assert until(lambda: not session(demo.pid))
    with place.demo("--exit") as demo:
        said, _ = demo.communicate(timeout=PATIENCE)
    assert demo.returncode == 0, said
    assert "git tag v2.4.0: its launch is not over; the demo goes on with it" in said
    assert_all_is_well(place, said)


def test_a_failure_is_one_sentence_and_where_to_read_more(place: Place) -> None:
    (place.home / "demo" / "acme").mkdir(parents=True)
    with place.demo("--exit") as demo:
        said, _ = demo.communicate(timeout=PATIENCE)
    assert demo.returncode == 1
    (sentence,) = said.splitlines()
    assert sentence.startswith("the demo failed: git ")
    assert sentence.endswith("; see .tminus/logs/demo.log")
    assert "Traceback" in (place.home / "logs" / "demo.log").read_text()


def test_beside_another_tminus_in_the_same_folder_it_does_not_start(place: Place) -> None:
    with only_once(Settings(_env_file=None, home=place.home)), place.demo("--exit") as demo:
        said, _ = demo.communicate(timeout=PATIENCE)
    assert demo.returncode == 1
    assert f"tminus runs already in {place.home}" in said
    assert place.record() == ()

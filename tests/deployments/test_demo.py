"""The whole demo as a user starts it: from the tag to the announcements, also where processes are killed under it."""

from __future__ import annotations

import json
import os
import random
import shlex
import signal
import subprocess
import sys
import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from email import message_from_bytes, policy
from pathlib import Path

import httpx
import pytest

from checklists.entries import Entry, Passed, Reopened, Signed, Worded
from checklists.errors import Unreachable
from checklists.files.organisation_file import read_organisation
from deployments.demo.crowd import crowd
from deployments.demo.history import FEATURES
from deployments.demo.play import ORGANISATION as FILE
from deployments.demo.translating import LANGUAGES, translated
from deployments.demo.writing import TITLE
from deployments.up import only_once
from ledger.publication_search import Sought
from ledger.store import Ledger
from tasks.settings import Settings
from tests.prefect_server import clean_environment, until

TMINUS = [sys.executable, "-m", "deployments.command"]
LAUNCH = "acme-2.4.0"
PATIENCE = 800  # seconds; a demo takes two minutes, and six on a machine that is busy with other things
CHAOS = bool(os.environ.get("TMINUS_CHAOS"))
SEEDS = (2, 5, 9) if CHAOS else (5,)
"""Of the moments at which something is killed; all of them with `make chaos`."""
BROWSER = {"Accept": "text/html"}
LONG = 80  # entries, a little less than a demo's record has

ORGANISATION = read_organisation(FILE)
SUBSCRIBERS = [one for one in crowd() if one.state == "confirmed"]
ENGLISH, GERMAN = (next(one.address for one in SUBSCRIBERS if one.locale == locale) for locale in ("en", "de"))
ANNOUNCED = "Acme 2.4.0"
TITLES = {locale: translated(TITLE, locale).strip().removeprefix("# ") for locale in LANGUAGES} | {"en": TITLE[2:]}
COLONS = {"fr": "\u00a0:"}
TOLD = Counter((recipient, ANNOUNCED) for recipient in (*ORGANISATION.people, "slack")) + Counter(
    (one.address, f"{ANNOUNCED}{COLONS.get(one.locale, ':')} {TITLES[one.locale]}") for one in SUBSCRIBERS
)
"""Everybody once, in words that are not those of the checklist; customers in their language."""

pytestmark = [pytest.mark.slow, pytest.mark.timeout(1800)]


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
            preexec_fn=_interruptible,
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

    def announced(self, to: str) -> str:
        """What somebody was told of the release, on one line."""
        for file in self.outbox(".eml"):
            mail = message_from_bytes(file.read_bytes(), policy=policy.default)
            if mail["To"] == to and mail["Subject"].startswith(ANNOUNCED) and (body := mail.get_body(("plain",))):
                return " ".join(str(body.get_content()).split())
        return ""

    def published(self) -> dict[str, tuple[str, ...]]:
        """In which languages each change stands on the change channel."""
        ledger = Ledger(f"sqlite:///{self.home / 'ledger.sqlite3'}")
        try:
            return {one.slug: one.languages for one in ledger.publications.search(Sought(), 9)}
        finally:
            ledger.dispose()

    def outbox(self, suffix: str) -> list[Path]:
        return [file for file in (self.home / "outbox").iterdir() if file.suffix == suffix]


def _interruptible() -> None:
    """Who starts tests in the background lets them ignore Ctrl-C, and so all that they start."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)


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
    assert {one: count for one, count in told.items() if one[1].startswith(ANNOUNCED)} == TOLD
    assert [one for one, count in told.items() if count > 1] == [], "nobody was asked, or told, the same thing twice"


def assert_people_read_their_own_words(place: Place, record: tuple[Entry, ...]) -> None:
    """Drafted from the commits, edited by a person on the page, and approved before customers read them."""
    feature = next(one for one in FEATURES if one.slug == "exports")
    edits = [entry.seq for entry in record if isinstance(entry.data, Worded) and entry.actor != "tminus"]
    assert edits
    approved = [entry.seq for entry in record if isinstance(entry.data, Passed) and entry.data.item == "release-notes"]
    assert max(approved) > max(edits)
    customers, support = place.announced(ENGLISH), place.announced("femi@example.com")
    assert feature.promise in customers
    assert feature.gain not in customers
    assert feature.gain in support
    assert "Hugo Haas" in support
    assert "Hugo Haas" not in customers
    for words in (customers, support):
        assert "What runs at eight in the morning runs at eight in summer, too." in words  # by the tag that moved
    assert "Ihre Berichte kommen von selbst" in place.announced(GERMAN)
    assert place.published() == {"acme-2.4.0": ("en", "de", "fr")}


def test_a_tag_becomes_a_launch_that_people_sign_and_others_hear_about(place: Place) -> None:
    said = play(place)
    assert_all_is_well(place, said)
    assert_it_went_as_told(place, said)


def play(place: Place) -> str:
    """One demo from its start to its end. Returns what it said."""
    with place.demo("--exit") as demo:
        said, _ = demo.communicate(timeout=PATIENCE)
        assert demo.returncode == 0, said
        assert until(lambda: not session(demo.pid))
    return said


def assert_it_went_as_told(place: Place, said: str) -> None:
    record = place.record()
    assert len(set(by_form(record))) == 2
    reopened = {entry.data.item: entry.data.because for entry in record if isinstance(entry.data, Reopened)}
    of_code = {item for item, because in reopened.items() if because == "code"}
    assert of_code == {"qa-signoff", "security-review", "notes"}
    assert "docs-review" in reopened
    assert_people_read_their_own_words(place, record)
    signed = [entry.data for entry in record if isinstance(entry.data, Signed)]
    before = {one.item for one in signed if one.round == 1} & of_code  # the tag may move before security has signed
    assert "qa-signoff" in before
    by_link = {one.item for one in signed if one.via == "link"}
    assert by_link >= before - {"notes"}, "whoever had signed the code of before confirms it there"
    assert "acme 2.4.0 is closed" in said
    assert "source .tminus/demo/settings.sh " in said
    assert "email       feed\n  audience            1,044" in place.run("reach", LAUNCH).stdout
    sourced = f". .tminus/demo/settings.sh && {shlex.join([*TMINUS, 'audience', 'customers', '--json'])}"
    asked = subprocess.run(["/bin/sh", "-c", sourced], cwd=place.folder, env=place.environment, capture_output=True)
    assert json.loads(asked.stdout)["reach"] == 1_000, asked.stderr
    for word in ("show", "log", "reach", "verify"):
        assert f" {word} {LAUNCH}\n" in said
    assert not (place.folder / "real.sqlite3").exists()


@pytest.mark.parametrize("seed", SEEDS)
def test_a_demo_is_killed_and_carried_on_by_the_next_whose_worker_is_killed_too(place: Place, seed: int) -> None:
    demos, workers = sorted(random.Random(seed).sample(range(1, LONG), 2))
    print(f"seed {seed}: a demo is killed at entry {demos} of the record, and the worker of the next one at {workers}")
    with place.demo("--exit") as demo:
        until(lambda: len(place.record()) >= demos, PATIENCE)
        demo.kill()
        assert until(lambda: not session(demo.pid)), "nothing is left running"
    with place.demo() as demo, said_by(demo) as said:
        until(lambda: len(place.record()) >= workers, PATIENCE)
        os.kill(until(lambda: worker(demo.pid)) or 0, signal.SIGKILL)
        until(lambda: "Everything stays up until Ctrl-C.\n" in said or demo.poll() is not None, PATIENCE)
        assert demo.poll() is None, "".join(said)
        addresses = [line.split()[1] for line in said if line.startswith(("launch  ", "outbox  "))]
        assert [httpx.get(address, headers=BROWSER).status_code for address in addresses] == [200, 200]
        os.killpg(demo.pid, signal.SIGINT)
        assert demo.wait(PATIENCE) == 0
        assert until(lambda: not session(demo.pid))
    whole = "".join(said)
    assert "the worker died; starting it again" in whole
    assert "git tag v2.4.0: its launch is not over; the demo goes on with it" in whole
    assert_all_is_well(place, whole)


@contextmanager
def said_by(demo: subprocess.Popen[str]) -> Iterator[list[str]]:
    """The lines of a demo, as they come."""
    said: list[str] = []
    lines = demo.stdout
    assert lines is not None

    def read() -> None:
        for line in lines:
            said.append(line)  # one by one: somebody looks in between

    reader = threading.Thread(target=read)
    reader.start()
    yield said
    reader.join(PATIENCE)


@pytest.mark.skipif(not CHAOS, reason="two demos, one after the other: `make chaos`")
def test_a_second_run_in_the_same_place_is_another_launch(place: Place) -> None:
    play(place)
    play(place)
    assert place.launches() == {LAUNCH: "closed", "acme-2.5.0": "closed"}


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

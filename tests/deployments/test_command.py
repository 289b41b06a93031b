"""The `tminus` command as people and scripts meet it: exit status, stdout, stderr."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from prefect.settings import PREFECT_API_URL, temporary_settings

from deployments.command import run
from ledger.chain import to_lines
from ledger.store import Ledger
from tasks.boards.prefect_api import forget
from tasks.settings import ROOT
from tasks.world import world
from tests.prefect_server import clean_environment
from tests.tasks.changes.repository import released
from tests.tasks.newsroom import CHECKLISTS, newsroom, opened
from tests.tasks.parcels import nobody

Done = subprocess.CompletedProcess[str]
Command = Callable[..., Done]
WAIVE = ["waive", "acme-2.4.0", "tell", "--as", "ada@example.com", "--reason"]
WITHOUT_PREFECT = "import sys; sys.modules['prefect'] = None; from deployments.command import run; sys.exit(run())"


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home with one launch, `acme-2.4.0`, that Prefect has never heard of."""
    return a_home(tmp_path_factory.mktemp("tminus"))


@pytest.fixture
def own_home(tmp_path: Path) -> Path:
    """The same for a test that changes something."""
    return a_home(tmp_path)


def a_home(folder: Path) -> Path:
    made = newsroom(folder / "home")
    opened(made)
    made.ledger.dispose()
    return folder / "home"


@pytest.fixture
def tminus(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Iterator[Command]:
    """The command in a home, in this process, which has Prefect imported already; no server answers."""

    def call(home: Path, *words: str, **environment: str) -> Done:
        world.cache_clear()
        with monkeypatch.context() as told:
            for name, value in (of(home) | environment).items():
                told.setenv(name, value)
            status = run(words)
        said = capsys.readouterr()
        return Done(words, status, said.out, said.err)

    for name in set(os.environ) - set(clean_environment()):
        monkeypatch.delenv(name)
    forget()
    with nobody() as address, temporary_settings({PREFECT_API_URL: f"http://{address}/api"}):
        yield call
    forget()
    world.cache_clear()


def of(home: Path) -> dict[str, str]:
    """The environment that leads to a home; what the command would set by itself is set here, and undone later."""
    ours = {"TMINUS_HOME": home, "TMINUS_ORGANISATION": home / "organisation.yaml", "TMINUS_CHECKLISTS": CHECKLISTS}
    quiet = {"PREFECT_HOME": home, "PREFECT_LOGGING_LEVEL": "ERROR", "PREFECT_API_URL": "-", "DO_NOT_TRACK": "1"}
    return {name: str(value) for name, value in {**ours, **quiet}.items()}


def without_prefect(home: Path, *words: str) -> Done:
    """The command in a process of its own that cannot import Prefect."""
    command = [sys.executable, "-c", WITHOUT_PREFECT, *words]
    environment = clean_environment() | {"TMINUS_HOME": str(home)}
    return subprocess.run(command, env=environment, cwd=ROOT, capture_output=True, text=True, timeout=60, check=False)


@pytest.mark.parametrize(
    "words",
    [
        ["--help"],
        ["--version"],
        ["sign", "--help"],
        ["validate"],
        ["schema"],
        ["schema", "organisation"],
        ["verify", "--file", "LEDGER"],
        ["list"],
        ["show", "acme-2.4.0"],
        ["log", "acme-2.4.0"],
        ["verify", "acme-2.4.0"],
        ["reach", "acme-2.4.0"],
    ],
    ids=" ".join,
)
def test_what_needs_no_prefect_does_not_import_it(home: Path, tmp_path: Path, words: list[str]) -> None:
    """It costs more than a second, and a machine that checks files may not have it."""
    ledger, file = Ledger(f"sqlite:///{home / 'ledger.sqlite3'}"), tmp_path / "ledger.jsonl"
    file.write_bytes(b"".join(to_lines(ledger.sealed("acme-2.4.0"))))
    ledger.dispose()
    given = [str(file) if word == "LEDGER" else word for word in words]
    done = without_prefect(home, *given)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout


@pytest.mark.parametrize(
    "words",
    [
        ["nonsense"],
        ["start", "saas-feature"],
        ["start", "saas-feature", "--product", "acme", "--version", "1.0.0", "--on", "someday"],
        ["sign", "acme-2.4.0", "tell"],
        ["sign", "acme-2.4.0", "tell", "--approve", "--reject"],
        ["sign", "acme-2.4.0", "tell", "--approve", "--evidence", "report"],
        ["sign", "acme-2.4.0", "tell", "--approve", "--evidence", "report=javascript:alert(1)"],
        ["waive", "acme-2.4.0", "tell"],
        ["attach", "acme-2.4.0", "tell"],
        ["attach", "acme-2.4.0", "tell", "report"],
        ["attach", "acme-2.4.0", "tell", "report=file:///etc/passwd"],
        ["verify"],
        ["verify", "acme-2.4.0", "--file", "x"],
        ["schema", "poem"],
        ["up", "--port", "many"],
    ],
    ids=" ".join,
)
def test_wrong_usage_is_status_2_with_the_reason_on_stderr(home: Path, words: list[str]) -> None:
    done = without_prefect(home, *words)
    assert done.returncode == 2
    assert done.stderr.strip()
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (["show", "acme-9.9.9"], "acme-9.9.9: no such launch; `tminus list` shows the launches there are"),
        (["log", "acme-9.9.9"], "no such launch"),
        (["verify", "acme-9.9.9"], "no such launch"),
        (["export", "acme-9.9.9"], "no such launch"),
        (["sign", "acme-9.9.9", "qa", "--approve"], "no such launch"),
        (["sign", "acme-2.4.0", "tel", "--approve", "--as", "ada@example.com"], 'did you mean "tell"?'),
        (["sign", "acme-2.4.0", "tell", "--approve", "--as", "eve@example.com"], "eve@example.com is not a person of"),
        (["sign", "acme-2.4.0", "tell", "--approve", "--as", "ada@example.com"], "nobody signs it"),
        (["attach", "acme-2.4.0", "tel", "a=https://example.com/", "--as", "ada@example.com"], 'did you mean "tell"?'),
        (["attach", "acme-2.4.0", "tell", "a=https://e/", "--as", "eve@example.com"], "is not a person of"),
        (["retag", "acme-9.9.9"], "no such launch"),
        (["retag", "acme-2.4.0", "--as", "ada@example.com"], "tminus retag acme-2.4.0 --commit SHA"),
        (["retag", "acme-2.4.0", "--commit=--all", "--as", "ada@example.com"], "name the commit by its hash"),
        (["retag", "acme-2.4.0", "--commit", "9f2c0d1", "--as", "eve@example.com"], "does not hold the role"),
        (["start", "no-such", "--product", "acme", "--version", "3.0.0", "--as", "ada@example.com"], "no-such"),
        (["start", "news", "--product", "acne", "--version", "3.0.0"], 'did you mean "acme"?'),
        (["start", "news", "--product", "acme", "--version", "new"], "'new' is no version"),
        (["start", "news", "--product", "A b", "--version", "3.0.0"], "--product:"),
        (["validate", "no/such/file.yaml"], "no/such/file.yaml"),
        (["verify", "--file", "no/such/file.jsonl"], "no/such/file.jsonl: No such file or directory"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else "",
)
def test_a_no_is_status_1_with_its_reason(tminus: Command, home: Path, words: list[str], says: str) -> None:
    done = tminus(home, *words)
    assert done.returncode == 1, done.stdout
    assert says in done.stderr
    assert done.stdout == ""
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize("words", [["validate"], ["explain", "v2.4.0"], ["backfill", "acme", "--since", "v1.0.0"]])
def test_an_address_whose_port_is_none_is_named(tminus: Command, home: Path, tmp_path: Path, words: list[str]) -> None:
    for port in ("99999", "abc"):
        file = tmp_path / "organisation.yaml"
        git = f"ssh://git@example.com:{port}/x"
        file.write_text(f"organisation: Example\nproducts:\n  acme: {{title: Acme, git: '{git}'}}\n")
        done = tminus(home, *words, TMINUS_ORGANISATION=str(file))
        assert done.returncode == 1
        assert f"{file}:3: products.acme.git: its port is no number from 1 to 65535" in done.stderr
        assert "Traceback" not in done.stderr


def test_every_finding_has_a_line_of_its_own(tminus: Command, home: Path, tmp_path: Path) -> None:
    file = tmp_path / "poor.yaml"
    file.write_text("checklist: poor\nitems:\n  a: {gate: A, sign: [1 of qa], needs: [b]}\n  c: {gat: C}\n")
    done = tminus(home, "validate", str(file))
    assert done.returncode == 1
    assert len(done.stderr.splitlines()) >= 2
    assert all("poor.yaml:" in line for line in done.stderr.splitlines())


def test_an_exported_ledger_is_intact_and_one_flipped_byte_is_named(
    tminus: Command, home: Path, tmp_path: Path
) -> None:
    done = tminus(home, "export", "acme-2.4.0")
    assert done.returncode == 0
    file = tmp_path / "ledger.jsonl"
    file.write_text(done.stdout)
    assert tminus(home, "verify", "--file", str(file)).stdout.startswith("intact\n")
    assert tminus(home, "verify", "acme-2.4.0").stdout.startswith("intact\n")
    file.write_text(done.stdout.replace('"opened"', '"openef"', 1))
    flipped = tminus(home, "verify", "--file", str(file))
    assert flipped.returncode == 1
    assert "entry" in flipped.stderr


@pytest.mark.parametrize("words", [["list"], ["show", "acme-2.4.0"], ["log", "acme-2.4.0"]])
def test_json_is_one_value_and_nothing_else(tminus: Command, home: Path, words: list[str]) -> None:
    done = tminus(home, *words, "--json")
    assert (done.returncode, done.stderr) == (0, "")
    assert json.loads(done.stdout)


def test_show_has_the_keys_it_promises(tminus: Command, home: Path) -> None:
    shown = json.loads(tminus(home, "show", "acme-2.4.0", "--json").stdout)
    promised = "id product version commit status run_id run_url checklist launch_on items".split()  # noqa: SIM905
    assert set(shown) >= set(promised)
    of_an_item = "title kind status round run_id run_url due needs blocked_by signatures missing".split()  # noqa: SIM905
    assert set(shown["items"]["tell"]) >= set(of_an_item)


def test_a_decision_without_a_server_is_kept_and_says_so(tminus: Command, own_home: Path) -> None:
    """Exit status 0: it is done, for it is in the record."""
    done = tminus(own_home, *WAIVE, "told by hand", "--json")
    assert done.returncode == 0, done.stderr
    assert "recorded; it will be carried out when Prefect is back" in done.stderr
    assert json.loads(done.stdout)["items"]["tell"]["status"] == "waived"


def test_a_launch_becomes_another_commit(tminus: Command, own_home: Path) -> None:
    file = own_home / "organisation.yaml"
    file.write_text(file.read_text().replace("title: Acme", "title: Acme, git: source"))
    source = released(own_home / "source")
    source.tag("v2.4.0")
    as_ada = ["--as", "ada@example.com", "--json"]
    shown = [json.loads(tminus(own_home, "retag", "acme-2.4.0", *words, *as_ada).stdout)["commit"] for words in MOVES]
    assert shown == [source.git("rev-parse", f"{name}^{{commit}}") for name in ("v2.4.0", "v1.1.0")]


MOVES = [[], ["--tag", "v1.1.0"]]


def test_evidence_is_put_beside_an_item(tminus: Command, own_home: Path) -> None:
    with nobody() as address:
        words = ["attach", "acme-2.4.0", "tell", f"report=http://{address}/report", "--as", "ada@example.com"]
        done = tminus(own_home, *words)
    assert done.returncode == 0, done.stderr
    told = tminus(own_home, "log", "acme-2.4.0").stdout
    assert f"http://{address}/report" in told


@pytest.mark.parametrize(
    ("environment", "says"),
    [
        ({"TMINUS_HOME": "/dev/null/tminus"}, "set TMINUS_HOME to a writable folder"),
        ({"TMINUS_DATABASE_URL": "postgresql+psycopg://u:secret@127.0.0.1:1/x"}, "TMINUS_DATABASE_URL"),
        ({"TMINUS_DATABASE_URL": "sqlite:////no/such/folder/ledger.sqlite3"}, "TMINUS_DATABASE_URL"),
        ({"TMINUS_DATABASE_URL": "oracle://u:secret@h/x"}, "TMINUS_DATABASE_URL"),
        ({"TMINUS_IDENTITY": "whoever"}, "TMINUS_IDENTITY"),
        ({"TMINUS_ORGANISATION": "/no/such/organisation.yaml"}, "/no/such/organisation.yaml"),
    ],
    ids=["home", "postgresql", "sqlite", "oracle", "setting", "organisation"],
)
def test_what_cannot_be_reached_is_a_sentence(
    tminus: Command, home: Path, environment: dict[str, str], says: str
) -> None:
    done = tminus(home, "start", "news", "--product", "acme", "--version", "3.0.0", **environment)
    assert done.returncode == 1
    assert says in done.stderr
    assert "Traceback" not in done.stderr
    assert "secret" not in done.stderr
    assert done.stdout == ""


def test_a_comment_cannot_move_the_cursor_of_who_reads_it(tminus: Command, own_home: Path) -> None:
    tminus(own_home, *WAIVE, "told\x1b[2J\x1b]0;title\x07 by hand\x9b31m")
    for words in (["show", "acme-2.4.0"], ["log", "acme-2.4.0"], ["list"]):
        done = tminus(own_home, *words)
        assert done.returncode == 0, done.stderr
        assert not {"\x1b", "\x07", "\x9b"} & set(done.stdout)


def test_a_second_launch_of_a_release_shows_the_first(tminus: Command, home: Path) -> None:
    done = tminus(home, "start", "one-gate", "--product", "acme", "--version", "2.4.0", "--json")
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["checklist"] == "news"
    assert len(json.loads(tminus(home, "list", "--json").stdout)) == 1

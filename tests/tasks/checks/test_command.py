"""A program beside the checklist: run without a shell, without our secrets, and not for longer than it may."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from checklists.checks import CommandCheck
from tasks.checks.run import CheckResult, Subject, run_check

Subjects = Callable[..., Subject]


def look(subject: Subject, *run: str, timeout: int = 20) -> CheckResult:
    item = {"check": "command", "with": {"run": run}, "timeout": timeout}
    return run_check(CommandCheck.model_validate(item), subject)


def program(subject: Subject, script: str, name: str = "look.sh", mode: int = 0o755) -> Path:
    path = subject.folder / name
    path.write_text(f"#!/bin/sh\n{script}\n")
    path.chmod(mode)
    return path


def has_ended(pid: int) -> bool:
    """Waits a little: a killed process is gone only when its new parent has seen it."""
    for _ in range(100):
        try:
            state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
        except OSError:
            return True
        if state == "Z":
            return True
        time.sleep(0.05)
    return False


def test_a_program_that_ends_with_0_is_good(subject: Subjects) -> None:
    launch = subject()
    program(launch, "echo fine")
    result = look(launch, "look.sh")
    assert (result.ok, result.findings, result.summary) == (True, (), "look.sh ended well")


def test_another_status_is_said_with_the_last_lines(subject: Subjects) -> None:
    launch = subject()
    program(launch, "seq 1 100; echo bad >&2; exit 3")
    result = look(launch, "look.sh")
    assert result.summary == "look.sh: ended with status 3"
    assert result.findings[1:] == (*map(str, range(82, 101)), "bad")


def test_a_signal_is_said(subject: Subjects) -> None:
    launch = subject()
    program(launch, "kill -9 $$")
    assert look(launch, "look.sh").summary == "look.sh: was ended by signal 9"


def test_what_a_program_floods_or_garbles_is_bounded(subject: Subjects) -> None:
    launch = subject()
    program(launch, r"yes x | head -c 3000000; printf '\033[31m\377\n'; head -c 3000000 /dev/zero | tr '\0' y; exit 1")
    result = look(launch, "look.sh")
    assert len(result.findings) <= 21
    assert all(finding.isprintable() and len(finding) <= 500 for finding in result.findings)


def test_arguments_stay_literal(subject: Subjects) -> None:
    launch = subject(version="$(touch pwned) `id`; *")
    program(launch, 'for one in "$@"; do echo "<$one>"; done; exit 1')
    result = look(launch, "look.sh", "{version}", "$HOME", "*", "a b", "{folder}", "{tag}!")
    assert result.findings[1:] == ("<$(touch pwned) `id`; *>", "<$HOME>", "<*>", "<a b>", "<{folder}>", "<v2.4.0!>")
    assert not (launch.folder / "pwned").exists()


def test_a_program_sees_the_launch_and_no_secrets(subject: Subjects, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("TMINUS_GITHUB_TOKEN", "TMINUS_SECRET_KEY", "SENDGRID_API_KEY", "PREFECT_API_KEY", "LD_PRELOAD_X"):
        monkeypatch.setenv(name, "secret")
    launch = subject(github_token="secret", commit=None)
    program(launch, "env -u PWD -u SHLVL -u _ -u OLDPWD; exit 1")
    seen = dict(line.split("=", 1) for line in look(launch, "look.sh").findings[1:])
    assert set(seen) == {"PATH", "HOME", "LANG", "TMINUS_PRODUCT", "TMINUS_VERSION", "TMINUS_TAG", "TMINUS_COMMIT"}
    assert (seen["TMINUS_PRODUCT"], seen["TMINUS_VERSION"], seen["TMINUS_COMMIT"]) == ("acme", "2.4.0", "")
    assert "secret" not in seen.values()


def test_a_program_runs_in_the_checklists_folder_with_nothing_to_read(subject: Subjects) -> None:
    launch = subject()
    (launch.folder / "tools").mkdir()
    program(launch, "pwd; cat; exit 1", "tools/look.sh")
    assert look(launch, "tools/look.sh").findings[1:] == (str(launch.folder.resolve()),)


def test_nothing_of_a_program_outlives_its_time(subject: Subjects) -> None:
    launch = subject()
    program(launch, "sleep 300 & echo $! > child; sh -c 'sleep 300 & echo $! > grandchild; wait' & wait")
    result = look(launch, "look.sh", timeout=1)
    assert result.summary == "look.sh: was stopped after 1 s"
    for name in ("child", "grandchild"):
        assert has_ended(int((launch.folder / name).read_text()))


def test_what_a_program_leaves_behind_is_ended_and_not_waited_for(subject: Subjects) -> None:
    launch = subject()
    program(launch, "sleep 300 & echo $! > child; exit 0")
    assert look(launch, "look.sh").ok
    assert has_ended(int((launch.folder / "child").read_text()))


@pytest.mark.timeout(60)
def test_what_leaves_its_process_group_is_not_waited_for(subject: Subjects) -> None:
    launch = subject()
    program(launch, "setsid sh -c 'echo $$ > child; exec sleep 300' & while [ ! -s child ]; do sleep 0.01; done")
    try:
        assert look(launch, "look.sh", timeout=200).ok
    finally:
        os.kill(int((launch.folder / "child").read_text()), signal.SIGKILL)


def test_a_program_without_time_is_stopped(subject: Subjects) -> None:
    launch = subject()
    program(launch, "exec sleep 300")
    assert look(launch, "look.sh", timeout=0).summary == "look.sh: was stopped after 0 s"


@pytest.mark.parametrize("name", ["../out.sh", "/bin/true", "link.sh", "folder/out.sh", "sh"])
def test_only_programs_of_the_folder_are_run(subject: Subjects, name: str) -> None:
    launch = subject()
    program(launch, f"touch {launch.folder}/pwned", "../out.sh")
    (launch.folder / "link.sh").symlink_to("../out.sh")
    (launch.folder / "folder").symlink_to("..")
    result = look(launch, name)
    assert not result.ok
    assert "checklist's folder" in result.findings[0]
    assert not (launch.folder / "pwned").exists()


@pytest.mark.parametrize(
    ("mode", "script", "arguments", "reason"),
    [
        (0o644, "", (), "chmod +x"),
        (0o755, "", ("{version}",), "cannot be started"),
        (0o755, "", ("{commit}",), "has no commit"),
    ],
)
def test_what_cannot_be_run_is_a_finding(
    subject: Subjects, mode: int, script: str, arguments: tuple[str, ...], reason: str
) -> None:
    launch = subject(commit=None, version="nul\x00")
    program(launch, script, mode=mode)
    assert reason in look(launch, "look.sh", *arguments).findings[0]


def test_a_program_with_a_bad_first_line_is_a_finding(subject: Subjects) -> None:
    launch = subject()
    (launch.folder / "look").write_text("#!/no/such/interpreter\n")
    (launch.folder / "look").chmod(0o755)
    assert "cannot be started" in look(launch, "look").findings[0]


def test_no_descriptor_is_left_open(subject: Subjects) -> None:
    launch = subject()
    program(launch, "exit 1")
    before = len(list(Path("/proc/self/fd").iterdir()))
    for _ in range(3):
        look(launch, "look.sh")
    assert len(list(Path("/proc/self/fd").iterdir())) == before

"""Whether a program beside the checklist ends with status 0."""

from __future__ import annotations

import contextlib
import os
import selectors
import signal
import subprocess
import time
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from checklists.checks import CommandCheck
from tasks.checks.result import LENGTH, CheckFailed, CheckResult, judged
from tasks.checks.subject import Subject

LINES = 20
KEPT = LINES * LENGTH
CHUNK = 2**16
LOOK = 0.05
"""Seconds between looks whether the program has ended although something it left behind holds its output open."""


@dataclass(frozen=True, slots=True)
class Ended:
    """How a program ended: its status, or none where its time was over; and the end of what it printed."""

    status: int | None
    tail: bytes

    @property
    def lines(self) -> list[str]:
        return [line for line in self.tail.decode("utf-8", "replace").splitlines() if line.strip()][-LINES:]


def check_command(check: CommandCheck, subject: Subject) -> CheckResult:
    name, *arguments = check.with_.run
    program = _program(name, subject)
    ended = _run([str(program), *map(subject.filled, arguments)], subject, check.timeout)
    if ended.status == 0:
        return judged([], looked_at=1, good=f"{name} ended well", bad="")
    said = f"{name}: {_how(ended.status, check.timeout)}"
    return judged([f"{said}; see its last lines, correct what they say", *ended.lines], looked_at=1, good="", bad=said)


def _how(status: int | None, timeout: int) -> str:
    if status is None:
        return f"was stopped after {timeout} s"
    return f"ended with status {status}" if status > 0 else f"was ended by signal {-status}"


def _program(name: str, subject: Subject) -> Path:
    program = subject.path(name)
    if not program.is_file() or not os.access(program, os.X_OK):
        raise CheckFailed(f"{name}: is not a program that may be run; name a file and make it executable (chmod +x)")
    return program


def _environment(subject: Subject) -> dict[str, str]:
    """Nothing of our own environment but where programs and the home folder are: it holds secrets."""
    return {
        "PATH": os.environ.get("PATH", os.defpath),
        "HOME": os.environ.get("HOME", "/"),
        "LANG": os.environ.get("LANG", "C.UTF-8"),
        "TMINUS_PRODUCT": subject.product,
        "TMINUS_VERSION": subject.version,
        "TMINUS_TAG": subject.tag or "",
        "TMINUS_COMMIT": subject.commit or "",
    }


def _run(command: list[str], subject: Subject, seconds: float) -> Ended:
    deadline = time.monotonic() + seconds
    try:
        program = subprocess.Popen(
            command,
            cwd=subject.folder,
            env=_environment(subject),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    except (OSError, ValueError) as problem:
        raise CheckFailed(
            f"{command[0]}: cannot be started ({problem}); see its first line and its arguments"
        ) from problem
    with program:
        return _watch(program, deadline)


def _watch(program: subprocess.Popen[bytes], deadline: float) -> Ended:
    """Ends with nothing of the program's process group left alive, whatever happens."""
    assert program.stdout is not None  # noqa: S101 - it was asked for
    tail = b""
    try:
        tail = _tail(program, program.stdout, deadline)
        status = program.wait(max(deadline - time.monotonic(), 0))
    except subprocess.TimeoutExpired:
        status = None
    finally:
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(program.pid, signal.SIGKILL)
    return Ended(status, tail)


def _tail(program: subprocess.Popen[bytes], output: IO[bytes], deadline: float) -> bytes:
    """Reads what the program prints until it ends or the time is over; keeps the end of it."""
    tail = b""
    with selectors.DefaultSelector() as selector:
        selector.register(output, selectors.EVENT_READ)
        while time.monotonic() < deadline:
            has_ended = program.poll() is not None
            if selector.select(LOOK):
                chunk = os.read(output.fileno(), CHUNK)
                if not chunk:
                    break
                tail = (tail + chunk)[-KEPT:]
            elif has_ended:
                break
    return tail

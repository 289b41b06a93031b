"""Runs git: from lists and never a shell, asking nobody, bounded in time and output, its command line free of secrets.

What a repository contains was written by strangers. Names and addresses come after `--` or as full commit hashes, no
hook or driver runs, nothing is fetched by the way, and only https, ssh and folders are read.
"""

from __future__ import annotations

import base64
import os
import re
import selectors
import signal
import subprocess
import tempfile
import time
from collections.abc import Generator, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from typing import IO, TYPE_CHECKING

from checklists.errors import LaunchError
from templates.words import one_line

if TYPE_CHECKING:
    from pydantic import SecretStr

PASSED_ON = (
    "PATH", "HOME", "XDG_CONFIG_HOME", "SSH_AUTH_SOCK", "GIT_SSH_COMMAND", "SSL_CERT_FILE", "SSL_CERT_DIR",
    "GIT_SSL_CAINFO", "http_proxy", "https_proxy", "no_proxy", "all_proxy", "HTTPS_PROXY", "NO_PROXY", "ALL_PROXY",
)  # fmt: skip
"""Where git finds its parts, keys and the way out. Nothing else of ours: GIT_DIR would lead it astray, and GIT_TRACE
would print secrets."""
ALWAYS = {
    "LC_ALL": "C",
    "GIT_TERMINAL_PROMPT": "0",
    "GIT_ALLOW_PROTOCOL": "",
    "GIT_NO_LAZY_FETCH": "1",  # a partial clone names the program that would bring what it lacks
    "GIT_ATTR_NOSYSTEM": "1",
    "GIT_OPTIONAL_LOCKS": "0",
}
REACHING = {"GIT_ALLOW_PROTOCOL": "https:ssh:file"}
"""For what is meant to leave the folder."""
ALONE = {"GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_NOSYSTEM": "1"}
"""Nobody's settings: looking needs none, and they would change what is printed."""
PATIENT_SSH = "ssh -oBatchMode=yes -oConnectTimeout=10 -oServerAliveInterval=10"
CONFIG = {
    "core.hooksPath": os.devnull,
    "core.askPass": "",
    "core.attributesFile": os.devnull,
    "core.bigFileThreshold": "5m",  # larger files are not compared as text
    "gc.auto": "0",
    "maintenance.auto": "false",
    "http.followRedirects": "false",  # past the addresses that were looked at, and with the token
    "http.lowSpeedLimit": "1000",
    "http.lowSpeedTime": "20",
}
REMEDIES = {
    re.compile(r"returned error: 30\d\b"): "it leads elsewhere; name the address it leads to",
    re.compile(r"from promisor remote"): "this is a partial clone that lacks what is asked; "
    "complete it with git fetch --refetch --no-filter",
}
"""What to do about some of what git says."""
MEBIBYTE = 2**20
AT_MOST = 32 * MEBIBYTE
SAID = 4_000
CHUNK = 2**16
PIECE = 2**20


class GitFailed(LaunchError):
    """git is missing, said no, or took too long; the sentence says which."""


@dataclass(frozen=True, slots=True)
class Output:
    """What git printed; `whole` is False where there was more than anybody wanted."""

    status: int
    text: bytes
    errors: bytes
    whole: bool

    @property
    def lines(self) -> list[str]:
        return lines(self.text.decode("utf-8", "replace"))

    @property
    def complaint(self) -> str:
        """The line in which git says what is wrong."""
        errors = self.errors.decode("utf-8", "replace").strip()
        told = [line for line in errors.splitlines() if line.startswith(("fatal:", "error:", "ERROR:"))]
        said = one_line([*told, *errors.splitlines(), f"git ended with status {self.status}"][0], 200)
        return next((f"{said}; {remedy}" for sign, remedy in REMEDIES.items() if sign.search(errors)), said)


@dataclass(frozen=True)
class Git:
    """git with these settings, until `deadline` (`time.monotonic()`); `held` are open files its processes keep open."""

    deadline: float
    config: Mapping[str, str] = field(default_factory=dict, repr=False)
    environment: Mapping[str, str] = field(default_factory=lambda: ALONE)
    held: Sequence[int] = ()

    def ask(self, *words: str, at_most: int = AT_MOST, given: bytes = b"") -> Output:
        """What git prints, whatever its status; `given` is what it reads. Raises GitFailed where it cannot run or its
        time is over."""
        with _to_read(given) as read, self._started(words, subprocess.PIPE, read) as program:
            return _watch(program, self.deadline, at_most)

    def stream(self, *words: str) -> Generator[bytes]:
        """What git prints, in pieces, while it prints: however much it is, little of it is kept. The first is empty,
        and says that git has begun.

        Raises GitFailed, with git's own words, where it says no; whoever stops reading ends it.
        """
        with tempfile.TemporaryFile() as errors, self._started(words, errors) as program:
            try:
                yield b""
                yield from iter(lambda: os.read(_open(program.stdout).fileno(), PIECE), b"")  # while git goes on
                status = program.wait()
            finally:
                _end(program)
            if status:
                errors.seek(0)
                raise GitFailed(Output(status, b"", errors.read(SAID), whole=True).complaint)

    def _started(
        self, words: Sequence[str], errors: IO[bytes] | int, read: IO[bytes] | int = subprocess.DEVNULL
    ) -> subprocess.Popen[bytes]:
        if time.monotonic() >= self.deadline:
            raise GitFailed("the time was over before git was asked")
        try:
            return subprocess.Popen(
                ["git", *words],
                env=self._environment(),
                stdin=read,
                stdout=subprocess.PIPE,
                stderr=errors,
                pass_fds=self.held,
                start_new_session=True,
            )
        except FileNotFoundError as error:
            raise GitFailed("git was not found on this machine; install it") from error
        except (OSError, ValueError) as error:
            raise GitFailed(f"git cannot be asked this ({one_line(error, 200)})") from error

    def tell(self, *words: str, given: bytes = b"") -> Output:
        """The same; raises GitFailed with git's own words where it says no."""
        output = self.ask(*words, given=given)
        if output.status:
            raise GitFailed(output.complaint)
        return output

    def _environment(self) -> dict[str, str]:
        given = {name: os.environ[name] for name in PASSED_ON if name in os.environ}
        return {
            "GIT_SSH_COMMAND": PATIENT_SSH,
            **given,
            **ALWAYS,
            **_as_variables({**CONFIG, **self.config}),
            **self.environment,
        }


@contextmanager
def _to_read(given: bytes) -> Iterator[IO[bytes] | int]:
    """A file that can be read from its beginning; none where there is nothing in it, as mostly."""
    if not given:
        yield subprocess.DEVNULL
        return
    with tempfile.TemporaryFile() as file:
        file.write(given)
        file.seek(0)
        yield file


def lines(text: str) -> list[str]:
    """What git ended with a line end: names may hold signs that end a line elsewhere, such as U+2028."""
    return text.removesuffix("\n").split("\n") if text else []


def _as_variables(config: Mapping[str, str]) -> dict[str, str]:
    """Settings as git takes them from its environment: nobody sees them in a list of processes."""
    pairs = enumerate(config.items())
    named = {name: value for at, (key, said) in pairs for name, value in _pair(at, key, said)}
    return {"GIT_CONFIG_COUNT": str(len(config)), **named}


def _pair(at: int, key: str, value: str) -> tuple[tuple[str, str], tuple[str, str]]:
    return (f"GIT_CONFIG_KEY_{at}", key), (f"GIT_CONFIG_VALUE_{at}", value)


def signed_in(origin: str, token: SecretStr) -> dict[str, str]:
    """The settings that show a GitHub token to this origin (`https://github.com/`) and to no other."""
    secret = base64.b64encode(f"x-access-token:{token.get_secret_value()}".encode()).decode()
    return {f"http.{origin}.extraHeader": f"Authorization: Basic {secret}"}


def _watch(program: subprocess.Popen[bytes], deadline: float, at_most: int) -> Output:
    """Reads until git has ended or said enough. Nothing of its process group outlives this."""
    try:
        text, errors, whole = _read(program, deadline, at_most)
        status = program.wait(max(deadline - time.monotonic(), 0)) if whole else 0
    except subprocess.TimeoutExpired as error:
        raise GitFailed("git did not end in time") from error
    finally:
        _end(program)
    return Output(status, text, errors, whole)


def _end(program: subprocess.Popen[bytes]) -> None:
    with suppress(ProcessLookupError, PermissionError):
        os.killpg(program.pid, signal.SIGTERM)  # git removes its lock files then
        with suppress(subprocess.TimeoutExpired):
            program.wait(1)
        os.killpg(program.pid, signal.SIGKILL)


def _read(program: subprocess.Popen[bytes], deadline: float, at_most: int) -> tuple[bytes, bytes, bool]:
    text, errors = bytearray(), bytearray()
    with selectors.DefaultSelector() as selector:
        for pipe, kept in ((program.stdout, text), (program.stderr, errors)):
            selector.register(_open(pipe), selectors.EVENT_READ, kept)
        while selector.get_map() and len(text) <= at_most:
            ready = selector.select(max(deadline - time.monotonic(), 0))
            if not ready:
                raise subprocess.TimeoutExpired("git", 0)
            for key, _ in ready:
                chunk = os.read(key.fd, CHUNK)
                key.data.extend(chunk)
                if not chunk:
                    selector.unregister(key.fileobj)
            del errors[SAID:]
    return bytes(text[:at_most]), bytes(errors), len(text) <= at_most


def _open(pipe: IO[bytes] | None) -> IO[bytes]:
    assert pipe is not None  # noqa: S101 - it was asked for
    return pipe

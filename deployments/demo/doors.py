"""How the simulated people act: through Prefect's API as its UI does, and through the `tminus` command."""

from __future__ import annotations

import signal
import subprocess
import sys
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import requests

from checklists.errors import LaunchError
from checklists.launch import Launch
from deployments.demo.letters import confirm, write
from deployments.demo.people import Act
from deployments.demo.writing import edited
from deployments.parts import end_with_parent

AT_ONCE = 2  # commands; each is a process of its own
TRIES = 3
PATIENCE = 5  # seconds


class NotAllowed(LaunchError):
    """A simulated person was refused again and again."""


@dataclass
class Doors:
    """Carries acts out, each once. `look` has to be called now and then."""

    api: str
    pages: str
    outbox: Path
    said: Callable[[str], None]
    _answered: set[Act] = field(default_factory=set)
    _commands: dict[Act, subprocess.Popen[str]] = field(default_factory=dict)
    _refused: Counter[Act] = field(default_factory=Counter)

    def take(self, launch: Launch, act: Act) -> None:
        """Begin to act, unless this is under way already."""
        if act in self._answered or act in self._commands:
            return
        if act.what == "confirm":
            self._confirm(launch, act)
        elif act.what == "write":
            self._write(launch, act)
        elif act.is_by_form:
            self._resume(launch, act)
        elif len(self._commands) < AT_ONCE:
            self._commands[act] = _started(command(launch.id, act, self.pages))

    def look(self) -> None:
        """See which commands have ended. Raises NotAllowed where one was refused too often."""
        for act, process in list(self._commands.items()):
            if process.poll() is not None:
                del self._commands[act]
                self._judge(act, process)

    def close(self) -> None:
        """Leave no command behind."""
        for process in self._commands.values():
            with process:
                process.kill()

    def _judge(self, act: Act, process: subprocess.Popen[str]) -> None:
        words = " ".join(process.communicate()[1].split())
        if words:
            self.said(f"{act.person}: {words}")
        self._refused[act] += process.returncode != 0
        if self._refused[act] == TRIES:
            raise NotAllowed(f"{act.person} could not {act.what} {act.item}: {words or process.returncode}")

    def _confirm(self, launch: Launch, act: Act) -> None:
        """One click on the page behind the link in their mail; a mail that is still on its way is looked for again."""
        try:
            if confirm(self.outbox, act.person, launch.items[act.item].item.label):
                self._answered.add(act)
        except requests.RequestException as error:
            self.said(f"{act.person}: the page of {act.item} does not answer ({type(error).__name__})")

    def _write(self, launch: Launch, act: Act) -> None:
        """Edit the notes on the page behind the link in their mail."""
        try:
            if write(self.outbox, act.person, launch.name, edited):
                self._answered.add(act)
                self.said(f"{act.person} edits the drafted notes on their page: other words for customers")
        except requests.RequestException as error:
            self.said(f"{act.person}: the page of {act.item} does not answer ({type(error).__name__})")

    def _resume(self, launch: Launch, act: Act) -> None:
        """Answer the Resume form. A form that is not there yet, or a busy server, is tried again at the next look."""
        run = launch.items[act.item].run
        if run is None:
            return
        answer = {"signed_by": act.person, "decision": act.what, "comment": act.comment}
        if act.evidence:
            answer["evidence"] = "\n".join(shown(act, self.pages))
        address = f"{self.api}/flow_runs/{run.run_id}/resume"
        try:
            told = requests.post(address, json={"run_input": answer}, timeout=PATIENCE)
        except requests.RequestException as error:
            self.said(f"{act.person}: Prefect does not answer the form of {act.item} ({type(error).__name__})")
            return
        if told.ok and told.json()["status"] in ("ACCEPT", "ABORT"):  # aborted: it was answered already
            self._answered.add(act)


def command(launch: str, act: Act, pages: str) -> list[str]:
    """The words after `tminus`."""
    comment = ["--comment", act.comment] if act.comment else []
    if act.what in ("complete", "rerun"):
        return [act.what, launch, act.item, "--as", act.person, *comment]
    if act.what == "waive":
        return ["waive", launch, act.item, "--as", act.person, "--reason", act.comment]
    evidence = [word for piece in shown(act, pages) for word in ("--evidence", piece)]
    return ["sign", launch, act.item, "--as", act.person, f"--{act.what}", *comment, *evidence]


def shown(act: Act, pages: str) -> list[str]:
    """The evidence somebody brings along, as they would type it."""
    return [f"{name}={pages}/{name}.html" for name in act.evidence]


def _started(words: list[str]) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-m", "deployments.command", *words],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
        preexec_fn=lambda: end_with_parent(signal.SIGTERM),
    )

"""Plays the demo: set up, tag, deliver, let the people act, and say how it went."""

from __future__ import annotations

import logging
import time
from contextlib import ExitStack, closing
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

from checklists.decide import launch_id
from checklists.files.organisation_file import read_organisation
from checklists.fold import fold
from checklists.items import Notes
from checklists.launch import Launch
from deployments.answers import No
from deployments.demo.closing import SHELL, looks, near, print_looks, print_summary, summary
from deployments.demo.crowd import imported
from deployments.demo.doors import Doors
from deployments.demo.pages import serving
from deployments.demo.patience import Patience
from deployments.demo.people import is_time_to_move, next_acts
from deployments.demo.repository import AUTHOR, Repository, find_or_make, release
from deployments.demo.screen import Tick, console, last_picture, screen
from deployments.demo.translating import translate
from deployments.demo.view import Scene
from deployments.demo.webhook import NAME, deliver, published, pushed
from deployments.environment import free_port, kept_port, only_here, to_source
from deployments.up import Running, up
from tasks.settings import Settings

if TYPE_CHECKING:
    from rich.console import Console

    from tasks.world import World

HOST = "127.0.0.1"
ORGANISATION = Path(__file__).with_name("organisation.yaml")
SHIPPED, GIT = "http://127.0.0.1:4290", "/path/to/acme"
AWAY_FROM, AWAY_TO = "2026-11-23", "2026-11-27"
TICK = 0.15  # seconds
log = logging.getLogger("tminus.demo")


def demo(exit_: bool) -> None:
    """Raises No, with one sentence and where to read more, when something fails."""
    settings = Settings()
    written = _log_to(settings.make_home() / "logs" / "demo.log")
    try:
        _demo(settings, stays=not exit_)
    except No:
        raise
    except Exception as error:
        log.exception("the demo failed")
        why = " ".join(str(error).split()) or type(error).__name__
        raise No(f"the demo failed: {why}; see {written}") from error


def _log_to(file: Path) -> Path:
    file.parent.mkdir(parents=True, exist_ok=True)
    there = logging.FileHandler(file)
    there.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(message)s"))
    log.addHandler(there)
    log.setLevel(logging.INFO)
    log.propagate = False
    return file


def _demo(settings: Settings, *, stays: bool) -> None:
    out, people = console(), read_organisation(ORGANISATION).people
    scene = Scene({address: person.name for address, person in people.items()}, now)
    with ExitStack() as stack:
        with screen(out, scene) as tick:
            play = _set_up(stack, settings, scene, tick)
            launch = play.follow(play.deliver())
        last_picture(out, scene)
        if launch.abandoned is not None:
            raise No(f"{launch.name} was abandoned: {launch.abandoned}")
        _say_how_it_went(out, play, launch, settings, stays=stays)
        if stays:
            _stay(out, play.running)


def _set_up(stack: ExitStack, settings: Settings, scene: Scene, tick: Tick) -> Play:
    """Everything that the demo needs, running; ended with the stack."""
    folder = settings.home.resolve() / "demo"
    repository = find_or_make(folder / NAME)
    say(scene, tick, f"a git repository with {repository.size()} is in {near(folder / NAME)}")
    pages = stack.enter_context(serving(repository.docs))
    organisation = folder / "organisation.yaml"
    organisation.write_text(_organisation(pages, repository.folder, now().date()), "utf-8")
    say(scene, tick, "Prefect server, worker and web room are starting")
    only_here(settings, organisation)
    ours = Settings()  # without what was there before
    running = stack.enter_context(up(ours, HOST, free_port(HOST, 0), kept_port(HOST, folder / "web-port")))
    (folder / SHELL).write_text(to_source(ours, organisation, running.web), "utf-8")
    say(scene, tick, f"they are up: {running.ui} and {running.web}")

    from tasks.world import world  # with Prefect, which has to find the environment that was set above

    doors = Doors(running.api, pages, ours.outbox, lambda text: say(scene, tick, text))
    here = world()
    say(scene, tick, imported(here.ledger, now()))
    return Play(here, running, repository, stack.enter_context(closing(doors)), scene, tick)


def _organisation(pages: str, repository: Path, today: date) -> str:
    """The example, with the addresses of this run, and with somebody who is away today."""
    text = ORGANISATION.read_text("utf-8").replace(SHIPPED, pages).replace(GIT, str(repository))
    return text.replace(AWAY_FROM, f"{today}").replace(AWAY_TO, f"{today + timedelta(days=4)}")


def now() -> datetime:
    return datetime.now(UTC)


def say(scene: Scene, tick: Tick, text: str) -> None:
    """Show and log something that the record does not tell."""
    log.info(text)
    scene.note(text)
    tick()


@dataclass
class Play:
    """A demo that is set up."""

    world: World
    running: Running
    repository: Repository
    doors: Doors
    scene: Scene
    tick: Tick
    version: str = ""

    def say(self, text: str) -> None:
        say(self.scene, self.tick, text)

    def deliver(self) -> str:
        """Tag a release and tell of it. Returns the launch that follows."""
        self.version = release(self.repository, self._is_over)
        tag = f"v{self.version}"
        is_begun = self._is_over(self.version) is not None
        told = "its launch is not over; the demo goes on with it" if is_begun else self.repository.subject(tag)
        self.say(f"git tag {tag}: {told}")
        commit = self.repository.head(tag)
        self._tell(pushed(tag, "", commit, self.repository.subject(tag), now()), "push")
        name = self._tell(published(tag, commit, self.repository.notes(tag), now()), "release")
        self.say(f"signed webhooks tell of {tag}; the web room answers: {name}")
        return name

    def _tell(self, payload: dict[str, Any], event: str) -> str:
        secret = self.world.settings.webhook_secret.get_secret_value()
        return deliver(self.running.web, payload, secret, event)

    def _move_the_tag(self) -> None:
        """The engineer mends a mistake that was found late, and tells of it as GitHub does."""
        tag, before = f"v{self.version}", self.repository.head(f"v{self.version}")
        subject = self.repository.move(self.version)
        if subject is None:
            return
        self.say(f"{AUTHOR} commits “{subject}” and moves the tag {tag} there")
        self._tell(pushed(tag, before, self.repository.head(tag), subject, now()), "push")

    def _is_over(self, version: str) -> bool | None:
        launch = self.world.launch(launch_id(NAME, version))
        return launch.is_over if launch else None

    def follow(self, name: str) -> Launch:
        """The launch when it has come to its end. Raises Stuck where it does not."""
        patience = Patience(name)
        while not ((launch := self._look(name)) and launch.has_ended):
            self.running.watch(self.say)
            if launch:
                self._act(launch)
            patience.check(launch)
            time.sleep(TICK)
        return launch

    def _look(self, name: str) -> Launch | None:
        entries = self.world.ledger.read(name)
        if entries:
            self.scene.launch, self.scene.entries = fold(entries), entries
        self.tick()
        return self.scene.launch

    def _act(self, launch: Launch) -> None:
        """Let everybody do what they would do now."""
        if translate(launch, self.world.organisation_file.file):
            self.say("somebody translates the notes for customers into German and French")
        for state in launch.items.values():
            is_bad = state.status in ("changes-requested", "failed") and not isinstance(state.item, Notes)
            if is_bad and (done := self.repository.mend(self.version)):
                self.say(f"{AUTHOR} commits “{done}”")
        if is_time_to_move(launch):
            self._move_the_tag()
        for act in next_acts(launch, self.world.directory, self.world.now()):
            self.doors.take(launch, act)
        self.doors.look()


def _say_how_it_went(out: Console, play: Play, launch: Launch, settings: Settings, *, stays: bool) -> None:
    from tasks.announcements.reaching import reach_of  # with Prefect

    reached = reach_of(play.world, launch)
    took = (launch.closed_at or now()) - launch.started_at
    out.print()
    print_summary(out, f"{launch.name} is closed", summary(launch, play.scene.entries, reached, took.total_seconds()))
    out.print()
    print_looks(out, looks(launch, settings, play.running.ui, play.running.web, stays=stays))


def _stay(out: Console, running: Running) -> None:
    out.print("\nEverything stays up until Ctrl-C.", style="dim")
    try:
        while True:
            time.sleep(1)
            running.watch(out.print)
    except KeyboardInterrupt:
        out.print("stopping", style="dim")

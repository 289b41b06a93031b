"""What commands on launches share: the world, how a command is carried out, and how a launch is printed."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING, Annotated, Any

from cyclopts import CycloptsError, Parameter

from deployments.answers import No, as_json, plain, table

if TYPE_CHECKING:
    from checklists.commands import Actor, Command
    from checklists.decide import Refusal
    from checklists.entries import FollowedUp
    from checklists.launch import ItemState, Launch
    from tasks.world import World

As = Annotated[
    str | None,
    Parameter(name="--as", help="Your mail address; when left out, this machine's login, or whose TMINUS_TOKEN it is."),
]
Json = Annotated[bool, Parameter(negative=(), help="Print one JSON value and nothing else.")]
Flag = Annotated[bool, Parameter(negative=())]


def reach() -> World:
    """The world, found before Prefect is imported."""
    from deployments.environment import find_prefect
    from tasks.settings import Settings

    find_prefect(Settings())
    from tasks.world import world

    return world()


def found(world: World, name: str) -> Launch:
    launch = world.launch(name)
    if launch is None:
        raise No(f"{name}: no such launch; `tminus list` shows the launches there are")
    return launch


def act_as(name: str, as_: str | None, make: Callable[[World, Actor], Command], json: bool) -> None:
    """Decide a command of whoever sits here, move the launch, print it; a refusal is exit status 1 with its reason."""
    world = reach()
    found(world, name)
    end(world, *carried_out(world, name, as_, make), json)


def carried_out(
    world: World, name: str, as_: str | None, make: Callable[[World, Actor], Command]
) -> tuple[Launch, str]:
    """The launch after a command of whoever sits here, and what Prefect being away puts off. Raises No if refused."""
    from checklists.decide import Refusal
    from tasks.carrying_out import carry_out
    from tasks.people.identity import terminal

    by = _proven(world, name, as_, make)
    command = make(world, by)
    answer, note = carry_out(world, name, replace(command, address=terminal()))
    if isinstance(answer, Refusal):
        raise refused(world, answer, by)
    return answer, note


def refused(world: World, answer: Refusal, by: Actor) -> No:
    """The reason, and how to say who one is where the organisation does not know them."""
    if by.is_known or not answer.may_not:
        return No(answer.reason)
    return No(f"{answer.reason}; say with --as ADDRESS who you are, of the people in {world.settings.organisation}")


def _proven(world: World, name: str, as_: str | None, make: Callable[[World, Actor], Command]) -> Actor:
    """Who sits here. Where they cannot show it, that somebody tried is recorded, and No is raised."""
    from checklists.decide import Refusal
    from tasks.act import refuse
    from tasks.people.identity import NotProven, in_terminal, stranger, terminal
    from tasks.people.tokens import scope_of

    tried = make(world, stranger())
    try:
        return in_terminal(world, as_, scope_of(tried))
    except NotProven as error:
        refuse(world, name, replace(tried, address=terminal()), Refusal(str(error)))
        raise No(str(error)) from error


def known_at(world: World, as_: str | None) -> Actor:
    """Who sits here, where nothing is recorded of somebody who cannot show it. Raises No."""
    from tasks.people.identity import NotProven, in_terminal

    try:
        return in_terminal(world, as_, "sign")
    except NotProven as error:
        raise No(str(error)) from error


def move(world: World, name: str, json: bool) -> None:
    """Carry out what is due, or say on stderr that it will be, and print the launch."""
    from tasks.advance import try_advance

    end(world, *try_advance(world, name), json)


def end(world: World, launch: Launch, note: str, json: bool) -> None:
    """Print the launch, and only then write to people."""
    import sys

    from tasks.notices.delivering import deliver_notices

    if note:
        print(note, file=sys.stderr)
    print_launch(world, launch, json)
    sys.stdout.flush()
    deliver_notices(world)


def print_launch(world: World, launch: Launch, json: bool) -> None:
    from checklists.questions import how_to_settle, is_silent, way_to_settle
    from tasks.view import as_shown
    from templates.item_story import reviewed

    shown = as_shown(world, launch)
    if json:
        as_json(shown)
        return
    reason = f" ({plain(launch.reason)})" if launch.reason else ""
    rows = [_row(key, item) for key, item in shown["items"].items()]
    kind = " · a rehearsal" if launch.rehearsal else ""
    table(
        f"{launch.name}{kind} · {launch.status}{reason}",
        ("item", "title", "status", "waits for", "signed by"),
        rows,
        spare="title",
    )
    for key, review in ((key, state.review) for key, state in launch.items.items() if state.review):
        print(f"{key}: {plain(reviewed(review.standing, review.url))}")
    for line in (line for state in launch.items.values() for line in _said_after(world, launch, state)):
        print(plain(line))
    for key in launch.unanswered:
        said, about = plain(launch.questions[key].said), launch.questions[key].about
        if about is not None:
            print(f"{key}: {said} Did it arrive?")
            _print_settling(how_to_settle(launch.id, key))
            continue
        print(f"{key}: {said} No announcement leaves before this is answered: keep going with")
        print(f"  tminus complete {launch.id} {key} --comment WHY; or hold, retag or abandon the launch")
    for one in world.ledger.in_doubt.each(launch.id):
        if not launch.asked_about(one.item, one.purpose) and (way := way_to_settle(launch, one.item, one.purpose)):
            print_doubt(one.name, one.count, way, is_silent=is_silent(launch, one.purpose))
    if shown["run_url"]:
        print(shown["run_url"])


def _said_after(world: World, launch: Launch, state: ItemState) -> Iterator[str]:
    """Each correction and recall of an announcement with how far it is, and why nothing of it leaves for now."""
    for one in state.follow_ups:
        words = one.note or next(iter(one.text.splitlines()), "")
        yield f"{one.purpose} of {state.key}: “{words}” ({_how_far(world, launch, one)})"
    if state.stopped is not None:
        what = f"what is said after {state.key}" if state.has_ended else state.key
        yield f"{what} is paused: {state.stopped}"
        yield f"  tminus announcements resume {launch.id} {state.key}"


def _how_far(world: World, launch: Launch, said: FollowedUp) -> str:
    from checklists.reach import HANDED_OVER

    counts = world.ledger.deliveries.by_channel(launch.id, said.item, said.purpose)
    out = sum(count for (_, state), count in counts.items() if state in HANDED_OVER)
    rest = "; a later one took its place" if said.purpose in launch.items[said.item].replaced else ""
    return f"{out:,} of {sum(counts.values()):,} handed over{rest}"


def print_doubt(name: str, count: int, settle: str, *, is_silent: bool = False) -> None:
    """That so many of it are in doubt, and what to do about it."""
    print(f"{name}: {count:,} may have arrived, or not. Did they arrive?")
    _print_settling(settle, is_silent=is_silent)


def _print_settling(settle: str, *, is_silent: bool = False) -> None:
    print(f"  {settle} --arrived{'' if is_silent else '; or --again to have it sent again'}")


def _row(key: str, item: dict[str, Any]) -> tuple[str, ...]:
    waits = item["blocked_by"] or _its_time(item) if item["status"] == "waiting" else item["missing"]
    again = f" (round {item['round']})" if item["round"] > 1 else ""
    signed = [signature["by"] for signature in item["signatures"]]
    return key, item["title"], item["status"] + again, ", ".join(waits), ", ".join(signed)


def _its_time(item: dict[str, Any]) -> list[str]:
    """The moment of an announcement whose hour has not come, or whose readers' day has not begun."""
    return [f"{datetime.fromisoformat(item['not_before']):%d %b %Y %H:%M %Z}"] if item["not_before"] else []


def wrong_usage(said: str) -> Exception:
    """What cyclopts raises for words it cannot use."""
    import sys

    print(said, file=sys.stderr)
    return CycloptsError(msg=said)

"""Commands on announcements that are on their way or out: pause, correct or recall one, or stop all that leaves."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from cyclopts import App

from deployments.answers import as_json, plain, table
from deployments.following_up import correct, recall
from deployments.wiring import As, Flag, Json, act_as, print_doubt, reach, refused, wrong_usage

if TYPE_CHECKING:
    from checklists.entries import Fate

NAMED = 3

announcements = App(
    name="announcements", help="Pause, correct and recall announcements, stop all sending.", help_format="plaintext"
)


@announcements.command
def pause(launch: str, item: str, *, reason: str, as_: As = None, json: Json = False) -> None:
    """Let nothing more of one announcement, or of what is said after it, leave for now; what has left, has left.

    Parameters
    ----------
    reason
        Stands in the record.
    """
    from checklists.commands import Pause

    act_as(launch, as_, lambda _, by: Pause(by=by, item=item, reason=reason), json)


@announcements.command
def resume(launch: str, item: str, *, as_: As = None, json: Json = False) -> None:
    """Let what is left of one announcement leave."""
    from checklists.commands import Unpause

    act_as(launch, as_, lambda _, by: Unpause(by=by, item=item), json)


announcements.command(correct)
announcements.command(recall)


@announcements.command
def settle(
    launch: str,
    item: str,
    *,
    arrived: Flag = False,
    again: Flag = False,
    purpose: str = "",
    comment: str = "",
    as_: As = None,
    json: Json = False,
) -> None:
    """Say what became of deliveries in doubt: they arrived, or are to be sent again, to those in doubt alone.

    Parameters
    ----------
    item
        The question about them, such as question-1; or the announcement, with --purpose or once its launch is over.
    arrived
        They count as handed over.
    again
        They are written to once more, an announcement only while its launch runs; who has it already hears it twice.
    purpose
        Which correction or recall of it, such as correction/1; of any launch.
    comment
        How you know; stands in the record.
    """
    from checklists.delivery_commands import Settle

    if arrived == again:
        raise wrong_usage("say one of the two: --arrived or --again")
    fate: Fate = "arrived" if arrived else "again"
    said = partial(Settle, item=item, fate=fate, comment=comment, purpose=purpose)
    act_as(launch, as_, lambda _, by: said(by=by), json)


@announcements.command
def stop(*, reason: str, as_: As = None) -> None:
    """Stop every announcement of every launch, and digests, now and until `announcements start`.

    Parameters
    ----------
    reason
        Stands in the record.
    """
    _turn(reason, as_, is_on=False)


@announcements.command
def start(*, reason: str = "", as_: As = None) -> None:
    """Let announcements and digests leave again after `announcements stop`.

    Parameters
    ----------
    reason
        Stands in the record.
    """
    _turn(reason, as_, is_on=True)


@announcements.command
def status(*, json: Json = False) -> None:
    """Say whether announcements may leave, who said so, and what of them and of digests is in doubt."""
    from checklists.questions import is_silent, way_to_settle

    world = reach()
    ledger = world.ledger
    turns = ledger.switches.turns()
    if json:
        as_json([turn.model_dump(mode="json") for turn in turns])
        return
    rows = [(f"{turn.at:%Y-%m-%d %H:%M}", "start" if turn.is_on else "stop", turn.by, turn.reason) for turn in turns]
    stopped = bool(turns) and not turns[0].is_on
    why = f"All sending is stopped: {plain(turns[0].reason)}" if stopped else ""
    print(why or "Announcements may leave; nothing is stopped.")
    if rows:
        table("What was stopped and started", ("at (UTC)", "what", "who", "why"), rows)
    for one in ledger.in_doubt.each():
        launch = world.launch(one.launch_id)
        if launch and (way := way_to_settle(launch, one.item, one.purpose)):
            quiet = is_silent(launch, one.purpose)
            print_doubt(f"{one.launch_id}: {one.name}", one.count, way, is_silent=quiet)
    if digests := ledger.in_doubt.digests():
        some = ", ".join(f"{recipient} ({period})" for recipient, period in digests[-NAMED:])
        print(f"{len(digests):,} digests may have arrived, or not, the latest: {some}.")
        print("  None is sent again; what stood in them stands on the change channel.")


def _turn(reason: str, as_: str | None, *, is_on: bool) -> None:
    world = reach()
    from checklists.decide import Refusal
    from tasks.people.identity import in_terminal
    from tasks.sending.switching import switch

    by = in_terminal(world, as_, "manage")
    answer = switch(world, by, "command", reason, is_on=is_on)
    if isinstance(answer, Refusal):
        raise refused(world, answer, by)
    print("announcements may leave" if is_on else "all announcements are stopped")

"""An automated check as a Prefect task: one look, and what is reported of it."""

from __future__ import annotations

from pathlib import Path

from prefect import task

from checklists.checks import Automated
from checklists.commands import TMINUS, Report
from checklists.decide import Refusal
from checklists.errors import LaunchError
from checklists.launch import Launch
from checklists.request import ItemRun
from tasks.act import act
from tasks.checks.run import CheckResult, Subject, run_check
from tasks.sending.doubts import Doubt
from tasks.world import World

NONE = Doubt()
AT_WORK = ("open", "running", "failed")  # what failed may come out well after all, by a Retry in the Prefect UI


class NotYet(LaunchError):
    """A check did not come out well; Prefect tries again as often as the item says."""

    def __init__(self, result: CheckResult) -> None:
        super().__init__(result.summary)
        self.result = result


def is_wanted(world: World, run: ItemRun) -> bool:
    """Whether the launch asks for this now: anybody can start a `check` run by hand, and programs have effects."""
    return asks_for(world.launch(run.launch_id), run)


def asks_for(launch: Launch | None, run: ItemRun) -> bool:
    """The same of a launch that was read already."""
    state = launch.items.get(run.item) if launch and not launch.is_over else None
    return state is not None and state.round == run.round and state.status in AT_WORK


def look(world: World, run: ItemRun) -> CheckResult:
    """The check's result after as many tries as its item allows."""
    launch = world.launch(run.launch_id)
    item = launch.items[run.item].item if launch and run.item in launch.items else None
    if launch is None or not isinstance(item, Automated):
        raise LaunchError(f"{run.launch_id}: {run.item} is not a check of this launch")
    patient = once.with_options(
        name=item.label, retries=item.retries, retry_delay_seconds=item.retry_delay, persist_result=False
    )
    try:
        return patient(item, subject(world, launch))
    except NotYet as failed:
        return failed.result


@task(name="look")
def once(item: Automated, of: Subject) -> CheckResult:
    result = run_check(item, of)
    if not result.ok:
        raise NotYet(result)
    return result


def subject(world: World, launch: Launch) -> Subject:
    """What the checks of a launch look at."""
    release, product = launch.release, world.organisation.products.get(launch.release.product)
    return Subject(
        product=release.product,
        version=release.version,
        tag=release.tag,
        commit=release.commit or release.tag,
        repository=release.repository,
        folder=Path(launch.folder),
        pages=product.pages if product else (),
        allowed_networks=world.organisation.allow_private_addresses,
        github_api=world.settings.github_api,
        github_token=world.settings.github_token,
    )


def report(
    world: World,
    run: ItemRun,
    *,
    ok: bool,
    summary: str,
    findings: tuple[str, ...] = (),
    doubt: Doubt = NONE,
) -> Launch | Refusal:
    """Take a machine's result to `decide`; a late one changes nothing."""
    said = Report(
        by=TMINUS,
        via="tminus",
        item=run.item,
        round=run.round,
        number=run.number,
        ok=ok,
        summary=summary,
        findings=findings,
        unsettled=doubt.unsettled,
        ask_from=doubt.ask_from,
    )
    return act(world, run.launch_id, said)

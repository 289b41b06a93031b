"""How a launch begins: from a request, once for each product and version."""

from __future__ import annotations

from dataclasses import replace

from checklists.checklist import unknown
from checklists.commands import Actor, Start
from checklists.decide import Refusal, launch_id
from checklists.entries import Attached, Difference, Release, Via
from checklists.errors import LaunchError
from checklists.files.load import load_checklist
from checklists.files.validate import check_against
from checklists.launch import Launch
from checklists.organisation import Product
from checklists.request import LaunchRequest
from checklists.versions import is_version
from checklists.which import choose, refusal
from tasks.act import begin
from tasks.advance import record
from tasks.changes.known import known_releases
from tasks.changes.mirror import mirror
from tasks.changes.releases import since_the_one_before
from tasks.intake.told import LATER
from tasks.intake.trying_again import stamp, when_again
from tasks.observing import take_in
from tasks.superseding import older_ones
from tasks.world import World

PATIENCE = 20  # seconds for git when a launch begins; later there is more time


def open_launch(
    world: World, request: LaunchRequest, *, by: Actor | None = None, via: Via = "tminus"
) -> Launch | Refusal:
    """The launch of this release: begun now, or found as it is.

    Raises InvalidFile for a broken checklist; where a receipt is behind it, that is a refusal, and tried again."""
    request = _as_received(world, request)
    launch = _found(world, request)
    files = stamp(world) if request.receipt and launch is None else ""
    answer = launch or _begun(world, request, by or Actor(request.requested_by, request.requested_by), via)
    return _settle(world, request.receipt, answer, files) if request.receipt else answer


def _found(world: World, request: LaunchRequest) -> Launch | None:
    """The launch this release has, whatever became of its checklist and its people since."""
    launch = world.launch(launch_id(request.product, request.version))
    asked = request.product, request.version
    return launch if launch and (launch.release.product, launch.release.version) == asked else None


def _begun(world: World, request: LaunchRequest, by: Actor, via: Via) -> Launch | Refusal:
    command = _start(world, request, by, via)
    launch = command if isinstance(command, Refusal) else begin(world, command)
    if not isinstance(launch, Refusal):
        world.ledger.receipts.wake(LATER, request.product, request.version)
    if not isinstance(launch, Refusal) and take_in(world, launch):
        return world.launch(launch.id) or launch
    return launch


def _as_received(world: World, request: LaunchRequest) -> LaunchRequest:
    """What the receipt says by now: of the events of one tag the first may know neither commit nor notes."""
    receipt = world.ledger.receipts.find(request.receipt) if request.receipt else None
    return LaunchRequest.model_validate(receipt.payload) if receipt and receipt.state == "new" else request


def _start(world: World, request: LaunchRequest, by: Actor, via: Via) -> Start | Refusal:
    product = world.organisation.products.get(request.product)
    if product is None:
        return Refusal(unknown(request.product, world.organisation.products, "product"))
    if not is_version(request.version):
        return Refusal(f"{request.version!r} is no version; expected numbers such as 2.4.0 or 2.4.0-rc.1")
    known = known_releases(world.settings, world.ledger, world.organisation, request.product, PATIENCE)
    choice = choose(product, request.version, known.versions)
    if choice.is_ignored and not request.checklist:
        return Refusal(refusal(request.product, choice))
    try:
        loaded = load_checklist(request.checklist or choice.checklist, world.settings.folders)
    except LaunchError as error:
        if request.receipt is None:
            raise
        return Refusal("; ".join(str(error).splitlines()), is_unmet=True)
    if findings := check_against(loaded, world.organisation):
        return Refusal("; ".join(str(finding) for finding in findings), is_unmet=True)
    difference = _difference(world, request, product)
    return Start(
        by=by,
        via=via,
        release=_release(request, product, difference),
        difference=difference,
        checklist=loaded.checklist,
        folder=str(loaded.folder),
        calendar=product.calendar,
        directory=world.directory,
        launch_on=request.launch_on,
        older=_older(world, request) if product.supersede == "queue" and not choice.is_rehearsal else (),
        replaces=_older(world, request) if product.supersede == "replace" and not choice.is_rehearsal else (),
        rehearsal=choice.is_rehearsal,
    )


def _older(world: World, request: LaunchRequest) -> tuple[str, ...]:
    return older_ones(world, request.product, request.version)


def _difference(world: World, request: LaunchRequest, product: Product) -> Difference | None:
    """What is new in the release, where git can say so soon; the launch begins all the same where it cannot."""
    if product.git is None:
        return None
    at = mirror(world.settings, product.git, PATIENCE, world.organisation.allow_private_addresses)
    return since_the_one_before(at, product, request.version, request.tag, request.commit)


def _release(request: LaunchRequest, product: Product, difference: Difference | None) -> Release:
    return Release(
        product=request.product,
        title=product.title,
        version=request.version,
        tag=request.tag,
        commit=(difference and difference.head) or request.commit,
        repository=request.repository or product.repository,
        url=request.url,
        notes=request.notes,
    )


def _settle(world: World, key: str, answer: Launch | Refusal, files: str) -> Launch | Refusal:
    """Write down what came of the receipt, and say of a refusal whether it is tried again."""
    if not isinstance(answer, Refusal):
        world.ledger.receipts.settle(key, "started", launch_id=answer.id)
        return answer
    receipt = world.ledger.receipts.find(key) if answer.is_unmet else None
    if receipt:
        answer = replace(answer, reason=f"{answer.reason}; {when_again(receipt)}")
    world.ledger.receipts.settle(key, "ignored", reason=answer.reason, files=files if answer.is_unmet else "")
    return answer


def attach(world: World, launch: Launch, run_id: str) -> Launch:
    """Make this flow run the launch's own, unless it has one."""
    if launch.run is not None or launch.has_ended:
        return launch
    run = world.board.adopt(launch, run_id)
    fact = Attached(run_id=run.run_id, table_id=run.table_id, progress_id=run.progress_id)
    return record(world, launch, (fact,))

"""Looks at everything tminus needs; each look says what is there, or what is wrong and what to do about it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from prefect.client.orchestration import SyncPrefectClient
from prefect.client.schemas.filters import WorkerFilter, WorkerFilterStatus
from prefect.client.schemas.objects import WorkerStatus
from prefect.settings import PREFECT_API_URL

from checklists.audience import Audience
from checklists.errors import Finding, LaunchError, Unreachable
from checklists.files.load import load_checklist, names
from checklists.files.validate import validate
from deployments.deploy import read
from deployments.environment import POOL
from tasks.announcements.announcement import sender_of
from tasks.boards.prefect_api import deployment_id, talking
from tasks.changes.git import GitFailed
from tasks.changes.mirror import mirror
from tasks.changes.releases import away
from tasks.digests.planning import REMEDY
from tasks.loopback import check_trust
from tasks.senders.outbox import Outbox
from tasks.senders.sendgrid_log import NoLog
from tasks.senders.ways_out import mail_log, sender_for
from tasks.watching.imports import still_asked
from tasks.world import World

LATE = timedelta(minutes=5)  # the patrol comes every 30 seconds
GIT_TIME = 20  # seconds for each product
Check = Callable[[World], str]
ALIVE = WorkerFilter(status=WorkerFilterStatus(any_=[WorkerStatus.ONLINE]))
EXAMPLE = "example.com"


class Trouble(LaunchError):
    """Something is not as it has to be; the sentence says what to do about it."""


@dataclass(frozen=True, slots=True)
class Look:
    """What was looked at, whether it is in order, and what is to be said about it."""

    what: str
    ok: bool
    said: str


def examine(world: World) -> Iterator[Look]:
    """One look after the other; what needs the Prefect server is left out while it does not answer."""
    yield _look("ledger", ledger, world)
    server = _look("prefect", prefect, world)
    yield server
    for what, check in ON_THE_SERVER if server.ok else ():
        yield _look(what, check, world)
    for what, check in HERE:
        yield _look(what, check, world)


def _look(what: str, check: Check, world: World) -> Look:
    try:
        return Look(what, True, check(world))
    except LaunchError as error:
        return Look(what, False, "; ".join(str(error).splitlines()))


def ledger(world: World) -> str:
    heads = world.ledger.heads()
    world.ledger.deliveries.of("")
    return f"launches: {len(heads)}, open: {len(world.ledger.open_ids())}"


def prefect(_: World) -> str:
    try:
        with talking() as api:
            version = api.request("GET", "/admin/version").json()
    except Unreachable as error:
        raise Trouble(f"{error}; run `tminus up`, or set PREFECT_API_URL") from error
    return f"{version} answers at {PREFECT_API_URL.value()}"


def deployments(_: World) -> str:
    wanted = [spec["name"] for spec in read(POOL)["deployments"]]
    for name in wanted:
        deployment_id(f"{name}/{name}")
    return ", ".join(wanted)


def worker(_: World) -> str:
    with talking() as api:
        pool = api.read_deployment(deployment_id("launch/launch")).work_pool_name or ""
        alive = [one.name for one in api.read_workers_for_work_pool(pool, ALIVE, offset=0, limit=200)]
        if not alive:
            raise Trouble(f"no worker works for the pool {pool}; run `tminus up`, or {_start(api, pool)}")
    return f"{', '.join(alive)} in the pool {pool}"


def _start(api: SyncPrefectClient, pool: str) -> str:
    return f"`prefect worker start --pool {pool} --type {api.read_work_pool(pool).type}`"


def organisation(world: World) -> str:
    _refuse(validate([world.settings.organisation], world.settings.folders))
    return f"{world.organisation.organisation}: {world.settings.organisation}"


def checklists(world: World) -> str:
    """Those a product starts; nobody needs people for the others in the library."""
    used = _used(world)
    _refuse(validate([*used.values()], world.settings.folders, world.settings.organisation))
    return ", ".join(used) or "no product starts one by itself"


def _used(world: World) -> dict[str, Path]:
    known, products = names(world.settings.folders), world.organisation.products.values()
    chosen = {name for product in products for name in product.checklists.model_dump().values()}
    return {name: known[name] for name in sorted(chosen & set(known))}


def _refuse(findings: tuple[Finding, ...]) -> None:
    if findings:
        raise Trouble("; ".join(map(str, findings)))


def releases(world: World) -> str:
    late = world.ledger.receipts.waiting(world.now() - LATE)
    if late:
        keys = ", ".join(one.release_key for one in late)
        raise Trouble(
            f"{keys}: told of more than {LATE.seconds // 60} minutes ago and not started; see the patrol's log"
        )
    left = still_asked(world, world.ledger.receipts.unclaimed())
    ignored = [f"{one.release_key} started nothing: {one.reason}" for one in left]
    return "; ".join(ignored) or "every release we were told of has its launch"


def histories(world: World) -> str:
    """Whether git can read the products that name an address: without that nobody knows who wrote a release."""
    found = [_history(world, key, product.git) for key, product in world.organisation.products.items() if product.git]
    if broken := [said for ok, said in found if not ok]:
        raise Trouble("; ".join(broken))
    return ", ".join(said for _, said in found) or "no product names a `git` address; nobody knows who wrote a release"


def _history(world: World, product: str, address: str) -> tuple[bool, str]:
    at = mirror(world.settings, address, GIT_TIME, world.organisation.allow_private_addresses)
    try:
        at.fetch()
        return True, f"{product}: {len(at.tags())} tags at {at.address}"
    except (GitFailed, OSError) as error:
        return False, f"{product}: {away(at, error)}"


def identity(world: World) -> str:
    settings = world.settings
    check_trust(settings.identity, "the Prefect server", PREFECT_API_URL.value() or "")
    if settings.identity == "asserted":
        return "asserted: the names people type are trusted, which is for one's own machine only"
    key = "TMINUS_SECRET_KEY" if settings.secret_key else f"{settings.home / 'secret-key'}, on this machine only"
    return f"verified: links lead to {settings.public_url} and are made with {key}"


def mail(world: World) -> str:
    settings = world.settings
    if not settings.sends_mail:
        lands = f"lands in {settings.outbox.absolute()}; set SENDGRID_API_KEY or TMINUS_SMTP_URL to send it"
        if settings.identity == "verified":
            raise Trouble(f"with everybody's links and codes {lands}")
        return lands
    if settings.mail_from.endswith(f"@{EXAMPLE}"):
        raise Trouble(f"would leave as {settings.mail_from}, which is nobody; set TMINUS_MAIL_FROM")
    strangers = list(dict.fromkeys(key for key, audience in _audiences(world) if audience.external))
    if strangers and not all(sender_of(world, key).postal_address for key in world.organisation.products or ("",)):
        remedy = "give each product's brand or the organisation's one, or set TMINUS_POSTAL_ADDRESS"
        raise Trouble(f"to {', '.join(strangers)} needs a postal address; {remedy}")
    if not sender_of(world).postal_address and any(True for _ in world.ledger.subscribers.digest_readers()):
        raise Trouble(f"digests need a postal address; {REMEDY}")
    return (
        f"leaves through {'SendGrid' if settings.sendgrid_api_key else 'SMTP'} as {settings.mail_from}; {_log(world)}"
    )


def _audiences(world: World) -> Iterator[tuple[str, Audience]]:
    """Those of the organisation file, and of the checklists in use that can be read."""
    yield from world.organisation.audiences.items()
    for file in _used(world).values():
        with suppress(LaunchError):
            yield from load_checklist(file, world.settings.folders).checklist.audiences.items()


def _log(world: World) -> str:
    """A log that may not be read is no trouble: people are asked instead."""
    log = mail_log(world.settings)
    try:
        if log:
            log.check()
        return "its log says what may have arrived" if log else "people say what may have arrived"
    except NoLog as error:
        return f"people say what may have arrived, since its log cannot be read: {error}"


def posts(world: World) -> str:
    channels = [key for key, one in world.organisation.channels.items() if one.kind == "slack"]
    told = [f"{key} lands in the outbox" if _is_harmless(world, key) else f"{key} posts to Slack" for key in channels]
    return ", ".join(told) or "no channel posts to Slack"


def _is_harmless(world: World, channel: str) -> bool:
    return isinstance(sender_for(world, channel), Outbox)


ON_THE_SERVER: tuple[tuple[str, Check], ...] = (("deployments", deployments), ("worker", worker))
HERE: tuple[tuple[str, Check], ...] = (
    ("organisation", organisation),
    ("checklists", checklists),
    ("releases", releases),
    ("histories", histories),
    ("identity", identity),
    ("mail", mail),
    ("posts", posts),
)

"""Puts what prefect.yaml says on the Prefect server: the work pool, the deployments, their schedules and triggers."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import yaml
from prefect.client.orchestration import SyncPrefectClient
from prefect.client.schemas.actions import DeploymentScheduleCreate, WorkPoolCreate
from prefect.client.schemas.schedules import IntervalSchedule
from prefect.events import DeploymentTriggerTypes
from prefect.exceptions import ObjectAlreadyExists, ObjectNotFound
from prefect.flows import Flow, load_flow_from_entrypoint
from prefect.utilities.callables import parameter_schema
from pydantic import TypeAdapter

from checklists.errors import LaunchError
from tasks.boards.prefect_api import talking
from tasks.settings import ROOT

FILE = Path(__file__).with_name("prefect.yaml")
TRIGGER: TypeAdapter[DeploymentTriggerTypes] = TypeAdapter(DeploymentTriggerTypes)


def deploy(pool: str, kind: str = "inline") -> tuple[str, ...]:
    """Create or renew everything on the server; safe at every start. Returns the deployments' names."""
    plan = read(pool)
    with talking() as api:
        _make_pool(api, pool, kind)
        return tuple(_deploy(api, spec, plan["pull"], pool) for spec in plan["deployments"])


def read(pool: str, root: Path = ROOT) -> dict[str, Any]:
    """prefect.yaml with its two variables filled in."""
    text = FILE.read_text("utf-8").replace("{{ $TMINUS_ROOT }}", str(root)).replace("{{ $TMINUS_POOL }}", pool)
    plan: dict[str, Any] = yaml.safe_load(text)
    return plan


def _make_pool(api: SyncPrefectClient, pool: str, kind: str) -> None:
    try:
        api.read_work_pool(pool)
    except ObjectNotFound:
        _create_pool(api, pool, kind)


def _create_pool(api: SyncPrefectClient, pool: str, kind: str) -> None:
    template = _template(kind)
    try:
        api.create_work_pool(WorkPoolCreate(name=pool, type=kind, base_job_template=template))
    except ObjectAlreadyExists:
        return  # somebody else deploys at the same time


def _template(kind: str) -> dict[str, Any]:
    from prefect.workers.base import BaseWorker

    from deployments import worker  # noqa: F401  registers the inline kind

    known = BaseWorker.get_worker_class_from_type(kind)
    if known is None:
        raise LaunchError(f"no kind of worker is called {kind!r}; install the package that brings it")
    return known.get_default_base_job_template()


def _deploy(api: SyncPrefectClient, spec: dict[str, Any], pull: list[dict[str, Any]], pool: str) -> str:
    path, _, function = spec["entrypoint"].rpartition(":")
    flow: Flow[..., Any] = load_flow_from_entrypoint(f"{ROOT / path}:{function}", use_placeholder_flow=False)
    made = api.create_deployment(
        flow_id=api.create_flow_from_name(flow.name),
        name=spec["name"],
        description=spec["description"],
        entrypoint=spec["entrypoint"],
        tags=spec["tags"],
        work_pool_name=pool,
        pull_steps=pull,
        schedules=[_schedule(one) for one in spec.get("schedules", ())],
        parameter_openapi_schema=parameter_schema(flow).model_dump(exclude_unset=True),
        enforce_parameter_schema=True,
    )
    _set_triggers(api, made, spec.get("triggers", ()))
    return f"{flow.name}/{spec['name']}"


def _schedule(spec: dict[str, Any]) -> DeploymentScheduleCreate:
    interval = IntervalSchedule(interval=timedelta(seconds=spec["interval"]))
    return DeploymentScheduleCreate(schedule=interval, active=spec["active"])


def _set_triggers(api: SyncPrefectClient, deployment: UUID, specs: Any) -> None:
    """Triggers have no names the server knows again: the deployment's are removed and made anew."""
    api.delete_resource_owned_automations(f"prefect.deployment.{deployment}")
    for spec in specs:
        trigger = TRIGGER.validate_python(spec)
        trigger.set_deployment_id(deployment)
        api.create_automation(trigger.as_automation())

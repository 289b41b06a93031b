"""Commands on machines: demo, up, deploy, doctor."""

from __future__ import annotations

import time

from deployments.answers import No, as_json, plain
from deployments.wiring import Flag, Json, reach


def up(*, host: str = "127.0.0.1", port: int = 4200, web_port: int = 4280) -> None:
    """Run everything for one machine: Prefect server, worker and web room. Ctrl-C stops it.

    Parameters
    ----------
    host
        The address to listen on: loopback, unless people are verified.
    port
        The Prefect UI and API; 0 for any that is free.
    web_port
        Webhooks and outbox; 0 for any that is free.
    """
    from deployments.up import up as all_parts
    from tasks.settings import Settings

    settings = Settings()
    print("starting; the first start takes some seconds more", flush=True)
    with all_parts(settings, host, port, web_port) as running:
        print(f"Prefect UI  {running.ui}\nwebhooks    {running.web}/webhooks/github\noutbox      {running.web}/outbox")
        print(f"people      {settings.identity}\nstate       {settings.home.resolve()}\nCtrl-C stops it", flush=True)
        while True:
            time.sleep(1)
            running.watch(print)


def deploy(*, pool: str = "tminus", kind: str = "inline") -> None:
    """Prepare the ledger, and put the work pool and the deployments on the Prefect server in use.

    Parameters
    ----------
    pool
        The work pool that runs them, made where there is none of this name.
    kind
        The kind of worker a new pool is for: inline, process, docker, kubernetes.
    """
    from deployments.environment import find_prefect
    from ledger.store import Ledger
    from tasks.settings import Settings

    settings = Settings()
    find_prefect(settings)
    Ledger(settings.ledger_url).migrate()
    from deployments.deploy import deploy as put  # imports Prefect, which reads the environment set above

    print("\n".join(put(pool, kind)))


def demo(*, exit_: Flag = False) -> None:
    """Run one launch from tag to announcement, people simulated, on ports that are free.

    Parameters
    ----------
    exit_
        End when the launch is closed instead of staying up.
    """
    from deployments.demo import demo as play

    play(exit_)


def doctor(*, json: Json = False) -> None:
    """Look at everything tminus needs, and say what is wrong and what to do about it."""
    from dataclasses import asdict

    world = reach()
    from deployments.doctor import examine  # imports Prefect, for which `reach` has set the environment

    looks = []
    for look in examine(world):
        looks.append(look)
        if not json:
            print(f"{'ok      ' if look.ok else 'problem '} {look.what:<13} {plain(look.said)}", flush=True)
    if json:
        as_json([asdict(look) for look in looks])
    if wrong := [look.what for look in looks if not look.ok]:
        raise No(f"not in order: {', '.join(wrong)}")

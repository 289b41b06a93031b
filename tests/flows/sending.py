"""Announcements under way: to three people, held in mid-send, run once more by hand; and what became of them."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from checklists.launch import Launch
from tests.prefect_server import House, until


@contextmanager
def half_sent(house: House) -> Iterator[Launch]:
    """A launch of which one has the mail, one has it while SendGrid keeps its answer until it lets go, one has none."""
    peer = house.sendgrid
    before, peer.largest, peer.late = len(peer.received), 1, 60
    peer.answer("accept", "accept", "accept", "late", "accept")  # two of these refuse more than one at a time
    try:
        launch = house.start("news")
        until(lambda: len(peer.received) == before + 4)
        yield launch
    finally:
        peer.let_go()
        peer.largest = 1_000


def states(house: House, launch: Launch) -> dict[str, int]:
    return {str(state): count for state, count in house.world.ledger.deliveries.counts(launch.id, "tell").items()}


def arrivals(house: House, launch: Launch) -> set[int]:
    """How often each delivery reached SendGrid."""
    return {house.sendgrid.count(delivery.id) for delivery in house.world.ledger.deliveries.of(launch.id)}


def custom_run(house: House, launch: Launch) -> str:
    """Another run of the deployment, as somebody starts it in the UI. Returns its id."""
    asked = {"launch_id": launch.id, "item": "tell", "round": 1, "number": 1, "form": "work"}
    announce = house.get("/deployments/name/announce/announce")["id"]
    body = {"state": {"type": "SCHEDULED"}, "parameters": {"run": asked}}
    return str(house.call("POST", f"/deployments/{announce}/create_flow_run", body)["id"])

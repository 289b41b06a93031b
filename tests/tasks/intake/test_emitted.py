"""An event of Prefect is taken as strictly as a webhook: what it says is kept, and what is wrong is told."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from checklists.decide import Refusal
from tasks.intake.emitted import take
from tests.tasks.worlds import Place, place
from tests.web.room import PrefectPeer, prefect_at

ACME = "tminus.product.acme"
COMMIT = "9f2c" * 10


@pytest.fixture
def prefect() -> Iterator[PrefectPeer]:
    with PrefectPeer() as peer, prefect_at(f"{peer.host}/api"):
        yield peer


@pytest.fixture
def at(tmp_path: Path, prefect: PrefectPeer) -> Iterator[Place]:
    made = place(tmp_path)
    yield made
    made.ledger.dispose()


@pytest.mark.parametrize(
    ("payload", "resource"),
    [
        ({"tag": "v2.4.0", "commit": COMMIT}, ACME),
        ({"version": "2.4.0", "product": "acme"}, ACME),
        ({"version": "2.4.0", "product": "acme"}, "some.other.resource"),
    ],
)
def test_a_release_is_kept_and_told_of_once(
    at: Place, prefect: PrefectPeer, payload: dict[str, Any], resource: str
) -> None:
    assert take(at.world, payload, resource, "event-1") == "acme-2.4.0: starts"
    assert take(at.world, payload, resource, "event-2") == "acme-2.4.0: is known"
    (receipt,) = at.ledger.receipts.waiting(at.clock().replace(year=9999))
    assert (receipt.source, receipt.deliveries, len(prefect.events)) == ("release", 2, 1)
    assert prefect.events[0]["event"] == "tminus.release.tagged"


@pytest.mark.parametrize(
    ("payload", "resource", "said"),
    [
        ({}, ACME, "name the `tag` or the `version`"),
        ({"tag": "v2.4.0"}, "tminus.release", "name the `product`, or its `repository`"),
        ({"tag": 2.4}, ACME, "tag: Input should be a valid string"),
        ({"tag": "v2.4.0", "product": "other"}, ACME, "product: the event is about acme"),
        ({"tag": "v2.4.0", "commit": "main", "checklist": "x"}, ACME, "commit: String should match"),
        ({"request": {"product": "acme", "version": "2.4.0"}}, ACME, "request: Extra inputs are not permitted"),
        ({"tag": {"__prefect_kind": "workspace_variable", "variable_name": "secret"}}, ACME, "tag: Input should be"),
        ({"tag": "v2.4.0", "notes": "\ud800"}, ACME, "payload: Invalid JSON"),
        ({"tag": "v2.4.0", "notes": "x" * 2_000_000}, ACME, "1000000 is the most"),
        ({"tag": "v2.4.0", "commit": float("nan")}, ACME, "not JSON compliant"),
        ({"tag": "v2.4.0"}, "tminus.product.", "name the `product`, or its `repository`"),
        ({"tag": "nightly"}, ACME, "nightly is no release tag of acme"),
        ({"tag": "v2.4.0"}, "tminus.product.absent", "called absent"),
        ({"tag": "v2.4.0"}, "tminus.product.{{ x }}", "product: String should match"),
    ],
    ids=range(14),
)
def test_what_is_wrong_is_told_and_starts_nothing(
    at: Place, prefect: PrefectPeer, payload: dict[str, Any], resource: str, said: str
) -> None:
    answer = take(at.world, payload, resource, "event-1")
    assert isinstance(answer, Refusal)
    assert said in answer.reason
    assert "secret" not in answer.reason
    assert len(answer.reason) < 1_000
    assert prefect.events == []
    assert at.ledger.receipts.waiting(at.clock().replace(year=9999)) == ()


def test_a_version_that_the_product_ignores_is_no_mistake(at: Place, prefect: PrefectPeer) -> None:
    answer = take(at.world, {"version": "2.4.0-rc.1"}, ACME, "event-1")
    assert answer == "acme starts nothing for a pre-release such as 2.4.0-rc.1"


def test_deep_nesting_is_told_and_starts_nothing(at: Place) -> None:
    nested: dict[str, Any] = {}
    for _ in range(5_000):
        nested = {"a": nested}
    assert isinstance(take(at.world, {"notes": nested}, ACME, "event-1"), Refusal)

"""From what was told of a release to the launch it asks for, as the organisation is now: pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from checklists.organisation import Organisation, Product
from checklists.request import LaunchRequest
from checklists.versions import is_version
from checklists.which import choose, never_starts, problem, readings, refusal
from ledger.receipts import Receipt
from tasks.intake.told import OfTag, Tagged, is_safe


@dataclass(frozen=True, slots=True)
class Ignored:
    """No launch follows from this; why, and what to do about it. `is_meant`: the organisation wants it so."""

    reason: str
    is_meant: bool = False


@dataclass(frozen=True, slots=True)
class Place:
    """The release that was told of: whose, which version, and its tag."""

    key: str
    product: Product
    version: str
    tag: str


def place_of(told: OfTag, organisation: Organisation) -> Place | Ignored:
    """The product and the version this is about."""
    if told.tag is not None and not is_safe(told.tag):
        return Ignored(f"{told.tag} has signs that no release tag has; nothing is done with it")
    products = _products(told, organisation)
    if not products:
        return Ignored(_unknown(told, organisation))
    return _by_version(told, products) if told.tag is None else _by_tag(told, told.tag, products)


def _products(told: OfTag, organisation: Organisation) -> dict[str, Product]:
    """Those it may be about. A host speaks for its own repositories only."""
    return {
        key: one
        for key, one in organisation.products.items()
        if told.product in (None, key)
        and (told.repository is None or one.is_of(told.repository))
        and told.host in (one.host, "release")
    }


def _unknown(told: OfTag, organisation: Organisation) -> str:
    elsewhere = _products(told.model_copy(update={"host": "release"}), organisation)
    if elsewhere:
        there = ", ".join(f"`{key}` (host: {one.host})" for key, one in elsewhere.items())
        return f"{told.host} tells of a repository of {there}; correct `host` in the organisation file"
    if told.product is None:
        return f"no product in the organisation file has the repository {told.repository}; add it there"
    of = f" with the repository {told.repository}" if told.repository else ""
    return f"no product in the organisation file is called {told.product}{of}; correct the name, or add it there"


def _by_version(told: OfTag, products: Mapping[str, Product]) -> Place | Ignored:
    version = told.version or ""
    if not is_version(version):
        return Ignored(f"{version!a} is no version; expected numbers such as 2.4.0 or 2.4.0-rc.1")
    if len(products) > 1:
        return Ignored(f"{told.repository} holds {_listed(products)}; name the `product`, or the `tag`")
    (key, product), *_ = products.items()
    return Place(key, product, version, product.tags.replace("{version}", version))


def _by_tag(told: OfTag, tag: str, products: Mapping[str, Product]) -> Place | Ignored:
    possible = Organisation(organisation=told.host, products=dict(products))
    found = readings(tag, possible)
    if why := problem(tag, found, possible, told.repository or told.product or ""):
        return Ignored(why)
    key, version = next((one.product, one.version) for one in found if one.version)
    if told.version not in (None, version):
        return Ignored(f"{tag} carries the version {version}, not {told.version!a}; name one of them")
    return Place(key, products[key], version, tag)


def asked_for(tag: Tagged, organisation: Organisation) -> LaunchRequest | Ignored:
    """The launch this tag asks for."""
    place = place_of(tag, organisation)
    return place if isinstance(place, Ignored) else requested(tag, place)


def requested(tag: Tagged, place: Place) -> LaunchRequest | Ignored:
    """The launch that a tag of this product asks for.

    Which step this is depends on the release before, and so on git: that is looked up when the launch begins."""
    if never_starts(place.product, place.version):
        return Ignored(refusal(place.key, choose(place.product, place.version, ())), is_meant=True)
    return LaunchRequest(
        product=place.key,
        version=place.version,
        tag=place.tag,
        commit=tag.commit,
        repository=tag.repository or place.product.repository,
        url=tag.url,
        notes=tag.notes,
        requested_by=tag.requested_by or tag.host,
        receipt=tag.release_key,
    )


def _listed(names: Iterable[str]) -> str:
    return " and ".join(sorted({f"`{name}`" for name in names}))


def receipt_of(tag: Tagged, answer: LaunchRequest | Ignored, event: str, delivery_id: str, at: datetime) -> Receipt:
    """The receipt to keep: with the request that starts the launch, or with what was told and why it starts none."""
    reason = answer.reason[:1_000] if isinstance(answer, Ignored) else ""
    return Receipt(
        release_key=tag.release_key,
        source=tag.host,
        delivery_id=delivery_id,
        event=event,
        payload=(tag if isinstance(answer, Ignored) else answer).model_dump(mode="json"),
        received_at=at,
        state="ignored" if reason else "new",
        reason=reason,
    )

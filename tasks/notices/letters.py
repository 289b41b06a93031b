"""What leaves: one letter for each ask, and one for all reminders of a person, however many there are."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from itertools import groupby
from typing import Any, cast

from checklists.due import wanted
from checklists.launch import Launch
from ledger.deliveries import Delivery
from ledger.links import Link
from tasks.announcements.announcement import sender_of
from tasks.audiences.addresses import unsubscribe_address, unsubscribe_headers
from tasks.digests.letter import digest_letter
from tasks.notices import doubts, showing
from tasks.notices.confirming import confirmation
from tasks.notices.desk import Desk
from tasks.notices.fate import step_of
from tasks.notices.purposes import ABOUT_NO_LAUNCH, Purpose, read
from tasks.people.links import send_links
from templates.render import Channel, Rendered, render

MOST_SHOWN = 40
"""Rows of a digest; a mail of more than 100 KB is cut off by some readers."""
BY_FORM = {"done": "todo", "rescue": "rescue", "settle": "todo"}
Bundle = tuple[Delivery, ...]
"""The notices one letter settles: all of one person, on one channel."""
Links = Mapping[tuple[str, str, str], Link]


def bundles(desk: Desk, rows: Iterable[Delivery]) -> list[Bundle]:
    """Each ask by itself, and all reminders of a person together; those of rehearsals never among real ones."""
    found: list[Bundle] = []
    ordered = sorted(rows, key=lambda row: (row.recipient, row.channel, desk.is_rehearsal(row.launch_id), row.id))
    for _, group in groupby(ordered, key=lambda row: (row.recipient, row.channel, desk.is_rehearsal(row.launch_id))):
        mine = list(group)
        reminders = tuple(row for row in mine if _purpose(row).is_reminder)
        found += [(row,) for row in mine if row not in reminders]
        found += [reminders] if reminders else []
    return found


def links_of(desk: Desk, rows: Sequence[Delivery]) -> Links:
    """The personal links that go out with these notices, made and kept in one go."""
    asked = [row for row in rows if _is_asked(desk, row)]
    return send_links(desk.world, [(_launch(desk, row), row.item, row.recipient) for row in asked])


def compose(desk: Desk, bundle: Bundle, links: Links) -> Rendered:
    """The letter as it leaves."""
    if _purpose(bundle[0]).kind == "confirm":
        return confirmation(desk.world, bundle[0].recipient, int(_purpose(bundle[0]).which))
    if is_digest(bundle[0]):
        return digest_letter(desk.world, bundle[0])
    if _purpose(bundle[0]).kind == "doubt":
        values = {**_envelope(desk, bundle[0]), "one": doubts.shown(desk, _launch(desk, bundle[0]), bundle[0])}
        return render("doubt", cast(Channel, bundle[0].channel), values)
    message, values = _digest(desk, bundle, links) if _purpose(bundle[0]).is_reminder else _ask(desk, bundle[0], links)
    return render(message, cast(Channel, bundle[0].channel), values)


def comes_from(desk: Desk, bundle: Bundle) -> tuple[str, str, str | None]:
    """Address and name of the sender, and where answers go: to readers outside as their announcements have it."""
    if bundle[0].launch_id in ABOUT_NO_LAUNCH:
        sender = sender_of(desk.world)
        return sender.address, sender.name, sender.reply_to
    return desk.world.settings.mail_from, desk.organisation.organisation, None


def headers_of(desk: Desk, bundle: Bundle) -> dict[str, str]:
    """What a mail program needs to unsubscribe, where somebody may: nobody leaves what their role asks of them."""
    return unsubscribe_headers(unsubscribe_address(desk.world, bundle[0].id)) if is_digest(bundle[0]) else {}


def is_digest(row: Delivery) -> bool:
    return _purpose(row).kind == "digest"


def _ask(desk: Desk, row: Delivery, links: Links) -> tuple[str, dict[str, Any]]:
    kind, launch = _purpose(row).kind, _launch(desk, row)
    form = wanted(launch.items[row.item], launch)
    message = BY_FORM.get(form or "", "ask") if kind == "ask" else kind
    return message, {**_envelope(desk, row), "one": _shown(desk, row, links)}


def _digest(desk: Desk, bundle: Bundle, links: Links) -> tuple[str, dict[str, Any]]:
    """What waits for them, and what they are told because others are late; the most urgent first."""
    rows = sorted(bundle, key=lambda row: (_due(desk, row), row.launch_id, row.item, row.purpose))
    told = [row for row in rows if _purpose(row).kind == "escalate"]
    mine, late = _each_once(row for row in rows if row not in told), _each_once(told)
    shown, shown_late = mine[:MOST_SHOWN], late[: MOST_SHOWN - len(mine[:MOST_SHOWN])]
    values = {
        **_envelope(desk, rows[0]),
        "items": [_shown(desk, row, links) for row in shown],
        "late": [_shown(desk, row, links) for row in shown_late],
        "more": len(mine) + len(late) - len(shown) - len(shown_late),
        "count": len(mine) or len(late),
        "role": showing.in_words(list(dict.fromkeys(_role(desk, row) for row in told))),
    }
    return "reminder" if mine else "escalation", values


def _each_once(rows: Iterable[Delivery]) -> list[Delivery]:
    """One row an item, the latest of several steps."""
    return list({(row.launch_id, row.item): row for row in rows}.values())


def _envelope(desk: Desk, row: Delivery) -> dict[str, Any]:
    return {"organisation": desk.organisation.organisation, "name": desk.name(row.recipient).partition(" ")[0]}


def _shown(desk: Desk, row: Delivery, links: Links) -> dict[str, Any]:
    launch, is_told = _launch(desk, row), _purpose(row).kind == "escalate"
    link = None if is_told else links.get((row.launch_id, row.item, row.recipient))
    return showing.item(desk, launch, launch.items[row.item], row.recipient, link)


def _is_asked(desk: Desk, row: Delivery) -> bool:
    """Those who are asked get their link; who is only told has none."""
    if _purpose(row).kind in ("escalate", "confirm", "digest", "doubt"):
        return False
    launch = _launch(desk, row)
    return row.recipient in desk.able(launch, launch.items[row.item])


def _due(desk: Desk, row: Delivery) -> str:
    at = _launch(desk, row).dates.due.get(row.item)
    return at.isoformat() if at else "~"


def _role(desk: Desk, row: Delivery) -> str:
    launch = _launch(desk, row)
    return (step_of(launch, launch.items[row.item], _purpose(row)) or "").partition(":")[2]


def _launch(desk: Desk, row: Delivery) -> Launch:
    """What cannot be read was dropped before it came here."""
    found = desk.launch(row.launch_id)
    assert found is not None  # noqa: S101 as `fate` says
    return found


def _purpose(row: Delivery) -> Purpose:
    found = read(row.purpose)
    assert found is not None  # noqa: S101 as `fate` says
    return found

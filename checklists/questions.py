"""Questions that no checklist asks, as to-dos of those who run launches: what a host did, deliveries in doubt."""

from __future__ import annotations

from checklists.entries import Cause, Doubt, Questioned
from checklists.items import Todo
from checklists.launch import Launch
from checklists.people import MANAGERS

TITLES: dict[Cause | Doubt, str] = {
    "tag-moved": "The tag was moved: what now?",
    "tag-deleted": "The tag was deleted: what now?",
    "release-deleted": "The release was deleted: what now?",
    "deliveries-unknown": "Did it arrive?",
}


def as_todo(data: Questioned, launch: Launch) -> Todo:
    """The item people answer it with."""
    title, choices = TITLES[data.cause], _choices(launch.id)
    if data.about:
        title = f"{launch.items[data.about].item.label}: did {data.purpose or 'it'} arrive?"[:200]
        choices = _of_doubt(launch.id, data.item)
    return Todo(todo=title, owner=MANAGERS, about=f"{data.said}\n\n{choices}"[:2_000])


def way_to_settle(launch: Launch, item: str, purpose: str = "") -> str:
    """The command for what is in doubt of an announcement, or of a correction or a recall of it: by the question about
    it, where one is open, or by its name. Empty where nobody can say anything: the announcement is on its way."""
    if key := launch.asked_about(item, purpose):
        return how_to_settle(launch.id, key)
    return how_to_settle(launch.id, item, purpose) if purpose or launch.is_over else ""


def is_silent(launch: Launch, purpose: str = "") -> bool:
    """Whether what is in doubt may only have arrived: of a launch that is over no announcement leaves any more."""
    return launch.is_over and not purpose


def how_to_settle(launch_id: str, key: str, purpose: str = "") -> str:
    """The command that says what became of deliveries in doubt, but for whether they arrived."""
    return f"tminus announcements settle {launch_id} {key}" + (f" --purpose {purpose}" if purpose else "")


def _of_doubt(launch_id: str, key: str) -> str:
    settle = how_to_settle(launch_id, key)
    return (
        "Look it up where the mails are handed over. If they arrived, say so; if not, have them sent again, and nobody "
        f"else hears anything: `{settle} --arrived` or `{settle} --again`. Reports that say of each what became of it "
        "answer this by themselves."
    )


def _choices(launch_id: str) -> str:
    return (
        "No announcement leaves before this is answered. Mark it as done and say why, and the launch keeps going as it "
        f"is; or stop it with `tminus hold {launch_id} --reason …`, move it with `tminus retag {launch_id} "
        f"--commit …`, give it up with `tminus abandon {launch_id} --reason …`: each of them answers this, too."
    )

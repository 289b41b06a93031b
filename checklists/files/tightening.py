"""What a child may make of the values of its parent: rules become tighter, never looser."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

from pydantic import TypeAdapter, ValidationError

from checklists.binding import Binding
from checklists.dates import RelativeDate
from checklists.files.reader import Node, Trail, spoken
from checklists.hours import Hours
from checklists.items import After
from checklists.reminding import Escalation, Ladder

DEFAULTS: dict[Trail, str | int] = {
    ("training", "pass"): "100%",
    ("with", "status"): 200,
    ("self-sign",): "barred",
}
"""What holds where the parent says nothing."""
AUDIENCE: Trail = ("audiences",)
LADDER: TypeAdapter[tuple[Escalation, ...]] = TypeAdapter(Ladder)

Objection = Callable[[Node, Node], "str | None"]


def objection(here: Trail, old: Node, new: Node) -> str | None:
    """Why the child may not say this at that place; values that are none the model refuses later."""
    return RULES.get(here, _free)(old, new)


def asks(old: Node, what: str | None = None) -> str:
    """`base.yaml:14 asks for "2 of qa"`."""
    return f'{old.file}:{old.line} asks for "{spoken(what or str(old.plain))}"'


def _free(old: Node, new: Node) -> str | None:
    return None


def _same(old: Node, new: Node) -> str | None:
    return None if old.plain == new.plain else f"this cannot be changed; {asks(old)}"


def _same_people(old: Node, new: Node) -> str | None:
    if old.plain == new.plain:
        return None
    return f"{old.file}:{old.line} says who these are, and its announcements go to them; give yours another name"


def _not_later(old: Node, new: Node) -> str | None:
    before, after = _moment(old), _moment(new)
    if before is None or after is None or after <= before:
        return None
    return f"this cannot become later; {asks(old)}"


def _not_earlier(old: Node, new: Node) -> str | None:
    return f"this cannot become earlier; {asks(old)}" if _not_later(new, old) else None


def _not_lower(old: Node, new: Node) -> str | None:
    before, after = _percent(old), _percent(new)
    if before is None or after is None or after >= before:
        return None
    return f"this cannot be lowered; {asks(old)}"


def _not_shorter(old: Node, new: Node) -> str | None:
    before, after = _gap(old), _gap(new)
    if before is None or after is None or after >= before:
        return None
    return f"this cannot become shorter; {asks(old)}"


def _not_wider(old: Node, new: Node) -> str | None:
    try:
        before, after = Hours.model_validate(old.plain), Hours.model_validate(new.plain)
    except ValidationError:
        return None
    if before.starts <= after.starts and after.ends <= before.ends:
        return None
    return f"these hours can only become fewer; {asks(old)}"


def _gap(node: Node) -> timedelta | None:
    try:
        return After.model_validate({"item": "any", "gap": node.plain}).least
    except ValidationError:
        return None


def _moment(node: Node) -> tuple[int, object] | None:
    try:
        when = RelativeDate.model_validate(node.plain)
    except ValidationError:
        return None
    return when.place


def _percent(node: Node) -> int | None:
    digits = str(node.value).removesuffix("%")
    return int(digits) if digits.isascii() and digits.isdigit() else None


def _barred(old: Node, new: Node) -> str | None:
    if old.plain == new.plain or new.plain != "allowed":
        return None
    return f"authors cannot be let in; {asks(old)}"


def _bound_more(old: Node, new: Node) -> str | None:
    try:
        before, after = Binding.model_validate(old.plain), Binding.model_validate(new.plain)
    except ValidationError:
        return None
    if before.thing == "nothing" or before == after or _covers_all_of(after, before):
        return None
    return f"this may be bound to more, but not to less or to something else; {asks(old, _written(before))}"


def _covers_all_of(after: Binding, before: Binding) -> bool:
    """Whether every file that was bound is bound still; patterns are compared as they are written."""
    if after.thing != "code" or before.thing != "code":
        return False
    had, has = _wanted(before), _wanted(after)
    is_wider = not has or "**" in has or (bool(had) and had <= has)
    return is_wider and _taken_out(after) <= _taken_out(before)


def _wanted(bound: Binding) -> frozenset[str]:
    return frozenset(path for path in bound.paths if not path.startswith("!"))


def _taken_out(bound: Binding) -> frozenset[str]:
    return frozenset(bound.paths) - _wanted(bound)


def _written(bound: Binding) -> str:
    return f"code: {', '.join(bound.paths)}" if bound.paths else bound.to


def _not_quieter(old: Node, new: Node) -> str | None:
    try:
        before, after = LADDER.validate_python(old.plain), LADDER.validate_python(new.plain)
    except ValidationError:
        return None
    for step in before:
        if not any(other.role == step.role and other.after <= step.after for other in after):
            return f"nobody can be told later, or not at all; {asks(old, f'{step.after}d: {step.role}')}"
    return None


RULES: dict[Trail, Objection] = {
    AUDIENCE: _same_people,
    ("check",): _same,
    ("bound-to",): _bound_more,
    ("self-sign",): _barred,
    ("escalate",): _not_quieter,
    ("due",): _not_later,
    ("training", "audience"): _same,
    ("training", "pass"): _not_lower,
    ("announce", "audience"): _same,
    ("announce", "at"): _not_earlier,
    ("announce", "until"): _not_later,
    ("announce", "window"): _not_wider,
    ("announce", "after", "item"): _same,
    ("announce", "after", "gap"): _not_shorter,
    ("with", "url"): _same,
    ("with", "status"): _same,
    ("with", "run"): _same,
}

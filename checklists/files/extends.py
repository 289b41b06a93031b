"""How a checklist extends another: items merge by key, field by field; rules may be tightened, never weakened."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace

from pydantic import ValidationError

from checklists.dates import END_OF_DAY, RelativeDate
from checklists.errors import Finding
from checklists.files.reader import Fields, Node, Trail, spoken
from checklists.items import KINDS
from checklists.quorum import QuorumLine

OF_ITS_OWN = {"title", "extends"}  # said by each file for itself, not handed down
MAPPINGS = {("training",), ("with",), ("announce",)}
UNIONS = {("needs",), ("evidence",), ("training", "materials"), ("with", "files"), ("with", "pages")}

DEFAULTS: dict[Trail, str | int] = {("training", "pass"): "100%", ("with", "status"): 200}

Objection = Callable[[Node, Node], "str | None"]


@dataclass
class Merge:
    """One parent and one child becoming one; collects what the child may not do."""

    findings: list[Finding] = field(default_factory=list)

    def checklist(self, parent: Node, child: Node) -> Node:
        fields = {key: node for key, node in parent.fields.items() if key not in OF_ITS_OWN} | child.fields
        if "items" in parent.fields and "items" in child.fields:
            fields["items"] = self.items(parent.fields["items"], child.fields["items"])
        return replace(child, value=fields)

    def items(self, parent: Node, child: Node) -> Node:
        if child.value is None or not isinstance(parent.value, dict):
            return parent
        if not isinstance(child.value, dict):
            return child
        both = {
            key: self.item(key, old, child.fields[key]) if key in child.fields else old
            for key, old in parent.fields.items()
        }
        return replace(child, value=_in_order(both, child.fields))

    def item(self, key: str, parent: Node, child: Node) -> Node:
        trail: Trail = ("items", key)
        if not isinstance(parent.value, dict):
            return parent
        if not isinstance(child.value, dict):
            return child
        for kind in KINDS:
            if kind in child.fields and kind not in parent.fields:
                is_ = next((known for known in KINDS if known in parent.fields), "item")
                problem = f"an item keeps its kind; {parent.file}:{parent.line} makes it a {is_}"
                self.object(child.fields[kind], (*trail, kind), problem)
                return parent
        return self.fields(trail, (), parent, child)

    def fields(self, trail: Trail, inner: Trail, parent: Node, child: Node) -> Node:
        merged = dict(parent.fields)
        for name, new in child.fields.items():
            here = (*inner, name)
            old = _signatures(parent) if here == ("sign",) else parent.fields.get(name, _unsaid(parent, here))
            merged[name] = new if old is None else self.one((*trail, name), here, old, new)
        return replace(child, value=merged)

    def one(self, trail: Trail, here: Trail, old: Node, new: Node) -> Node:
        if new.value is None and old.value is not None:
            self.object(new, trail, f"this cannot be taken away; {old.file}:{old.line} asks for it")
            return old
        if here in MAPPINGS and old.fields and new.fields:
            return self.fields(trail, here, old, new)
        if here in UNIONS and isinstance(new.value, list):
            return replace(new, value=_union(old.entries, new.entries)) if isinstance(old.value, list) else old
        if here == ("sign",):
            return self.sign(trail, old, new)
        if problem := RULES.get(here, _free)(old, new):
            self.object(new, trail, problem)
            return old
        return new

    def sign(self, trail: Trail, old: Node, new: Node) -> Node:
        if not isinstance(new.value, list) or not isinstance(old.value, list):
            return old if isinstance(new.value, list) else new
        before, after = _by_role(old.entries), _by_role(new.entries)
        kept = [node for role, nodes in before.items() if role not in after for node in nodes]
        for role in before.keys() & after.keys():
            if _count(after[role]) < _count(before[role]):
                asked = f"{_count(before[role])} of {role}"
                self.object(after[role][0], trail, f"a quorum cannot be lowered; {_says(before[role][0], asked)}")
        return replace(new, value=kept + new.entries)

    def object(self, cause: Node, trail: Trail, problem: str) -> None:
        self.findings.append(cause.wrong(trail, problem))


def _says(old: Node, what: str | None = None) -> str:
    return f'{old.file}:{old.line} asks for "{spoken(what or str(old.plain))}"'


def _in_order(both: Fields, child: Fields) -> Fields:
    """The parent's order; what the child adds stands before the next item it repeats, else at the end."""
    ordered: Fields = {}
    added: Fields = {}
    before: dict[str, Fields] = {}
    for key, node in child.items():
        if key in both:
            before[key], added = added, {}
        else:
            added[key] = node
    for key, node in both.items():
        ordered |= before.get(key, {}) | {key: node}
    return ordered | added


def _union(old: list[Node], new: list[Node]) -> list[Node]:
    known = [node.plain for node in old]
    return old + [node for node in new if node.plain not in known]


def _unsaid(item: Node, here: Trail) -> Node | None:
    """What holds where the parent says nothing."""
    return replace(item, value=DEFAULTS[here]) if here in DEFAULTS else None


def _signatures(item: Node) -> Node | None:
    """The lines an item asks for; a training without any asks for one of its audience."""
    plan = item.fields.get("training")
    audience = plan.fields.get("audience") if plan else None
    if "sign" in item.fields or audience is None:
        return item.fields.get("sign")
    return replace(audience, value=[replace(audience, value=f"1 of {audience.value}")])


def _by_role(entries: list[Node]) -> dict[str, list[Node]]:
    found: dict[str, list[Node]] = {}
    for node, line in _lines(entries):
        found.setdefault(line.names, []).append(node)
    return found


def _lines(entries: list[Node]) -> Iterator[tuple[Node, QuorumLine]]:
    for node in entries:
        try:
            yield node, QuorumLine.model_validate(node.plain)
        except ValidationError:
            continue  # the model says so once everything is merged


def _count(entries: list[Node]) -> int:
    return sum(1_000 if line.count is None else line.count for _, line in _lines(entries))


def _free(old: Node, new: Node) -> str | None:
    return None


def _same(old: Node, new: Node) -> str | None:
    return None if old.plain == new.plain else f"this cannot be changed; {_says(old)}"


def _not_later(old: Node, new: Node) -> str | None:
    before, after = _moment(old), _moment(new)
    if before is None or after is None or after <= before:
        return None
    return f"this cannot become later; {_says(old)}"


def _not_earlier(old: Node, new: Node) -> str | None:
    return f"this cannot become earlier; {_says(old)}" if _not_later(new, old) else None


def _not_lower(old: Node, new: Node) -> str | None:
    before, after = _percent(old), _percent(new)
    if before is None or after is None or after >= before:
        return None
    return f"this cannot be lowered; {_says(old)}"


def _moment(node: Node) -> tuple[int, object] | None:
    try:
        when = RelativeDate.model_validate(node.plain)
    except ValidationError:
        return None
    return when.days, when.at or END_OF_DAY


def _percent(node: Node) -> int | None:
    digits = str(node.value).removesuffix("%")
    return int(digits) if digits.isascii() and digits.isdigit() else None


RULES: dict[Trail, Objection] = {
    ("check",): _same,
    ("bound-to",): _same,
    ("due",): _not_later,
    ("training", "audience"): _same,
    ("training", "pass"): _not_lower,
    ("announce", "audience"): _same,
    ("announce", "at"): _not_earlier,
    ("with", "url"): _same,
    ("with", "status"): _same,
    ("with", "run"): _same,
}

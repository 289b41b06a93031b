"""How a checklist extends another: items merge by key, field by field; rules may be tightened, never weakened."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from checklists.errors import Finding
from checklists.files.quorums import merged_lines
from checklists.files.reader import Fields, Node, Trail
from checklists.files.tightening import AUDIENCE, DEFAULTS, objection
from checklists.items import KINDS

OF_ITS_OWN = {"title", "extends"}  # said by each file for itself, not handed down
MAPPINGS = {("training",), ("with",), ("announce",), ("announce", "after")}
UNIONS = {("needs",), ("evidence",), ("training", "materials"), ("with", "files"), ("with", "pages")}
LADDER: Trail = ("escalate",)


@dataclass
class Merge:
    """One parent and one child becoming one; collects what the child may not do."""

    findings: list[Finding] = field(default_factory=list)
    ladder: Node | None = None

    def checklist(self, parent: Node, child: Node) -> Node:
        fields = {key: node for key, node in parent.fields.items() if key not in OF_ITS_OWN} | child.fields
        self.ladder = parent.fields.get("escalate")
        if self.ladder and "escalate" in child.fields:
            fields["escalate"] = self.one(LADDER, LADDER, self.ladder, child.fields["escalate"])
        if "audiences" in parent.fields and "audiences" in child.fields:
            fields["audiences"] = self.audiences(parent.fields["audiences"], child.fields["audiences"])
        if "items" in parent.fields and "items" in child.fields:
            fields["items"] = self.items(parent.fields["items"], child.fields["items"])
        return replace(child, value=fields)

    def audiences(self, parent: Node, child: Node) -> Node:
        """Those of both: a child adds its own."""
        if child.value is None or not isinstance(parent.value, dict):
            return parent
        if not isinstance(child.value, dict):
            return child
        old = parent.fields
        new = {
            name: self.one((*AUDIENCE, name), AUDIENCE, old[name], node) if name in old else node
            for name, node in child.fields.items()
        }
        return replace(child, value=old | new)

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
            old = _signatures(parent) if here == ("sign",) else parent.fields.get(name, self.unsaid(parent, here))
            merged[name] = new if old is None else self.one((*trail, name), here, old, new)
        return replace(child, value=merged)

    def unsaid(self, parent: Node, here: Trail) -> Node | None:
        """What holds where the parent's item says nothing."""
        if here == LADDER:
            return self.ladder
        return replace(parent, value=DEFAULTS[here]) if here in DEFAULTS else None

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
        if problem := objection(here, old, new):
            self.object(new, trail, problem)
            return old
        return new

    def sign(self, trail: Trail, old: Node, new: Node) -> Node:
        if not isinstance(new.value, list) or not isinstance(old.value, list):
            return old if isinstance(new.value, list) else new
        lines, problems = merged_lines(old.entries, new.entries)
        for cause, problem in problems:
            self.object(cause, trail, problem)
        return replace(new, value=lines)

    def object(self, cause: Node, trail: Trail, problem: str) -> None:
        self.findings.append(cause.wrong(trail, problem))


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


def _signatures(item: Node) -> Node | None:
    """The lines an item asks for; a training without any asks for one of its audience."""
    plan = item.fields.get("training")
    audience = plan.fields.get("audience") if plan else None
    if "sign" in item.fields or audience is None:
        return item.fields.get("sign")
    return replace(audience, value=[replace(audience, value=f"1 of {audience.value}")])

"""JSON Schema (draft 2020-12) of the files, made from the models, so that editors complete and check them."""

from __future__ import annotations

import json
from collections.abc import Collection
from pathlib import Path
from typing import Any, Literal

from checklists.binding import KEY
from checklists.checklist import Checklist
from checklists.organisation import Organisation

Kind = Literal["checklist", "organisation"]

DIALECT = "https://json-schema.org/draft/2020-12/schema"
REFERENCE = "#/$defs/"
NOISE = ("title", "ge", "le")
FILES: dict[Kind, Path] = {
    "checklist": Path(__file__).parent.with_name("schema.json"),
    "organisation": Path(__file__).parent.with_name("organisation.schema.json"),
}
Schema = dict[str, Any]


def schema(kind: Kind = "checklist") -> Schema:
    """The schema of a checklist file or of the organisation file."""
    made = _checklist() if kind == "checklist" else Organisation.model_json_schema(by_alias=True)
    return {"$schema": DIALECT, **_tidy(made)}


def text(kind: Kind) -> str:
    """The schema as it is kept beside the code."""
    return json.dumps(schema(kind), indent=1, ensure_ascii=False) + "\n"


def _checklist() -> Schema:
    """A file may extend another: its items then say only what they add, so that nothing in them is required."""
    whole = Checklist.model_json_schema(by_alias=True)
    items = whole["properties"]["items"]
    objects = {name: model for name, model in whole["$defs"].items() if "properties" in model}
    parts = {f"{name}-part": _part(model, objects) for name, model in objects.items()}
    whole["properties"]["items"] = {
        "type": "object",
        "description": "By key; the key is what commands and `needs` use.",
    }
    whole["properties"]["extends"] = {
        "type": "string",
        "pattern": KEY,
        "description": "The checklist this one adds to. Its rules may be tightened, never weakened.",
    }
    return whole | {
        "description": "What must be true before a launch ships.",
        "required": ["checklist"],
        "$defs": whole["$defs"] | parts,
        "if": {"required": ["extends"]},
        "then": {"properties": {"items": _part(items, objects)}},
        "else": {"properties": {"items": items}, "required": ["items"]},
    }


def _part(node: Any, objects: Collection[str]) -> Any:
    """The same, where anything may be left to the checklist that is extended."""
    if isinstance(node, list):
        return [_part(one, objects) for one in node]
    if isinstance(node, str) and node.startswith(REFERENCE) and node.removeprefix(REFERENCE) in objects:
        return f"{node}-part"
    if not isinstance(node, dict):
        return node
    left = {key: value for key, value in node.items() if key not in ("required", "default")}
    return {"anyOf" if key == "oneOf" else key: _part(value, objects) for key, value in left.items()}


def _tidy(node: Any) -> Any:
    """Without the titles Pydantic makes up; keys of no known pattern are refused."""
    if isinstance(node, list):
        return [_tidy(one) for one in node]
    if not isinstance(node, dict):
        return node
    tidy = {key: _tidy(value) for key, value in node.items() if key not in NOISE or isinstance(value, dict)}
    return tidy | {"additionalProperties": False} if "patternProperties" in tidy else tidy


def main() -> None:
    for kind, file in FILES.items():
        file.write_text(text(kind), encoding="utf-8")


if __name__ == "__main__":
    main()

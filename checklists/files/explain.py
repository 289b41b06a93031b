"""What Pydantic refuses, said as findings: the file and line of the cause, the path, the likely right word."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from difflib import get_close_matches
from itertools import islice
from types import UnionType
from typing import Annotated, Any, TypeVar, Union, get_args, get_origin

from pydantic import BaseModel, Discriminator, Tag, ValidationError
from pydantic_core import ErrorDetails

from checklists.audience_rule import DOMAIN
from checklists.binding import KEY
from checklists.checklist import unknown
from checklists.checks import CHECKS
from checklists.common import ONE_LINE
from checklists.errors import Finding
from checklists.files.reader import Node, Trail, spoken
from checklists.items import GAP, KINDS, PERCENT
from checklists.mail_address import ADDRESS, ALIAS
from checklists.organisation import REPOSITORY, VARIABLE
from checklists.subscriber import NAME
from checklists.value import Value

Model = TypeVar("Model", bound=Value)
Kind = Any  # a type annotation

ENOUGH = 100  # findings; a file with more is broken in a way that one more sentence does not explain

PATTERNS = {
    KEY: 'lower-case words joined by dashes, such as "docs-review"',
    ONE_LINE: "one line without control characters",
    GAP: 'a time such as "30m" or "2h"',
    PERCENT: 'a share such as "80%"',
    ADDRESS: 'a mail address such as "ada@example.com"',
    REPOSITORY: 'an owner and a name such as "example-org/acme"',
    ALIAS: 'an address or a login such as "github:ada"',
    DOMAIN: 'a domain such as "example.com"',
    NAME: 'the name of an attribute, in lower case, such as "plan"',
    VARIABLE: 'the name of an environment variable such as "SLACK_LAUNCHES"',
}
EXPECTED = {
    "string": "a text",
    "int": "a whole number",
    "bool": "true or false",
    "date": "a date such as 2026-12-24",
    "tuple": "a list",
    "dict": "a mapping",
    "Rule": "a rule such as `{topic: acme}`",
    "RelativeDate": 'a date relative to the launch such as "T-3d"',
    "QuorumLine": 'a line such as "2 of qa"',
    "Escalation": 'a step such as "1d: team-lead"',
    "Hours": 'a time such as "09:00-17:00"',
}
LIMITS = {
    "greater_than_equal": "must be {ge} or more, not {given}",
    "less_than_equal": "must be {le} or less, not {given}",
    "string_too_long": "must have {max_length} characters at most",
    "string_too_short": "must not be empty",
    "too_short": "must not be empty",
    "too_long": "must have {max_length} entries at most",
}


def build(model: type[Model], source: Node) -> tuple[Model | None, tuple[Finding, ...]]:
    """The value a file describes, or everything that keeps it from being one."""
    try:
        return model.model_validate(source.plain, by_alias=True, by_name=False), ()
    except ValidationError as refused:
        return None, tuple(islice(_findings(model, source, refused), ENOUGH))


def by_line(findings: Iterable[Finding]) -> list[Finding]:
    """Findings in the order in which a person walks through the file."""
    return sorted(findings, key=lambda finding: (str(finding.file), finding.line or 0))


def _findings(model: type[Model], source: Node, refused: ValidationError) -> Iterator[Finding]:
    for error in refused.errors(include_url=False):
        if error["type"] == "loose_end" or _is_echo(error):
            continue
        trail, around = _trail(model, error["loc"])
        yield source.at(trail).wrong(trail, _sentence(error, trail, around))


def _is_echo(error: ErrorDetails) -> bool:
    """A list is called too short when its entries are wrong: they have findings of their own."""
    return error["type"] == "too_short" and len(error["input"]) >= error.get("ctx", {}).get("min_length", 0)


def _trail(model: Kind, loc: Trail) -> tuple[Trail, Kind]:
    """The path as it stands in the file (Pydantic adds the names of union members) and the model around its end."""
    trail: list[str | int] = []
    kind, around = model, model
    for part in loc:
        around = kind
        kind, stands = _step(kind, part)
        trail += [part] if stands else []
    return tuple(trail), _model(around)


def _step(kind: Kind, part: str | int) -> tuple[Kind, bool]:
    """What stands at `part` of a value of this kind, and whether the part stands in the file."""
    kind, notes = _bare(kind)
    if part == "[key]":
        return kind, False
    if any(isinstance(note, Discriminator) for note in notes):
        return next((one for one in get_args(kind) if Tag(str(part)) in get_args(one)), kind), False
    if _origin(kind) is dict:
        return get_args(kind)[1], True
    if _origin(kind) is tuple:
        return get_args(kind)[0], True
    return next((field.annotation for field in _fields(kind).values() if field.alias == part), None), True


def _origin(kind: Kind) -> Any:
    return get_origin(kind)


def _bare(kind: Kind) -> tuple[Kind, tuple[Any, ...]]:
    """The annotation without its notes and without `| None`, and the notes."""
    notes: tuple[Any, ...] = ()
    if _origin(kind) is Annotated:
        kind, *found = get_args(kind)
        notes = tuple(found)
    some = [one for one in get_args(kind) if one is not type(None)] if _origin(kind) in (Union, UnionType) else []
    return (some[0], notes) if len(some) == 1 else (kind, notes)


def _model(kind: Kind) -> Kind:
    return _bare(kind)[0]


def _fields(kind: Kind) -> dict[str, Any]:
    return dict(kind.model_fields) if isinstance(kind, type) and issubclass(kind, BaseModel) else {}


def _sentence(error: ErrorDetails, trail: Trail, around: Kind) -> str:
    kind, given, facts = error["type"], error["input"], error.get("ctx", {})
    if kind == "missing":
        return "this is missing; add it"
    if kind == "extra_forbidden":
        return _unknown_key(str(trail[-1]), [str(field.alias) for field in _fields(around).values()])
    if kind == "item_kind":
        return _no_kind(given)
    if kind == "value_error":
        return str(facts["error"])
    if kind in LIMITS:
        return LIMITS[kind].format(**facts, given=in_words(given))
    return f"expected {_expected(kind, facts)}, not {in_words(given)}"


def _expected(kind: str, facts: dict[str, Any]) -> str:
    if kind == "string_pattern_mismatch":
        return PATTERNS.get(facts["pattern"], f"a text like {facts['pattern']}")
    if kind == "literal_error":
        return str(facts["expected"])
    return EXPECTED.get(facts.get("class_name", "")) or EXPECTED.get(kind.partition("_")[0], "a mapping")


def _unknown_key(key: str, known: list[str]) -> str:
    if key in KINDS and set(known) & set(KINDS):
        kind = next(kind for kind in KINDS if kind in known)
        return f'an item is of one kind, and this has "{kind}" already; remove "{key}"'
    return unknown(spoken(key), known, "key")


def _no_kind(given: Any) -> str:
    if not isinstance(given, dict):
        return f"expected a mapping, not {in_words(given)}; an item begins with one of {', '.join(KINDS)}"
    if given.get("check") is not None:
        return unknown(spoken(str(given["check"])), list(CHECKS), "check")
    empty = next((kind for kind in KINDS if kind in given), None)
    if empty:
        return f'"{empty}" is empty; say what it is'
    near = [(key, kind) for key in given for kind in get_close_matches(key, KINDS, n=1, cutoff=0.7)]
    hint = f'; did you mean "{near[0][1]}" where it says "{spoken(near[0][0])}"?' if near else ""
    return f"an item needs one of {', '.join(KINDS)}{hint}"


def in_words(value: Any) -> str:
    """A value as a person would read it in the file."""
    if isinstance(value, str):
        return f'the text "{spoken(value)}"' if value else "an empty text"
    if isinstance(value, dict | list | tuple):
        what = "mapping" if isinstance(value, dict) else "list"
        return f"a {what}" if value else f"an empty {what}"
    if value is None:
        return "nothing"
    return str(value).lower() if isinstance(value, bool) else f"the number {value}"

"""Who is meant: a rule over what is known of a person, as it is written in the organisation file or in a checklist."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Annotated, Any

from pydantic import (
    AfterValidator,
    BeforeValidator,
    Field,
    GetJsonSchemaHandler,
    SerializerFunctionWrapHandler,
    StringConstraints,
    model_serializer,
    model_validator,
)
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import CoreSchema

from checklists.common import Key
from checklists.subscriber import NAME, locale_of, text_of
from checklists.value import Value

DOMAIN = r"^[A-Za-z0-9]([A-Za-z0-9-]*[A-Za-z0-9])?(\.[A-Za-z0-9]([A-Za-z0-9-]*[A-Za-z0-9])?)+$"
MOST = 200  # values of one test
BOUNDS = ("at_least", "at_most", "above", "below")
SCALARS = (str, int, float)


def _listed(value: Any) -> Any:
    return value if isinstance(value, list | tuple) else [value]


def _locale(text: str) -> str:
    found = locale_of(text)
    if found is None:
        raise ValueError(f"a language reads like de or pt-BR, not {text!r}")
    return found


Attribute = Annotated[str, StringConstraints(pattern=NAME, max_length=60)]
Domain = Annotated[str, StringConstraints(pattern=DOMAIN, max_length=253), AfterValidator(str.lower)]
Locale = Annotated[str, AfterValidator(_locale)]
_KEYS = BeforeValidator(_listed, json_schema_input_type=Key | tuple[Key, ...])
_DOMAINS = BeforeValidator(_listed, json_schema_input_type=Domain | tuple[Domain, ...])
_LOCALES = BeforeValidator(_listed, json_schema_input_type=str | tuple[str, ...])
_SOME = Field(min_length=1, max_length=MOST)


class AsSaid(Value):
    """Written as it was said: what stands there empty is refused when it is read again."""

    @model_serializer(mode="wrap")
    def written(self, handler: SerializerFunctionWrapHandler) -> dict[str, Any]:
        return {name: value for name, value in handler(self).items() if value not in (None, (), [], {})}


class Test(AsSaid):
    """What an attribute has to be: one of some values, there at all, or a number within bounds."""

    __test__ = False

    in_: tuple[str, ...] = Field((), max_length=MOST)
    present: bool | None = None
    at_least: float | None = Field(None, allow_inf_nan=False)
    at_most: float | None = Field(None, allow_inf_nan=False)
    above: float | None = Field(None, allow_inf_nan=False)
    below: float | None = Field(None, allow_inf_nan=False)

    @model_validator(mode="before")
    @classmethod
    def parse(cls, value: Any) -> Any:
        if isinstance(value, dict):
            written = value.get("in", value.get("in_", ()))
            rest = {key: inner for key, inner in value.items() if key not in ("in", "in_")}
            return rest | ({"in": _values(written)} if written != () else {})
        return {"in": _values(value)}

    @model_validator(mode="after")
    def says_something(self) -> Test:
        if not self.in_ and self.present is None and not any(True for _ in self.bounds()):
            raise ValueError("this tests nothing; name a value, a list of values, `present`, or a bound (`at-least`)")
        if self.present is False and (self.in_ or any(True for _ in self.bounds())):
            raise ValueError("what is not there has no value; leave out `present: false`, or the rest")
        return self

    def bounds(self) -> Iterator[tuple[str, float]]:
        for name in BOUNDS:
            bound = getattr(self, name)
            if bound is not None:
                yield name, bound

    def words(self) -> Iterator[str]:
        """`is one of "pro", "team"`, `is at least 50`: each has to hold."""
        if self.in_:
            yield f"is {_one_of(self.in_)}"
        if self.present is not None:
            yield "is known" if self.present else "is not known"
        yield from (f"is {name.replace('_', ' ')} {bound:.15g}" for name, bound in self.bounds())

    @classmethod
    def __get_pydantic_json_schema__(cls, core: CoreSchema, handler: GetJsonSchemaHandler) -> JsonSchemaValue:
        scalar = {"type": ["string", "number", "boolean"]}
        values = {"type": "array", "items": scalar, "minItems": 1, "maxItems": MOST}
        bounds = {name.replace("_", "-"): {"type": "number"} for name in BOUNDS}
        tests = {"in": {"anyOf": [scalar, values]}, "present": {"type": "boolean"}, **bounds}
        whole = {"type": "object", "properties": tests, "additionalProperties": False, "minProperties": 1}
        return {"anyOf": [scalar, values, whole]}


def _values(given: Any) -> list[str]:
    found = _listed(given)
    if not found or not all(isinstance(one, SCALARS) for one in found):
        raise ValueError("an attribute is compared with a value or a list of values, such as `plan: [pro, team]`")
    return sorted({text_of(one) for one in found})


class Rule(AsSaid):
    """Who is meant. Everything that is said has to hold; `any`, `all` and `not` put rules together."""

    all_: tuple[Rule, ...] = Field((), min_length=1, max_length=50, description="Every one of these has to hold.")
    any_: tuple[Rule, ...] = Field((), min_length=1, max_length=50, description="One of these has to hold.")
    not_: Rule | None = Field(None, description="This must not hold.")
    attributes: dict[Attribute, Test] = Field(
        default_factory=dict,
        max_length=50,
        description="What is known of them, such as `{plan: [pro, team], seats: {at-least: 50}}`.",
    )
    topic: Annotated[tuple[Key, ...], _KEYS, _SOME] = Field((), description="They subscribe to one of these.")
    list_: Annotated[tuple[Key, ...], _KEYS, _SOME] = Field((), description="They came with one of these lists.")
    domain: Annotated[tuple[Domain, ...], _DOMAINS, _SOME] = Field((), description="Their address is at or below it.")
    locale: Annotated[tuple[Locale, ...], _LOCALES, _SOME] = Field((), description="They read one of these.")

    @model_validator(mode="after")
    def says_something(self) -> Rule:
        if not any(True for _ in self.parts()):
            known = ", ".join(str(one.alias) for one in Rule.model_fields.values())
            raise ValueError(f"this rule means everybody or nobody; say one of {known}")
        return self

    def parts(self) -> Iterator[str]:
        """What it says, in words without two readings: a change of its meaning is a change of these."""
        if self.all_:
            yield f"({' and '.join(map(str, self.all_))})"
        if self.any_:
            yield f"({' or '.join(map(str, self.any_))})"
        if self.not_ is not None:
            yield f"not ({self.not_})"
        yield from (f"{name} {said}" for name, test in self.attributes.items() for said in test.words())
        yield from (f"{name} is {_one_of(values)}" for name, values in self._named() if values)

    def _named(self) -> Iterator[tuple[str, tuple[str, ...]]]:
        yield from (("topic", self.topic), ("list", self.list_), ("domain", self.domain), ("locale", self.locale))

    def rules(self) -> Iterator[Rule]:
        """This rule and all that it is made of."""
        yield self
        for inner in (*self.all_, *self.any_, *((self.not_,) if self.not_ else ())):
            yield from inner.rules()

    def __str__(self) -> str:
        return " and ".join(self.parts())


def _one_of(values: tuple[str, ...]) -> str:
    return f"{'one of ' if len(values) > 1 else ''}{', '.join(map(_quoted, values))}"


def _quoted(value: str) -> str:
    return json.dumps(value, ensure_ascii=False)

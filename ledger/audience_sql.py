"""The same as `checklists/selection.py`, asked of everybody at once, in the database."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from datetime import datetime

from sqlalchemy import (
    Column,
    ColumnElement,
    Text,
    and_,
    case,
    exists,
    false,
    func,
    literal,
    not_,
    or_,
    true,
    type_coerce,
)

from checklists.audience_rule import Rule, Test
from checklists.selection import Selection
from ledger import people_schema as tables

_P = tables.subscribers.c
_S = tables.subscriptions.c
_L = tables.cohorts.c

Condition = ColumnElement[bool]


def is_meant(selection: Selection) -> Condition:
    """Whom the rule and the topics mean."""
    if selection.rule is None and not selection.topics:
        return false()
    knows = has_topic(selection.topics) if selection.topics else true()
    return and_(knows, holds(selection.rule) if selection.rule else true())


def reason(selection: Selection, now: datetime) -> ColumnElement[str]:
    """Why somebody who is meant gets nothing, or nothing at all; the first that fits."""
    fine = ("confirmed", "unconfirmed") if selection.named else ("confirmed",)
    reasons: list[tuple[Condition, ColumnElement[str]]] = [(_P.state.not_in(fine), _P.state)]
    reasons.append((is_paused(now), literal("paused")))
    if selection.topics:
        reasons.append((not_(has_topic(selection.topics, is_on=True)), literal("topic")))
    reasons += refusals(selection)
    if not selection.urgent:
        reasons.append((_P.pace != "immediate", literal("digest")))
    return case(*reasons, else_=literal(""))


def refusals(selection: Selection) -> list[tuple[Condition, ColumnElement[str]]]:
    """What of their own choice keeps a message back from whoever is meant: what it is about, its kinds, its channel."""
    found: list[tuple[Condition, ColumnElement[str]]] = []
    if selection.about:
        found.append((has_given_up(selection.about), literal("topic")))
    if selection.types:
        wanted = or_(_written(_P.change_types) == "", *(_has(_P.change_types, kind) for kind in selection.types))
        found.append((not_(wanted), literal("change-type")))
    found.append((not_(_has(_P.channels, selection.channel)), literal("channel")))
    return found


def has_given_up(topics: Collection[str]) -> Condition:
    """Whether they left one of these, and follow none of them."""
    return and_(has_topic(topics, is_on=False), not_(has_topic(topics, is_on=True)))


def is_paused(now: datetime) -> Condition:
    return func.coalesce(_P.paused_until > now, false())


def has_topic(topics: Collection[str], *, is_on: bool | None = None) -> Condition:
    """Whether they subscribe to one of these; without `is_on`, whether they do or did."""
    said = [_S.person == _P.id, _S.topic.in_(topics), *([] if is_on is None else [_S.is_on.is_(is_on)])]
    return exists().where(*said)


def holds(rule: Rule) -> Condition:
    """Whom the rule fits: true or false of everybody, never unknown, so that `not` means the others."""
    return and_(*_parts(rule))


def _parts(rule: Rule) -> Iterator[Condition]:
    yield from (holds(inner) for inner in rule.all_)
    if rule.any_:
        yield or_(*(holds(inner) for inner in rule.any_))
    if rule.not_ is not None:
        yield not_(holds(rule.not_))
    yield from (part for name, test in rule.attributes.items() for part in _tests(name, test))
    if rule.topic:
        yield has_topic(rule.topic, is_on=True)
    if rule.list_:
        yield exists().where(_L.person == _P.id, _L.list.in_(rule.list_))
    if rule.domain:
        yield or_(*(or_(_P.domain == one, _P.domain.endswith(f".{one}", autoescape=True)) for one in rule.domain))
    if rule.locale:
        yield or_(*(or_(_P.locale == one, _P.locale.startswith(f"{one}-", autoescape=True)) for one in rule.locale))


def _tests(name: str, test: Test) -> Iterator[Condition]:
    text, number = _P.texts[name].as_string(), _P.numbers[name].as_float()
    if test.in_:
        yield func.coalesce(text.in_(test.in_), false())
    if test.present is not None:
        yield text.is_not(None) if test.present else text.is_(None)
    compare = {"at_least": number.__ge__, "at_most": number.__le__, "above": number.__gt__, "below": number.__lt__}
    for bound, value in test.bounds():
        yield func.coalesce(compare[bound](value), false())


def _written(column: Column[frozenset[str]]) -> ColumnElement[str]:
    """The text in which a set of words is kept."""
    return type_coerce(column, Text)


def _has(column: Column[frozenset[str]], word: str) -> Condition:
    return _written(column).contains(f" {word} ", autoescape=True)

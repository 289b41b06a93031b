"""People, rules and selections as hypothesis makes them up, small enough that they meet each other."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from hypothesis import strategies as st

from checklists.audience_rule import Rule
from checklists.selection import Selection
from checklists.subscriber import CHANGE_TYPES, PACES, STATES
from tests.ledger.examples import NOON

TOPICS = ("acme", "sdk", "sso")
LISTS = ("beta", "press")
DOMAINS = ("example.com", "eu.example.com", "example.org", "xexample.com")
LOCALES = ("", "de", "de-AT", "en", "den")
NAMES = ("plan", "seats", "zip_code")
VALUES = ("pro", "Pro", "team", "50", "50.0", 50, 7.5, "07", 7, -1, True, "true", "Straße", "%", "_", "it's", '"', "")


def subsets(of: tuple[str, ...]) -> st.SearchStrategy[frozenset[str]]:
    return st.frozensets(st.sampled_from(of))


@st.composite
def person(draw: st.DrawFn) -> dict[str, Any]:
    """What there is to be said of somebody, without their address."""
    topics = draw(subsets(TOPICS))
    return {
        "state": draw(st.sampled_from(("confirmed", "confirmed", "confirmed", *STATES))),
        "locale": draw(st.sampled_from(LOCALES)),
        "domain": draw(st.sampled_from(DOMAINS)),
        "pace": draw(st.sampled_from(("immediate", "immediate", *PACES))),
        "channels": draw(st.sampled_from((frozenset({"email", "feed"}), frozenset({"feed"}), frozenset[str]()))),
        "change_types": draw(subsets(CHANGE_TYPES)),
        "paused_until": draw(st.sampled_from((None, None, NOON, NOON + timedelta(days=1), NOON - timedelta(days=1)))),
        "attributes": draw(st.dictionaries(st.sampled_from(NAMES), st.sampled_from(VALUES))),
        "topics": topics,
        "refused": draw(subsets(TOPICS)) - topics,
        "lists": draw(subsets(LISTS)),
    }


def _some(of: tuple[Any, ...]) -> st.SearchStrategy[list[Any]]:
    return st.lists(st.sampled_from(of), min_size=1, max_size=2)


BOUND = st.sampled_from((-1, 0, 7, 7.5, 49.9, 50))
TESTS = st.one_of(
    _some(VALUES),
    st.fixed_dictionaries({"present": st.booleans()}),
    st.fixed_dictionaries({"at-least": BOUND, "below": BOUND}),
    st.fixed_dictionaries({"at-most": BOUND}),
    st.fixed_dictionaries({"above": BOUND, "in": _some(VALUES)}),
)
LEAVES = st.one_of(
    st.fixed_dictionaries({"attributes": st.dictionaries(st.sampled_from(NAMES), TESTS, min_size=1, max_size=2)}),
    st.fixed_dictionaries({"topic": _some(TOPICS)}),
    st.fixed_dictionaries({"list": _some(LISTS)}),
    st.fixed_dictionaries({"domain": _some(DOMAINS)}),
    st.fixed_dictionaries({"locale": _some(LOCALES[1:])}),
)
RULES = st.recursive(
    LEAVES,
    lambda inner: st.one_of(
        st.fixed_dictionaries({"not": inner}),
        st.fixed_dictionaries({"all": st.lists(inner, min_size=1, max_size=2)}),
        st.fixed_dictionaries({"any": st.lists(inner, min_size=1, max_size=2), "topic": _some(TOPICS)}),
    ),
    max_leaves=4,
).map(Rule.model_validate)
SELECTIONS = st.builds(
    Selection,
    rule=st.none() | RULES,
    topics=subsets(TOPICS).map(tuple),
    about=subsets(TOPICS).map(tuple),
    types=subsets(CHANGE_TYPES).map(tuple),
    channel=st.sampled_from(("email", "feed")),
    urgent=st.booleans(),
    named=st.booleans(),
)

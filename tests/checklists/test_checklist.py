"""A checklist is connected: every need leads somewhere, and everything can come to an end."""

import json
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from checklists.checklist import Checklist, unknown
from checklists.checks import LinksCheck, LinkTargets
from checklists.dates import RelativeDate
from checklists.items import Gate, Item, Todo, Training, TrainingPlan
from checklists.quorum import QuorumLine

KEYS = st.from_regex(r"[a-z]{1,5}(-[a-z0-9]{1,3})?", fullmatch=True)
TEXTS = st.text(st.characters(codec="utf-8", categories=["L", "N", "P", "S"]), min_size=1, max_size=30)
DATES = st.builds(
    RelativeDate,
    days=st.integers(-99, 99),
    at=st.none() | st.times().map(lambda at: at.replace(second=0, microsecond=0)),
)
ROLES = st.lists(KEYS, min_size=1, max_size=3, unique=True).map(tuple)
COUNTS = st.none() | st.integers(1, 99)
LINES = st.lists(st.builds(QuorumLine, count=COUNTS, of=ROLES), min_size=1, max_size=4).map(tuple)
COMMON = {
    "title": st.none() | TEXTS,
    "due": st.none() | DATES,
    "owner": st.none() | KEYS,
    "about": st.none() | st.text(max_size=50),
}
PLANS = st.builds(TrainingPlan, audience=KEYS, materials=st.tuples(TEXTS), **{"pass": st.just("80%")})
ITEMS: st.SearchStrategy[Item] = st.one_of(
    st.builds(Gate, gate=TEXTS, sign=LINES, evidence=st.lists(KEYS).map(tuple), **COMMON),
    st.builds(Training, training=PLANS, sign=LINES | st.just(()), **COMMON),
    st.builds(Todo, todo=TEXTS, **COMMON),
    st.builds(LinksCheck, check=st.just("links"), **{"with": st.builds(LinkTargets, files=st.lists(TEXTS).map(tuple))}),
)  # fmt: skip


@st.composite
def checklists(draw: st.DrawFn) -> Checklist:
    items = draw(st.dictionaries(KEYS, ITEMS, min_size=1, max_size=6))
    keys = list(items)
    needs = {key: tuple(draw(st.sets(st.sampled_from(keys[:at])))) if at else () for at, key in enumerate(keys)}
    given = {key: item.model_copy(update={"needs": needs[key]}) for key, item in items.items()}
    return Checklist(checklist=draw(KEYS), tier=draw(st.integers(1, 5)), items=given)


@given(checklists())
def test_what_is_written_is_read_back_the_same(checklist: Checklist) -> None:
    """A running launch keeps its checklist as JSON in its first entry."""
    assert Checklist.model_validate(json.loads(checklist.model_dump_json())) == checklist
    assert Checklist.model_validate(checklist.model_dump()) == checklist


@given(st.lists(st.tuples(st.integers(0, 7), st.integers(0, 7)), max_size=15))
def test_a_circle_is_refused_and_everything_else_can_end(edges: list[tuple[int, int]]) -> None:
    items = {f"i{at}": {"todo": "x", "needs": [f"i{to}" for by, to in edges if by == at]} for at in range(8)}

    ended: set[str] = set()
    for _ in items:
        ended |= {key for key, item in items.items() if ended.issuperset(item["needs"])}
    try:
        Checklist.model_validate({"checklist": "x", "items": items})
    except ValidationError as refused:
        (error,) = refused.errors()
        circle = error["ctx"]["problem"].split(": ")[1].split(";")[0].split(" -> ")
        assert all(need in items[key]["needs"] for key, need in pairwise(circle))
        assert circle[0] == circle[-1]
        assert len(ended) < len(items)
    else:
        assert len(ended) == len(items)


@pytest.mark.parametrize(
    ("items", "path"),
    [
        ({"a": {"todo": "x", "needs": ["b"]}}, ("items", "a", "needs", 0)),
        ({"a": {"gate": "x", "sign": ["1 of qa"], "bound-to": "b"}}, ("items", "a", "bound-to")),
    ],
)
def test_a_name_that_leads_nowhere_is_refused_with_its_path(items: dict[str, object], path: tuple[str, ...]) -> None:
    with pytest.raises(ValidationError) as refused:
        Checklist.model_validate({"checklist": "x", "items": items})

    assert refused.value.errors()[0]["ctx"]["path"] == path


@pytest.mark.parametrize("bound", ["code", "evidence", "nothing", "other"])
def test_a_gate_is_bound_to_what_there_is(bound: str) -> None:
    items = {"a": {"gate": "x", "sign": ["1 of qa"], "bound-to": bound}, "other": {"todo": "x"}}

    assert isinstance(Checklist.model_validate({"checklist": "x", "items": items}).items["a"], Gate)


def test_a_checklist_cannot_be_changed() -> None:
    checklist = Checklist(checklist="x", items={"a": Todo(todo="y")})

    with pytest.raises(ValidationError, match="frozen"):
        checklist.tier = 1  # type: ignore[misc]


def test_an_unknown_name_is_answered_with_the_likely_one_or_all_there_are() -> None:
    assert (
        unknown("qa-signof", ["qa-signoff", "go"], "item")
        == 'no item is called "qa-signof"; did you mean "qa-signoff"?'
    )
    assert unknown("zzz", ["qa", "go"], "item") == 'no item is called "zzz"; known: qa, go'
    assert unknown("zzz", [], "item") == 'no item is called "zzz"; known: none'


def test_the_gates_before_an_item_that_sign_its_content_are_known() -> None:
    checklist = Checklist.model_validate(
        {
            "checklist": "bound",
            "items": {
                "text": {"gate": "Words", "sign": ["1 of docs"], "bound-to": "tell"},
                "near": {"gate": "Words", "sign": ["1 of docs"], "bound-to": "tell"},
                "beside": {"gate": "Words", "sign": ["1 of docs"], "bound-to": "tell"},
                "code": {"gate": "Code", "sign": ["1 of qa"], "bound-to": "code"},
                "go": {"gate": "Go", "sign": ["1 of qa"], "needs": ["text", "code"]},
                "tell": {"todo": "Tell", "needs": ["go", "near"]},
                "after": {"gate": "Was right", "sign": ["1 of docs"], "bound-to": "tell", "needs": ["tell"]},
            },
        }
    )
    assert checklist.signed_before == {"tell": ("text", "near")}

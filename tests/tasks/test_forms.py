"""The forms of the Prefect UI, and what is made of the answers, which anybody may have written."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from checklists.commands import Actor, Complete, Rerun, Sign, Waive
from checklists.entries import Form, Piece
from tasks.forms import FORMS, read

BEN = Actor("ben@example.com", "Ben", ("qa",))
WHO = {"signed_by": "ben@example.com"}
FIRST: dict[Form, str] = {"sign": "approve", "done": "done", "rescue": "run again"}
OF: dict[str, Any] = {"item": "qa", "round": 2, "number": 3}


@pytest.mark.parametrize("form", FORMS)
def test_no_field_that_decides_has_a_default(form: Form) -> None:
    """An empty Resume is accepted by Prefect when every field has one."""
    fields = FORMS[form].model_fields
    assert [name for name, field in fields.items() if field.is_required()] == ["decision", "signed_by"]


@pytest.mark.parametrize(
    ("form", "answer", "command"),
    [
        ("sign", {"decision": "approve"}, Sign(by=BEN, via="form", decision="approve", **OF)),
        (
            "sign",
            {"decision": "request changes", "comment": "  try the roll-back "},
            Sign(by=BEN, via="form", decision="request-changes", comment="try the roll-back", **OF),
        ),
        (
            "sign",
            {"decision": "reject", "comment": "no", "evidence": "report=https://ci.example.com/7\n\n"},
            Sign(
                by=BEN,
                via="form",
                decision="reject",
                comment="no",
                evidence={"report": Piece(url="https://ci.example.com/7")},
                **OF,
            ),
        ),
        ("done", {"decision": "done"}, Complete(by=BEN, via="form", **OF)),
        ("rescue", {"decision": "run again"}, Rerun(by=BEN, via="form", **OF)),
        (
            "rescue",
            {"decision": "waive", "comment": "it can wait"},
            Waive(by=BEN, via="form", reason="it can wait", **OF),
        ),
    ],
)
def test_an_answer_becomes_a_command_for_its_round_and_form(form: Form, answer: dict[str, str], command: Any) -> None:
    filled = read(form, WHO | answer)
    assert not isinstance(filled, str)
    assert filled.command(BEN, **OF) == command


@pytest.mark.parametrize("raw", [None, {}, [], "approve", 7, True, ["approve"]])
def test_an_empty_answer_is_none(raw: object) -> None:
    assert read("sign", raw) == "the form came back empty; choose a decision and say who you are"


DECISION, ADDRESS = "Your decision", "Your mail address"
COMMENT = "Comment (say what has to change, unless you approve)"
EVIDENCE = "Evidence, one NAME=ADDRESS a line"


@pytest.mark.parametrize(
    ("changes", "fields"),
    [
        ({"decision": None}, DECISION),
        ({"decision": "approved"}, DECISION),
        ({"decision": "APPROVE"}, DECISION),
        ({"decision": {"__prefect_kind": "jinja", "template": "approve"}}, DECISION),
        ({"signed_by": ""}, ADDRESS),
        ({"signed_by": "   "}, ADDRESS),
        ({"signed_by": ["ben@example.com"]}, ADDRESS),
        ({"signed_by": {"__prefect_kind": "json", "value": '"x"'}}, ADDRESS),
        ({"signed_by": "b" * 300}, ADDRESS),
        ({"comment": "c" * 2_001}, COMMENT),
        ({"comment": 7}, COMMENT),
        ({"evidence": "report"}, EVIDENCE),
        ({"evidence": "report=javascript:alert(1)"}, EVIDENCE),
        ({"evidence": "=https://ci.example.com"}, EVIDENCE),
        ({"decision": "no", "signed_by": 1}, f"{DECISION}, {ADDRESS}"),
    ],
)
def test_what_is_wrong_is_named_as_the_form_names_it_and_not_echoed(changes: dict[str, Any], fields: str) -> None:
    said = read("sign", {"decision": "approve", **WHO, **changes})
    assert said == f"the form was not filled in as it should be: {fields}"


@pytest.mark.parametrize("form", FORMS)
def test_the_decision_of_another_form_is_none_here(form: Form) -> None:
    others = set(FIRST.values()) - {FIRST[form]}
    assert all(isinstance(read(form, WHO | {"decision": other}), str) for other in others)


def test_fields_nobody_asked_for_are_left_alone() -> None:
    forged = {"by": "eve", "round": 9, "via": "link", "roles": ["launch-managers"]}
    filled = read("sign", {"decision": "approve", **WHO, **forged})
    assert not isinstance(filled, str)
    assert filled.command(BEN, **OF) == Sign(by=BEN, via="form", decision="approve", **OF)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=9), inner, max_size=3),
    max_leaves=9,
)
FIELDS = st.fixed_dictionaries({}, optional=dict.fromkeys(("decision", "signed_by", "comment", "evidence"), JSON))


@given(form=st.sampled_from(sorted(FORMS)), raw=JSON | FIELDS)
def test_whatever_comes_back_is_an_answer_or_a_sentence(form: Form, raw: object) -> None:
    answer = read(form, raw)
    assert isinstance(answer, str | FORMS[form])
    assert not isinstance(answer, str) or answer.startswith("the form ")

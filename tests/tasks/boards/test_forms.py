"""The forms of the Prefect UI, and what is made of the answers, which anybody may have written."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from checklists.commands import Actor, Complete, Rerun, Sign, Waive
from checklists.delivery_commands import Settle
from checklists.entries import Form, Piece
from tasks.boards.forms import BY_CODE, BY_NAME, FORMS, read
from tasks.settings import Identity

BEN = Actor("ben@example.com", "Ben", ("qa",))
CODE = "AB3D-EF7H"
WHO = {"signed_by": "ben@example.com"}
SAYS_WHO: dict[Identity, dict[str, str]] = {"asserted": WHO, "verified": {"code": CODE}}
FIRST: dict[Form, str] = {"sign": "approve", "done": "done", "rescue": "run again", "settle": "it arrived"}
OF: dict[str, Any] = {"item": "qa", "round": 2, "number": 3}


@pytest.mark.parametrize("form", BY_NAME)
@pytest.mark.parametrize(("identity", "who"), [("asserted", "signed_by"), ("verified", "code")])
def test_no_field_that_decides_has_a_default(form: Form, identity: Identity, who: str) -> None:
    """An empty Resume is accepted by Prefect when every field has one."""
    fields = FORMS[identity][form].model_fields
    assert [name for name, field in fields.items() if field.is_required()] == ["decision", who]
    assert list(fields)[:3] == ["decision", who, "comment"], "in the order in which people are asked"


@pytest.mark.parametrize("form", BY_CODE)
def test_where_people_are_verified_nobody_is_asked_for_a_name(form: Form) -> None:
    assert "signed_by" not in BY_CODE[form].model_fields
    forged = {"decision": FIRST[form], "signed_by": "eve@example.com"}
    said = "the form was not filled in as it should be: Your personal code, from the mail"
    assert read(form, forged, "verified") == said


@pytest.mark.parametrize(
    "code",
    [
        "",
        "        ",
        "short",
        "x" * 21,
        None,
        12345678,
        ["AB3DEF7H"],
        {"__prefect_kind": "workspace_variable", "variable_name": "codes"},
        {"__prefect_kind": "json", "value": '"AB3DEF7H"'},
        {"__prefect_kind": "jinja", "template": "AB3DEF7H"},
    ],
    ids=repr,
)
@pytest.mark.parametrize("form", BY_CODE)
def test_what_cannot_be_a_code_is_refused_and_not_echoed(form: Form, code: object) -> None:
    said = read(form, {"decision": FIRST[form], "code": code}, "verified")
    assert said == "the form was not filled in as it should be: Your personal code, from the mail"


@pytest.mark.parametrize("form", BY_CODE)
def test_a_code_is_not_shown_with_its_answer(form: Form) -> None:
    filled = read(form, {"decision": FIRST[form], "code": CODE}, "verified")
    assert CODE not in repr(filled)
    assert CODE not in str(filled)


@pytest.mark.parametrize("identity", FORMS)
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
        ("settle", {"decision": "it arrived"}, Settle(by=BEN, via="form", fate="arrived", **OF)),
        ("settle", {"decision": "send again"}, Settle(by=BEN, via="form", fate="again", **OF)),
        ("rescue", {"decision": "run again"}, Rerun(by=BEN, via="form", **OF)),
        (
            "rescue",
            {"decision": "waive", "comment": "it can wait"},
            Waive(by=BEN, via="form", reason="it can wait", **OF),
        ),
    ],
)
def test_an_answer_becomes_a_command_for_its_round_and_form(
    form: Form, answer: dict[str, str], command: Any, identity: Identity
) -> None:
    filled = read(form, SAYS_WHO[identity] | answer, identity)
    assert not isinstance(filled, str)
    assert filled.command(BEN, **OF) == command


@pytest.mark.parametrize("raw", [None, {}, [], "approve", 7, True, ["approve"]])
def test_an_empty_answer_is_none(raw: object) -> None:
    assert (
        read("sign", raw, "verified")
        == read("sign", raw, "asserted")
        == "the form came back empty; choose a decision and say who you are"
    )


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
    said = read("sign", {"decision": "approve", **WHO, **changes}, "asserted")
    assert said == f"the form was not filled in as it should be: {fields}"


@pytest.mark.parametrize("form", BY_NAME)
def test_the_decision_of_another_form_is_none_here(form: Form) -> None:
    others = set(FIRST.values()) - {FIRST[form]}
    assert all(isinstance(read(form, WHO | {"decision": other}, "asserted"), str) for other in others)


def test_fields_nobody_asked_for_are_left_alone() -> None:
    forged = {"by": "eve", "round": 9, "via": "link", "roles": ["launch-managers"]}
    filled = read("sign", {"decision": "approve", **WHO, **forged}, "asserted")
    assert not isinstance(filled, str)
    assert filled.command(BEN, **OF) == Sign(by=BEN, via="form", decision="approve", **OF)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=9), inner, max_size=3),
    max_leaves=9,
)
FIELDS = st.fixed_dictionaries(
    {}, optional=dict.fromkeys(("decision", "signed_by", "code", "comment", "evidence"), JSON)
)


@given(identity=st.sampled_from(sorted(FORMS)), form=st.sampled_from(sorted(BY_NAME)), raw=JSON | FIELDS)
def test_whatever_comes_back_is_an_answer_or_a_sentence(identity: Identity, form: Form, raw: object) -> None:
    answer = read(form, raw, identity)
    assert isinstance(answer, str | FORMS[identity][form])
    assert not isinstance(answer, str) or answer.startswith("the form ")

"""Rules as they are written, and what is said where they cannot be."""

from __future__ import annotations

from pathlib import Path

import pytest
from pydantic import ValidationError

from checklists.audience_rule import Rule
from checklists.errors import InvalidFile
from checklists.files.organisation_file import read_organisation

FILE = """organisation: Example
products: {acme: {title: Acme}}
topics: {roadmap-sso: {title: Single sign-on}}
audiences:
  customers:
    topics: [%s]
    rule: %s
"""


def findings(tmp_path: Path, rule: str, topics: str = "acme") -> list[str]:
    file = tmp_path / "organisation.yaml"
    file.write_text(FILE % (topics, rule))
    try:
        read_organisation(file)
    except InvalidFile as invalid:
        return [f"{one.line} {one.path}: {one.problem}" for one in invalid.findings]
    return []


@pytest.mark.parametrize(
    ("written", "words"),
    [
        ({"attributes": {"plan": "Pro"}}, 'plan is "pro"'),
        ({"attributes": {"plan": ["team", "pro"]}}, 'plan is one of "pro", "team"'),
        ({"attributes": {"seats": {"at-least": 50, "below": 100}}}, "seats is at least 50 and seats is below 100"),
        ({"attributes": {"seats": 50.0, "trial": False}}, 'seats is "50" and trial is "false"'),
        ({"attributes": {"plan": {"present": False}}}, "plan is not known"),
        ({"topic": "acme", "list": ["a", "b"]}, 'topic is "acme" and list is one of "a", "b"'),
        ({"any": [{"domain": "Example.com"}, {"not": {"locale": "pt_br"}}]}, None),
    ],
)
def test_a_rule_can_be_read_aloud(written: dict[str, object], words: str | None) -> None:
    rule = Rule.model_validate(written)
    assert str(rule) == (words or '(domain is "example.com" or not (locale is "pt-BR"))')
    assert Rule.model_validate(rule.model_dump(exclude_defaults=True)) == rule


@pytest.mark.parametrize(
    ("rule", "said"),
    [
        ("{tpoic: acme}", '7 audiences.customers.rule.tpoic: no key is called "tpoic"; did you mean "topic"?'),
        ("{topic: acem}", '7 audiences.customers.rule.topic: no topic is called "acem"; did you mean "acme"?'),
        ("{not: {any: [{topic: [acme, sso]}]}}", 'rule.not.any.topic: no topic is called "sso"'),
        ("{}", "7 audiences.customers.rule: this rule means everybody or nobody"),
        ("{topic: []}", "rule.topic: must not be empty"),
        ("{all: []}", "rule.all: must not be empty"),
        ("{attributes: {Plan: pro}}", "rule.attributes.Plan: expected the name of an attribute, in lower case"),
        ("{attributes: {plan: {atleast: 2}}}", 'no key is called "atleast"; did you mean "at-least"?'),
        ("{attributes: {plan: }}", "rule.attributes.plan: an attribute is compared with a value"),
        ("{attributes: {plan: {}}}", "rule.attributes.plan: this tests nothing"),
        ("{attributes: {plan: {present: false, in: pro}}}", "what is not there has no value"),
        ("{domain: nowhere}", 'rule.domain: expected a domain such as "example.com"'),
        ("{locale: german}", "rule.locale: a language reads like de or pt-BR"),
        ("pro", "rule: expected a rule such as `{topic: acme}`"),
    ],
)
def test_a_wrong_rule_is_named_with_its_place_and_the_remedy(tmp_path: Path, rule: str, said: str) -> None:
    (found,) = findings(tmp_path, rule)
    assert said in found


def test_topics_are_products_and_what_the_file_adds(tmp_path: Path) -> None:
    rule = "{all: [{topic: acme}, {topic: roadmap-sso}, {attributes: {topic: whatever}}]}"
    assert findings(tmp_path, rule, "acme, roadmap-sso, launched-product") == []
    (found,) = findings(tmp_path, rule, "acme, acne")
    assert found == '6 audiences.customers.topics: no topic is called "acne"; did you mean "acme"?'
    (found,) = findings(tmp_path, "{topic: launched-product}")
    assert 'no topic is called "launched-product"' in found


def test_a_rule_that_would_mean_everybody_cannot_be_built() -> None:
    with pytest.raises(ValidationError, match="everybody or nobody"):
        Rule.model_validate({"not": {}})

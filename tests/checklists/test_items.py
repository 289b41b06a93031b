"""The kinds of items: how they are told apart, what people call them, whose they are."""

import re

import pytest
from pydantic import TypeAdapter, ValidationError

from checklists.checks import CommandCheck, GithubStatusCheck, HttpCheck, LinksCheck
from checklists.items import Announce, Gate, Item, Todo, Training, quorum

ITEM: TypeAdapter[Item] = TypeAdapter(Item)

EXAMPLES: dict[type, dict[str, object]] = {
    Gate: {"gate": "QA sign-off", "sign": ["2 of qa"]},
    Training: {"training": {"audience": "support", "materials": ["a.md"]}},
    Todo: {"todo": "Publish"},
    LinksCheck: {"check": "links"},
    HttpCheck: {"check": "http", "with": {"url": "https://example.com"}},
    GithubStatusCheck: {"check": "github-status"},
    CommandCheck: {"check": "command", "with": {"run": ["./test"]}},
    Announce: {"announce": {"audience": "customers", "channels": ["email"]}},
}


@pytest.mark.parametrize(("model", "given"), EXAMPLES.items(), ids=lambda value: getattr(value, "__name__", ""))
def test_an_item_is_read_by_the_kind_it_names(model: type, given: dict[str, object]) -> None:
    item = ITEM.validate_python(given)

    assert type(item) is model
    assert ITEM.validate_python(ITEM.dump_python(item)) == item


@pytest.mark.parametrize(
    "given", [{}, {"check": "links", "gate": "x"}, {"check": "x"}, {"gate": None}, None, [], "gate", 5]
)
def test_what_is_no_item_is_refused(given: object) -> None:
    with pytest.raises(ValidationError):
        ITEM.validate_python(given)


@pytest.mark.parametrize(
    ("given", "label"),
    [
        (EXAMPLES[Gate], "QA sign-off"),
        ({**EXAMPLES[Gate], "title": "Tested"}, "Tested"),
        (EXAMPLES[Training], "Training for support"),
        (EXAMPLES[LinksCheck], "links"),
        (EXAMPLES[Announce], "Announce to customers"),
    ],
)
def test_an_item_is_called_by_its_title_or_what_it_does(given: dict[str, object], label: str) -> None:
    assert ITEM.validate_python(given).label == label


@pytest.mark.parametrize(
    ("given", "roles"),
    [
        ({"gate": "x", "sign": ["2 of qa", "1 of docs"]}, ("qa", "docs")),
        (EXAMPLES[Training], ("support",)),
        ({**EXAMPLES[Training], "sign": ["1 of qa"]}, ("qa",)),
        (EXAMPLES[Todo], ()),
        ({**EXAMPLES[Todo], "owner": "docs"}, ("docs",)),
        ({**EXAMPLES[LinksCheck], "owner": "docs"}, ()),
    ],
)
def test_an_item_waits_for_the_roles_that_end_it(given: dict[str, object], roles: tuple[str, ...]) -> None:
    assert ITEM.validate_python(given).roles == roles


def test_a_training_is_signed_by_its_audience_where_nobody_else_is_named() -> None:
    assert [str(line) for line in quorum(ITEM.validate_python(EXAMPLES[Training]))] == ["1 of support"]
    assert quorum(ITEM.validate_python(EXAMPLES[Todo])) == ()


@pytest.mark.parametrize(("written", "seconds"), [(90, 90), ("30s", 30), ("5m", 300), ("1h", 3600), ("0s", 0)])
def test_a_time_is_written_with_or_without_its_unit(written: object, seconds: int) -> None:
    item = ITEM.validate_python({"check": "links", "timeout": written})

    assert isinstance(item, LinksCheck)
    assert item.timeout == seconds


@pytest.mark.parametrize("written", ["25h", "5 m", "m", "-1s", -1, 86_401, True, 1.5, "5m\n", None])
def test_a_time_that_is_none_is_refused(written: object) -> None:
    with pytest.raises(ValidationError):
        ITEM.validate_python({"check": "links", "timeout": written})


@pytest.mark.parametrize("text", ["", "   ", "a\nb", "a\rBcc: x", "\x1b[31m", "x" * 201])
def test_a_name_is_one_short_line(text: str) -> None:
    with pytest.raises(ValidationError):
        ITEM.validate_python({"todo": text})


def test_a_name_loses_the_space_around_it() -> None:
    assert ITEM.validate_python({"todo": " Publish \n"}).label == "Publish"


@pytest.mark.parametrize(
    ("at", "until", "problem"),
    [
        ("T+0 09:00", "T+0 18:00", ""),
        ("T+0", "T+1d 08:00", ""),
        ("T+0 09:00", "T+0 09:00", '"until: T+0 09:00" is not after "at: T+0 09:00"'),
        ("T+0 18:00", "T+0", "so it could never leave; make it later"),
        ("T+1d", "T-1d", "make it later"),
    ],
)
def test_a_message_has_some_time_in_which_it_may_leave(at: str, until: str, problem: str) -> None:
    given = {"announce": {"audience": "customers", "channels": ["email"], "at": at, "until": until}}
    if not problem:
        assert ITEM.validate_python(given)
        return
    with pytest.raises(ValidationError, match=re.escape(problem)):
        ITEM.validate_python(given)

"""Who wrote what a gate is bound to."""

from __future__ import annotations

import pytest

from checklists.entries import Compared, Data, Difference, Entry, Retagged, Worded
from checklists.fold import fold
from checklists.launch import Launch
from checklists.rules.authors import authors_of, authorship, is_author, unknown_authors
from tests.checklists.launches import NOW, told
from tests.checklists.rules.bound import ADA, BEN, GUS, approve, launched, who


def after(launch: Launch, fact: Data) -> Launch:
    return fold([Entry(launch_id=launch.id, seq=launch.seq + 1, at=NOW, actor="tminus", data=fact)], onto=launch)


def retagged(launch: Launch, **difference: object) -> Launch:
    moved = Difference.model_validate({"base": "b", "head": "c", **difference})
    return after(launch, Retagged(commit="c", difference=moved))


def test_of_the_code_it_is_its_committers_and_who_asked_for_the_launch() -> None:
    assert authorship(launched("Ada@Home.example"), "code") == {
        "ada@home.example": "wrote the code",
        GUS.email: "started the launch",
    }


@pytest.mark.parametrize("key", ["free", "person", "todo"])
def test_what_is_bound_to_nothing_has_no_authors(key: str) -> None:
    assert authors_of(launched("ada@home.example"), key) == frozenset()


def test_of_evidence_it_is_who_asked_for_the_launch() -> None:
    assert authors_of(launched("ada@home.example"), "notes") == {GUS.email}


def test_of_an_item_it_is_also_who_attached_its_evidence() -> None:
    launch = told(launched(), approve(who(BEN), "notes", draft="https://a"))
    assert authorship(launch, "words") == {BEN.email: "attached the evidence of notes", GUS.email: "started the launch"}


@pytest.mark.parametrize(
    ("address", "name"),
    [
        ("1234+ada@users.noreply.github.com", "github:ada"),
        ("ada@users.noreply.github.com", "github:ada"),
        ("1234-ada@users.noreply.gitlab.com", "gitlab:ada"),
        ("1234+Ada@users.noreply.github.com", "github:ada"),
    ],
)
def test_a_hidden_address_tells_the_login(address: str, name: str) -> None:
    assert is_author(launched(address), "code", {name})


def test_a_hidden_address_tells_the_login_of_who_wrote_in_the_file_of_notes() -> None:
    hidden = "1234+ada@users.noreply.github.com"
    words = Worded(item="notes", round=1, audience="customer", words="x", author="robot@x.org", others=(hidden,))
    launch = after(launched(), words)
    assert is_author(launch, "words", {"github:ada"})
    assert is_author(launch, "words", {"robot@x.org"})
    assert not is_author(launch, "words", {"github:ben"})


def test_authors_of_every_retag_count() -> None:
    launch = retagged(retagged(launched("one@x.org"), authors=["Two@x.org"]), authors=["three@x.org"])
    assert {"one@x.org", "two@x.org", "three@x.org"} < authors_of(launch, "code")


def test_people_are_found_by_any_of_their_names() -> None:
    launch = launched("ada@home.example")
    assert is_author(launch, "code", ADA.names)
    assert not is_author(launch, "code", BEN.names)


def test_unknown_authors_are_told_apart_from_none() -> None:
    away = Difference(why="git did not answer")
    unknown = launched(difference=away)
    assert unknown_authors(unknown, "code") == "git did not answer"
    assert unknown_authors(unknown, "notes") == unknown_authors(unknown, "free") == ""
    assert unknown_authors(launched(difference=None), "code") == ""
    assert unknown_authors(launched(), "code") == ""


def test_a_retag_nobody_could_read_makes_the_authors_unknown_until_all_of_it_is_read() -> None:
    launch = retagged(launched(), why="no such commit")
    assert unknown_authors(launch, "code") == "no such commit"
    assert unknown_authors(after(launch, Compared(difference=Difference(base="a", head="c"))), "code") == ""
    assert unknown_authors(retagged(launched(), authors=["x@x.org"]), "code") == ""

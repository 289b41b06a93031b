from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import update

from ledger import schema
from ledger.publication import Publication, Shown, Told, Words, id_of
from ledger.publication_search import Sought, folded
from ledger.store import Ledger

NOW = datetime(2026, 12, 1, 9, 0, tzinfo=UTC)


def change(number: int = 1, **said: object) -> Publication:
    given: dict[str, object] = {
        "id": id_of(f"acme-{number}", "tell"),
        "slug": "",
        "launch_id": f"acme-{number}",
        "item": "tell",
        "product": "acme",
        "version": str(number),
        "title": f"Acme {number}",
        "body": "Faster exports",
        "audience": "customers",
        "is_public": True,
        "published_at": NOW + timedelta(hours=number),
        "updated_at": NOW + timedelta(hours=number),
        "shown": Shown("<p>", "Faster", folded("Faster éxports 100% a_b"), 1),
    }
    return Publication(**{**given, **said})  # type: ignore[arg-type]


def published(ledger: Ledger, number: int = 1, **said: object) -> Publication:
    return ledger.publications.publish(change(number, **said), (f"acme-{number}",))


def found(ledger: Ledger, **sought: object) -> list[str]:
    return [one.launch_id for one in ledger.publications.search(Sought(**sought), 50)]  # type: ignore[arg-type]


def test_published_twice_it_stands_once_as_it_was(ledger: Ledger) -> None:
    first = published(ledger)
    again = ledger.publications.publish(change(title="other words"), ("another-slug",))
    assert again == first == ledger.publications.find("acme-1") == ledger.publications.get(first.id)
    assert (first.revision, first.slug) == (1, "acme-1")
    assert found(ledger) == ["acme-1"]


def test_a_search_finds_what_topics_are_called(ledger: Ledger) -> None:
    published(ledger, 1, topics=("sso",), types=("audit",))
    published(ledger, 2, topics=("audit",))
    titles = frozenset({("sso", "Zugang für Single sign-on"), ("audit", "Audit log")})
    said = {"SINGLE": 1, "fur zugang": 1, "log": 1, "audit": 1, "sign exports": 1, "sign log": 0, "exports": 2}
    for words, count in said.items():
        assert len(found(ledger, words=words, titles=titles)) == count, words
    assert found(ledger, words="sign") == []


def test_a_search_finds_revisions_and_reads_only_what_feeds_show(ledger: Ledger) -> None:
    first, second = published(ledger, 1, topics=("exports",)), published(ledger, 2)
    assert ledger.publications.found(Sought(), 50) == [(second.id, 2), (first.id, 1)]
    assert ledger.publications.found(Sought(), 1) == [(second.id, 2)]
    ledger.publications.correct(first.id, "c", Words("Acme 1, corrected", "Slower"), Shown("<b>", "S", "s", 1), NOW)
    assert ledger.publications.found(Sought(), 50) == [(second.id, 2), (first.id, 3)]
    ((brief,),) = ledger.publications.brief([first.id])
    whole = ledger.publications.get(first.id)
    assert whole is not None
    assert (brief.title, brief.html, brief.revision, brief.topics) == ("Acme 1, corrected", "<b>", 3, ["exports"])
    assert (brief.published_at, brief.updated_at) == (whole.published_at, whole.updated_at)
    assert [len(some) for some in ledger.publications.brief([first.id, second.id, "none"])] == [2]


def test_a_slug_that_is_taken_is_given_to_nobody_else(ledger: Ledger) -> None:
    published(ledger, 1)
    other = ledger.publications.publish(change(2), ("acme-1", "acme-1-partners"))
    third = ledger.publications.publish(change(3), ("acme-1", "acme-1-partners"))
    assert (other.slug, third.slug) == ("acme-1-partners", third.id)


def test_a_correction_takes_the_place_of_the_words_and_keeps_the_old_ones(ledger: Ledger) -> None:
    first = published(ledger)
    said = Words("Acme 1, corrected", "Slower exports")
    made = ledger.publications.correct(first.id, "c1", said, Shown("<b>", "Slower", "slower", 1), NOW, "a wrong word")
    again = ledger.publications.correct(first.id, "c1", Words("x", "y"), Shown(), NOW)
    assert again == made
    assert (made.id, made.slug, made.published_at) == (first.id, first.slug, first.published_at)
    assert made.words() == said
    assert [(one.note, one.before) for one in made.corrections] == [("a wrong word", first.words())]
    assert made.updated_at > first.updated_at  # though the clock was set back
    assert (made.revision, found(ledger, words="slower"), found(ledger, words="faster")) == (2, ["acme-1"], [])


def test_a_correction_of_before_there_were_notes_in_languages_is_read(ledger: Ledger) -> None:
    first = published(ledger)
    told = [{"key": "c", "at": NOW.isoformat(), "note": "wrong", "before": {"title": "a", "body": "b"}}]
    with ledger.database.writing() as connection:
        connection.execute(update(schema.publications).values(corrections=told))
    found = ledger.publications.get(first.id)
    assert found is not None
    assert [(one.note, one.notes, one.before) for one in found.corrections] == [("wrong", {}, Words("a", "b"))]


def test_what_is_recalled_stays_at_its_address_and_leaves_the_list(ledger: Ledger) -> None:
    first = published(ledger)
    gone = ledger.publications.recall(first.id, "too early", NOW + timedelta(days=1))
    assert ledger.publications.recall(first.id, "other", NOW + timedelta(days=2)) == gone
    assert (gone.is_recalled, gone.recall_reason, ledger.publications.find("acme-1")) == (True, "too early", gone)
    assert (found(ledger), found(ledger, with_recalled=True)) == ([], ["acme-1"])


def test_what_was_never_published_cannot_be_corrected(ledger: Ledger) -> None:
    with pytest.raises(LookupError, match="nothing was published"):
        ledger.publications.recall("none", "", NOW)


def test_what_is_for_one_audience_is_found_by_nobody_else(ledger: Ledger) -> None:
    published(ledger, 1)
    published(ledger, 2, audience="internal", is_public=False)
    published(ledger, 3, audience="partners", is_public=False)
    assert found(ledger) == ["acme-1"]
    assert found(ledger, audience="internal") == []
    assert found(ledger, private=frozenset({("internal", "acme"), ("partners", "sdk")})) == ["acme-2", "acme-1"]
    names = ledger.publications.names(Sought(private=frozenset({("internal", "acme"), ("partners", "sdk")})))
    assert (names["audience"], ledger.publications.names(Sought())["audience"]) == (
        ("customers", "internal"),
        ("customers",),
    )


@pytest.mark.parametrize(
    ("words", "is_found"),
    [
        ("faster", True),
        ("FASTER Exports", True),
        ("exports faster", True),
        ("éxports", True),
        ("slower", False),
        ("faster slower", False),
        ("100%", True),
        ("1%0", False),
        ("a_b", True),
        ("a_bc", False),
        ("x_b", False),
        ("'; DROP TABLE publications; --", False),
        ("\0", True),
        ("", True),
    ],
)
def test_every_word_has_to_be_there(ledger: Ledger, words: str, is_found: bool) -> None:
    published(ledger)
    assert found(ledger, words=words) == (["acme-1"] if is_found else [])


def test_filters_meet(ledger: Ledger) -> None:
    published(ledger, 1, topics=("exports", "api"), types=("new",))
    published(ledger, 2, topics=("api",), types=("fixed", "security"), product="sdk")
    assert found(ledger, topic="api") == ["acme-2", "acme-1"]
    assert found(ledger, topic="api", type="new") == ["acme-1"]
    assert found(ledger, product="sdk", topic="exports") == []
    assert ledger.publications.names(Sought()) == {
        "product": ("acme", "sdk"),
        "audience": ("customers",),
        "topic": ("api", "exports"),
        "type": ("fixed", "new", "security"),
    }


def test_the_newest_come_first_page_by_page(ledger: Ledger) -> None:
    for number in (3, 1, 2, 5, 4):
        published(ledger, number)
    pages = [[one.version for one in ledger.publications.search(Sought(), 2, offset)] for offset in (0, 2, 4)]
    assert pages == [["5", "4"], ["3", "2"], ["1"]]


def test_the_state_changes_with_everything_and_with_nothing_else(ledger: Ledger) -> None:
    states = [ledger.publications.state(Sought(with_recalled=True))]
    first = published(ledger)
    states.append(ledger.publications.state(Sought(with_recalled=True)))
    published(ledger)
    assert ledger.publications.state(Sought(with_recalled=True)) == states[-1]
    ledger.publications.correct(first.id, "c", Words("a", "b"), Shown(), NOW)
    states.append(ledger.publications.state(Sought(with_recalled=True)))
    ledger.publications.recall(first.id, "", NOW)
    states.append(ledger.publications.state(Sought(with_recalled=True)))
    assert len(set(states)) == len(states)
    assert (states[0].count, states[0].updated_at) == (0, None)


def test_many_that_publish_at_once_take_different_revisions(ledger: Ledger) -> None:
    def one(number: int) -> Publication:
        return published(ledger, number % 6)

    with ThreadPoolExecutor(6) as pool:
        made = list(pool.map(one, range(18)))
    assert sorted({one.revision for one in made}) == [1, 2, 3, 4, 5, 6]
    assert len(found(ledger)) == 6


def test_words_in_other_languages_come_where_there_are_some(ledger: Ledger) -> None:
    made = published(ledger, variants={"de": Words("Acme 1", "Schnellere Exporte")})
    assert (made.words("de").body, made.words("fr").body) == ("Schnellere Exporte", "Faster exports")
    assert replace(made, slug="x").words("de").title == "Acme 1"
    assert (made.languages, replace(made, variants={}).languages) == (("en", "de"), ("en",))


def test_what_feeds_show_is_kept_in_each_language(ledger: Ledger) -> None:
    german = Told(title="Acme 1", html="<p>Schneller", excerpt="Schneller")
    made = published(ledger, shown=Shown("<p>", "Faster", "faster", 1, {"de": german}))
    ((brief,),) = ledger.publications.brief([made.id])
    assert (brief.locale, brief.translated, made.shown.translated) == ("en", {"de": german}, {"de": german})

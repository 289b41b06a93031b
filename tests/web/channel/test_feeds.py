from __future__ import annotations

import json
from dataclasses import replace
from datetime import timedelta
from xml.etree import ElementTree

import feedparser
import httpx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ledger.publication import Shown, Words
from ledger.store import Ledger
from tasks.announcements.publishing import shown, words_of
from tasks.people.readers import reader_token
from tasks.world import World
from templates import feeds
from templates.render import Rendered
from tests.tasks.channel import NOW, Draft, put
from tests.web.room import serving

XML = ("atom", "rss")
ALL = (*XML, "json")
FEED = {"id": "x", "title": "t", "author": "a", "self": "s", "home": "h", "language": "en", "words": {}}
ODD = (
    "a <b>bold</b> & <script>alert(1)</script>",
    "]]> <![CDATA[ &amp; &#0; &nope;",
    "\x00\x07\x1b[31m\ufffe\uffff\ud800 end",
    "\u202egnp.exe שלום مرحبا 👩‍👩‍👧‍👦 café",
    "\"quoted\" 'too'",
)


def read(client: httpx.Client, format_: str, **query: str) -> feedparser.FeedParserDict:
    found = feedparser.parse(client.get(f"/changes.{format_}", params=query).content)
    assert not found.bozo, found.get("bozo_exception")
    return found


@pytest.mark.parametrize("format_", XML)
def test_a_feed_reader_reads_what_was_published(channel: World, reading: httpx.Client, format_: str) -> None:
    made = put(channel, Draft("2.4.0", topics=("exports",), types=("new",)))
    found = read(reading, format_)
    (one,) = found.entries
    assert (one.id, one.title) == (f"urn:uuid:{made.id}", "Acme 2.4.0")
    assert one.link == f"{channel.settings.public_url}/changes/acme-2.4.0"
    assert "<strong>faster</strong>" in one.content[0].value
    assert one.published_parsed[:5] == NOW.timetuple()[:5]
    assert {tag.term for tag in one.tags} == {"Acme", "new", "exports"}
    assert found.feed.title == "Example Org: what’s new"


def test_the_json_feed_is_one(channel: World, reading: httpx.Client) -> None:
    made = put(channel, Draft("2.4.0", topics=("exports",)))
    answer = reading.get("/changes.json")
    assert answer.headers["content-type"].startswith("application/feed+json")
    told = answer.json()
    assert (told["version"], told["feed_url"]) == (
        "https://jsonfeed.org/version/1.1",
        f"{channel.settings.public_url}/changes.json",
    )
    (item,) = told["items"]
    assert (item["id"], item["date_published"]) == (f"urn:uuid:{made.id}", "2026-12-01T09:00:00Z")
    assert "<strong>faster</strong>" in item["content_html"]


@pytest.mark.parametrize("format_", XML)
@pytest.mark.parametrize("odd", ODD)
def test_odd_words_stay_words(channel: World, reading: httpx.Client, format_: str, odd: str) -> None:
    words = words_of(Rendered(channel="feed", subject=odd, text=f"{odd}\n"))
    put(channel, Draft("2.4.0", title=words.title, body=words.body))
    body = reading.get(f"/changes.{format_}").content
    ElementTree.fromstring(body)  # well-formed
    (one,) = feedparser.parse(body).entries
    assert "<script" not in one.content[0].value
    for sign in "\x00\x07\x1b\ufffe\uffff\u202e":
        assert sign not in body.decode()


@settings(max_examples=60)
@given(st.text(max_size=80), st.text(max_size=200))
def test_whatever_is_written_the_feeds_are_well_formed(title: str, body: str) -> None:
    words = words_of(Rendered(channel="feed", subject=title, text=body))
    drawn = shown(words)
    entry = {
        "id": "1", "url": "https://example.com/1", "title": words.title, "html": drawn.html, "summary": drawn.excerpt,
        "published": NOW, "updated": NOW, "tags": {}, "language": "en", "withdrawn": False,
    }  # fmt: skip
    feed: dict[str, object] = {**FEED, "updated": NOW}
    for format_ in ("atom", "rss"):
        tree = ElementTree.fromstring(feeds.rendered(format_, feed, feeds.drawn(format_, [entry]), "h"))
        titles = [one.text for one in tree.iter() if one.tag.rpartition("}")[2] == "title"]
        assert (titles[-1] or "").split() == words.title.split()
    (item,) = json.loads(feeds.rendered("json", feed, feeds.drawn("json", [entry]), "h"))["items"]
    assert item["title"] == words.title


@pytest.mark.parametrize("format_", ALL)
def test_who_has_the_newest_is_sent_nothing(channel: World, reading: httpx.Client, format_: str) -> None:
    made = put(channel, Draft("2.4.0"))
    later(channel, 1)
    first = reading.get(f"/changes.{format_}")
    etag, changed = first.headers["etag"], first.headers["last-modified"]
    assert changed == "Tue, 01 Dec 2026 09:00:01 GMT"
    for headers in (
        {"If-None-Match": etag},
        {"If-None-Match": f'"other", W/{etag}'},
        {"If-None-Match": "*"},
        {"If-Modified-Since": changed},
    ):
        again = reading.get(f"/changes.{format_}", headers=headers)
        assert (again.status_code, again.content, again.headers["etag"]) == (304, b"", etag)
    channel.ledger.publications.correct(made.id, "c", Words("Other", "words"), Shown(drawn=1), channel.now())
    for headers in ({"If-None-Match": etag}, {"If-None-Match": '"x"', "If-Modified-Since": changed}):
        assert reading.get(f"/changes.{format_}", headers=headers).status_code == 200
    assert reading.get(f"/changes.{format_}", headers={"If-Modified-Since": "no date"}).status_code == 200


@pytest.mark.parametrize(
    "said",
    [
        "Mon, 01 Jan 2024 00:00:00 +99999999999999999999",
        "Mon, 01 Jan 99999999999999999999 00:00:00 GMT",
        "Mon, 01 Jan 2024 99:99:99 GMT",
        "Fri, 31 Dec 9999 23:59:59 -2359",
        "01 02",
    ],
)
def test_a_date_that_is_none_is_none(channel: World, reading: httpx.Client, said: str) -> None:
    assert reading.get("/changes.atom", headers={"If-Modified-Since": said}).status_code == 200
    put(channel, Draft("2.4.0"))
    assert reading.get("/changes.atom", headers={"If-Modified-Since": said}).status_code in (200, 304)


def test_who_asks_by_date_misses_no_second_change_of_the_same_second(channel: World, reading: httpx.Client) -> None:
    put(channel, Draft("2.4.0"))
    later(channel, 0.3)
    first = reading.get("/changes.atom")
    assert "last-modified" not in first.headers, "the second is not over"
    put(channel, Draft("2.5.0"))
    later(channel, 5)
    by_the_clock = {"If-Modified-Since": "Tue, 01 Dec 2026 09:00:00 GMT"}  # who was told none sends the moment of it
    again = reading.get("/changes.atom", headers=by_the_clock)
    assert (again.status_code, "2.5.0" in again.text) == (200, True)
    asked = {"If-Modified-Since": again.headers["last-modified"]}
    assert reading.get("/changes.atom", headers=asked).status_code == 304
    put(channel, Draft("2.6.0"))
    assert reading.get("/changes.atom", headers=asked).status_code == 200


def later(channel: World, seconds: float) -> None:
    channel.now.wait(timedelta(seconds=seconds))  # type: ignore[attr-defined]


def test_a_feed_says_when_its_newest_entry_changed(channel: World, reading: httpx.Client) -> None:
    made = put(channel, Draft("2.4.0"))
    channel.now.wait(timedelta(days=2))  # type: ignore[attr-defined]
    put(channel, Draft("2.5.0"))
    channel.now.wait(timedelta(days=2))  # type: ignore[attr-defined]
    words = Words("Corrected", "other words")
    channel.ledger.publications.correct(made.id, "c", words, shown(words), channel.now())
    found = read(reading, "atom")
    assert found.feed.updated == "2026-12-05T09:00:00Z"
    assert [one.title for one in found.entries] == ["Acme 2.5.0", "Corrected"]
    assert found.entries[1].id == f"urn:uuid:{made.id}"


@pytest.mark.parametrize("format_", ALL)
def test_filters_make_a_feed_of_their_own(channel: World, reading: httpx.Client, format_: str) -> None:
    put(channel, Draft("2.4.0", topics=("exports",)))
    put(channel, Draft("1.0.0", product="acme-sdk"))
    found = feedparser.parse if format_ in XML else (lambda body: json.loads(body))
    everything = reading.get(f"/changes.{format_}").content
    some = reading.get(f"/changes.{format_}", params={"product": "acme-sdk"}).content
    none = reading.get(f"/changes.{format_}", params={"product": "acme-sdk", "topic": "exports"}).content
    key = "entries" if format_ in XML else "items"
    assert [len(found(body)[key]) for body in (everything, some, none)] == [2, 1, 0]
    tags = {reading.get(f"/changes.{format_}", params={"topic": name}).headers["etag"] for name in ("a", "b", "c")}
    assert len(tags) == 3


def test_what_was_withdrawn_says_so_under_its_old_id(channel: World, reading: httpx.Client) -> None:
    made = put(channel, Draft("2.4.0"))
    channel.ledger.publications.recall(made.id, "too early", channel.now())
    (one,) = read(reading, "atom").entries
    assert (one.id, one.summary, "content" in one) == (f"urn:uuid:{made.id}", "This was withdrawn.", False)
    (item,) = reading.get("/changes.json").json()["items"]
    assert item["_tminus"] == {"withdrawn": True}
    assert "faster" not in reading.get("/changes.json").text


@pytest.mark.parametrize("format_", ALL)
def test_what_is_private_leaves_as_an_excerpt_and_only_for_its_audience(
    channel: World, reading: httpx.Client, format_: str
) -> None:
    body = "The secret plan. " + "More of it. " * 60 + "The very end."
    put(channel, Draft("2.4.0", audience="internal", body=body))
    ada, ben = (reader_token(channel, f"{name}@example.com") for name in ("ada", "ben"))
    assert "secret plan" not in reading.get(f"/changes.{format_}").text
    assert "secret plan" not in reading.get(f"/changes/of/{ben}/changes.{format_}").text
    mine = reading.get(f"/changes/of/{ada}/changes.{format_}")
    assert "secret plan" in mine.text
    assert "very end" not in mine.text
    assert f"/changes/of/{ada}/acme-2.4.0-internal" in mine.text
    assert mine.headers["x-robots-tag"] == "noindex, nofollow"
    assert mine.headers["cache-control"] == "private, no-cache"
    assert mine.headers["referrer-policy"] == "no-referrer"
    assert "access-control-allow-origin" not in mine.headers
    assert reading.get(f"/changes.{format_}").headers["access-control-allow-origin"] == "*"


def test_a_cached_private_feed_is_given_to_nobody_else(channel: World, reading: httpx.Client) -> None:
    put(channel, Draft("2.4.0", audience="internal"))
    put(channel, Draft("2.4.0", audience="partners"))
    ada, partner = (reader_token(channel, who) for who in ("ada@example.com", "partner@example.net"))
    for _ in range(2):
        mine, theirs = (reading.get(f"/changes/of/{token}/changes.json") for token in (ada, partner))
        assert mine.headers["etag"] != theirs.headers["etag"]
        assert [item["url"].rpartition("-")[2] for item in mine.json()["items"]] == ["internal"]
        assert [item["url"].rpartition("-")[2] for item in theirs.json()["items"]] == ["partners"]


@pytest.mark.parametrize("format_", ALL)
def test_what_is_drawn_once_has_the_address_of_each_who_reads_it(
    channel: World, reading: httpx.Client, format_: str
) -> None:
    put(channel, Draft("2.4.0"))
    put(channel, Draft("2.5.0", audience="partners"))
    tokens = [reader_token(channel, who) for who in ("ada@example.com", "ben@example.com", "partner@example.net")]
    base = f"{channel.settings.public_url}/changes"
    paths = [f"/changes.{format_}"] + [f"/changes/of/{token}/changes.{format_}" for token in tokens]
    for _ in range(2):
        everybody, ada, ben, partner = (reading.get(path).text for path in paths)
        assert f"{base}/acme-2.4.0" in everybody
        assert "/of/" not in everybody
        for token, mine in zip(tokens, (ada, ben, partner), strict=True):
            assert f"{base}/of/{token}/acme-2.4.0" in mine
            assert not any(other in mine for other in tokens if other != token)
            assert feeds.HERE not in mine
        assert ["2.5.0" in one for one in (everybody, ada, ben, partner)] == [False, False, False, True]


@pytest.mark.parametrize("format_", ALL)
def test_a_change_shows_at_once_in_every_web_process(channel: World, reading: httpx.Client, format_: str) -> None:
    made = put(channel, Draft("2.4.0"))
    path = f"/changes.{format_}"
    with serving(replace(channel, ledger=Ledger(channel.settings.ledger_url))) as other:
        first = [client.get(path) for client in (reading, other)]
        assert len({answer.headers["etag"] for answer in first}) == 1
        words = Words("Corrected", "other words")
        channel.ledger.publications.correct(made.id, "c", words, shown(words), channel.now())
        for client in (reading, other):
            again = client.get(path, headers={"If-None-Match": first[0].headers["etag"]})
            assert (again.status_code, "Corrected" in again.text, "faster" in again.text) == (200, True, False)
        channel.ledger.publications.recall(made.id, "too early", channel.now())
        for client in (reading, other):
            assert "other words" not in client.get(path).text


def test_the_entry_at_an_address_with_odd_signs_is_well_formed() -> None:
    entry = {
        "id": "1", "url": f"{feeds.HERE}/1", "title": "t", "html": "", "summary": "s",
        "published": NOW, "updated": NOW, "tags": {}, "language": "en", "withdrawn": False,
    }  # fmt: skip
    feed: dict[str, object] = {**FEED, "updated": None}
    here = 'https://example.com/a&b"<c>'
    for format_ in ("atom", "rss"):
        assert f"{here}/1" in _addresses(feeds.rendered(format_, feed, feeds.drawn(format_, [entry]), here))
    (item,) = json.loads(feeds.rendered("json", feed, feeds.drawn("json", [entry]), here))["items"]
    assert item["url"] == f"{here}/1"


def _addresses(body: bytes) -> list[str | None]:
    return [one.get("href") or one.text for one in ElementTree.fromstring(body).iter()]


def test_a_feed_drawn_by_an_older_version_is_drawn_again(channel: World, reading: httpx.Client) -> None:
    put(channel, Draft("2.4.0"))
    with channel.ledger.database.writing() as connection:
        connection.exec_driver_sql("UPDATE publications SET drawn = 1, html = '<p>old</p>'")
    (one,) = read(reading, "atom").entries
    assert "<strong>faster</strong>" in one.content[0].value


def test_a_product_that_is_called_otherwise_now_is_so_at_once(channel: World, reading: httpx.Client) -> None:
    put(channel, Draft("2.4.0"))
    before = reading.get("/changes.json")
    assert before.json()["items"][0]["tags"] == ["Acme"]
    file = channel.organisation_file.file
    file.write_text(file.read_text() + "brand: {name: Acme Cloud}\n")
    again = reading.get("/changes.json", headers={"If-None-Match": before.headers["etag"]})
    assert (again.status_code, again.json()["items"][0]["tags"]) == (200, ["Acme Cloud"])


def test_a_topic_is_called_in_feeds_as_it_is_now(channel: World, reading: httpx.Client) -> None:
    put(channel, Draft("2.4.0", types=("new",), topics=("roadmap-sso", "exports")))
    before = reading.get("/changes.atom")
    file = channel.organisation_file.file
    file.write_text(file.read_text() + "topics: {roadmap-sso: {title: 'Single <sign-on> & \"more\"'}}\n")
    title = 'Single <sign-on> & "more"'
    assert reading.get("/changes.atom", headers={"If-None-Match": before.headers["etag"]}).status_code == 200
    tags = [(tag.term, tag.label) for tag in read(reading, "atom").entries[0].tags]
    assert tags == [("Acme", None), ("new", None), ("roadmap-sso", title), ("exports", "exports")]
    assert [tag.term for tag in read(reading, "rss").entries[0].tags] == ["Acme", "new", title, "exports"]
    assert reading.get("/changes.json").json()["items"][0]["tags"] == ["Acme", "new", title, "exports"]


def test_only_so_many_are_sent_as_were_asked_for(channel: World, reading: httpx.Client) -> None:
    for number in range(3):
        put(channel, Draft(f"2.{number}"))
    for limit, count in (("2", 2), ("0", 3), ("-1", 3), ("x", 3), ("99999999", 3), ("٣", 3)):
        assert len(read(reading, "atom", limit=limit).entries) == count

"""The page of notes: known as on the page where people sign, safe from others' forms, and nothing typed is lost."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from ipaddress import ip_network
from pathlib import Path

import pytest

from checklists import entries as e
from checklists.commands import TMINUS, Abandon
from checklists.notes.change import Audience
from checklists.review_commands import Review
from checklists.review_entries import Standing
from tasks.people.codes import code_of
from tasks.people.links import make_links
from tests.web.editing.room import RELEASED, Room, editor, hidden, room
from tests.web.signing.scene import scene, text

BETTER = "## New\n\n- Reports come every night, by themselves.\n"
PULL = "https://github.com/example-org/acme/pull/1"
PROXY = "X-Signed-In"


@pytest.fixture
def here(tmp_path: Path) -> Iterator[Room]:
    with room(tmp_path) as made:
        yield made


def test_looking_shows_the_words_and_changes_nothing(here: Room) -> None:
    seq, path = here.launch.seq, here.door("eva")
    shown = here.client.get(path)
    assert shown.status_code == 200
    assert editor(shown.text) == f"## New\n\n- {RELEASED}\n"
    assert here.client.head(path).status_code == 200
    assert here.launch.seq == seq


@pytest.mark.parametrize(
    ("standing", "said"),
    [
        ("open", f"Under review in a pull request: {PULL}"),
        ("merged", f"Reviewed in a pull request: {PULL}"),
        ("closed", f"Somebody closed the pull request they were in; they are edited here: {PULL}"),
    ],
)
def test_the_pull_request_is_on_the_page_of_those_who_are_in_it(here: Room, standing: Standing, said: str) -> None:
    files: dict[Audience, str] = {"customer": here.state.wordings["customer"].sha256}
    here.did_as_doors(Review(by=TMINUS, via="tminus", item="notes", url=PULL, standing=standing, files=files))
    shown = here.client.get(here.door("eva"))
    assert said in text(shown)
    assert f'<a href="{PULL}">' in shown.text
    assert "pull request" not in text(here.client.get(here.door("eva", audience="internal")))


def test_a_pull_request_with_an_odd_address_is_no_link(here: Room) -> None:
    here.did_as_doors(Review(by=TMINUS, via="tminus", item="notes", url="javascript:alert(1)", standing="open"))
    assert "javascript" not in here.client.get(here.door("eva")).text


def test_saved_words_are_in_the_record_with_who_and_through_which_door(here: Room) -> None:
    answer = here.press(here.door("eva"), "save", words=BETTER)
    assert "Saved." in text(answer)
    assert here.words() == BETTER
    assert here.state.wordings["customer"].by == "eva@example.com"
    entry = next(one for one in reversed(here.world.ledger.read(here.launch_id)) if one.kind == "worded")
    assert (entry.actor, entry.data.via, entry.data.proof) == ("eva@example.com", "link", "link")  # type: ignore[union-attr]


def test_each_audience_has_its_own_words(here: Room) -> None:
    here.press(here.door("eva", audience="internal"), "save", words="For us.\n")
    assert here.words("internal") == "For us.\n"
    assert RELEASED in here.words("customer")


def test_the_link_of_a_gate_on_the_notes_opens_them_for_who_may_write(here: Room) -> None:
    assert "Saved." in text(here.press(here.door("eva", "review"), "save", words=BETTER))


@pytest.mark.parametrize("token", ["x", "A" * 43, "..", "%00"])
def test_what_is_no_link_of_ours_opens_nothing(here: Room, token: str) -> None:
    assert here.client.get(f"/notes/{token}").status_code == 404
    assert here.client.post(f"/notes/{token}", data={"what": "save"}).status_code == 404


def test_the_link_of_another_item_opens_no_notes(tmp_path: Path) -> None:
    with scene(tmp_path) as other:
        assert other.client.get(other.path("ben").replace("/sign/", "/notes/")).status_code == 404


def test_a_link_that_expired_opens_nothing(here: Room) -> None:
    path = here.door("eva")
    page = here.client.get(path).text
    here.at.clock.wait(timedelta(days=15))
    assert here.client.get(path).status_code == 410
    assert here.press(path, "save", page=page, words=BETTER).status_code == 410
    assert RELEASED in here.words()


def test_who_does_not_own_the_notes_reads_them_and_saves_nothing(here: Room) -> None:
    path = here.door("ben")
    page = here.client.get(path)
    assert "You can read this and cannot save it: notes belongs to docs" in text(page)
    assert 'value="save"' not in page.text
    for what in ("save", "keep", "bring-back", "discard"):
        here.press(path, what, words=BETTER, version="3")
    assert RELEASED in here.words()
    assert here.world.ledger.unsaved.find(here.launch_id, "notes", "customer", "ben@example.com") is None


def test_a_form_of_another_page_person_or_audience_is_refused(here: Room) -> None:
    path = here.door("eva")
    other = here.client.get(here.door("eva", audience="internal")).text
    theirs = here.client.get(here.door("cleo")).text
    assert here.press(path, "save", page=other, words=BETTER).status_code == 403
    assert here.press(path, "save", page=theirs, words=BETTER).status_code == 403
    assert here.client.post(path, data={"what": "save", "words": BETTER}).status_code == 403
    away = here.press(path, "save", words=BETTER, headers={"Origin": "https://evil.example"})
    cross = here.press(path, "save", words=BETTER, headers={"Sec-Fetch-Site": "cross-site"})
    assert (away.status_code, cross.status_code) == (403, 403)
    assert RELEASED in here.words()


def test_only_forms_are_read_and_only_so_large(here: Room) -> None:
    path = here.door("eva")
    assert here.client.post(path, json={"what": "save"}).status_code == 415
    assert here.client.post(path, data={"what": "save", "words": "x" * 600_000}).status_code == 413
    assert here.client.post(path, data={"what": "jump"}).status_code == 422


def test_on_ones_own_machine_people_say_who_they_are(here: Room) -> None:
    path = f"/launches/{here.launch_id}/notes/notes?for=customer"
    nobody = here.press(path, "save", words=BETTER, email="nobody@example.com")
    assert nobody.status_code == 422
    assert editor(nobody.text) == BETTER
    assert "Saved." in text(here.press(path, "save", words=BETTER, email="eva@example.com"))


def test_a_proxy_says_who_it_is_and_nobody_else(tmp_path: Path) -> None:
    networks = (ip_network("127.0.0.0/8"),)
    with room(tmp_path, identity="verified", proxy_addresses=networks, proxy_header=PROXY) as here:
        path = f"/launches/{here.launch_id}/notes/notes?for=customer"
        assert here.client.get(path).status_code == 403
        signed_in = {PROXY: "eva@example.com"}
        page = here.client.get(path, headers=signed_in).text
        assert 'name="email"' not in page
        assert here.press(path, "save", page=page, words=BETTER).status_code == 403
        assert "Saved." in text(here.press(path, "save", page=page, words=BETTER, headers=signed_in))


def test_words_that_others_saved_meanwhile_are_not_written_over(here: Room) -> None:
    path = here.door("eva")
    page = here.client.get(path).text
    here.wrote("cleo", "Cleo's words.\n")
    answer = here.press(path, "save", page=page, words=BETTER)
    assert answer.status_code == 409
    assert "Cleo Castro came first" in text(answer)
    assert "Cleo's words." in text(answer)
    assert editor(answer.text) == BETTER
    assert here.words() == "Cleo's words.\n"
    assert editor(here.client.get(path).text) == BETTER  # also where the browser is closed now
    again = here.press(path, "save", page=answer.text, words=BETTER)
    assert "Saved." in text(again)
    assert here.words() == BETTER


def test_what_is_typed_is_kept_for_its_writer_alone(here: Room) -> None:
    path = here.door("eva")
    told = here.press(path, "keep", words="Half a sen")
    assert told.json() == {"said": "kept", "by": ""}
    assert editor(here.client.get(path).text) == "Half a sen"
    assert RELEASED in editor(here.client.get(here.door("cleo")).text)
    assert RELEASED in here.words()
    here.wrote("cleo", "Cleo's words.\n")
    assert here.press(path, "keep", words="Half a sentence", page=here.client.get(path).text).json()["by"] == ""
    thrown = here.press(path, "discard")
    assert editor(thrown.text) == "Cleo's words.\n"


def test_keeping_says_who_was_faster(here: Room) -> None:
    path = here.door("eva")
    page = here.client.get(path).text
    here.wrote("cleo", "Cleo's words.\n")
    assert here.press(path, "keep", page=page, words="Mine").json() == {"said": "kept", "by": "Cleo Castro"}
    assert "Cleo Castro came first" in text(here.client.get(path))


def test_without_scripts_a_preview_shows_the_words_and_saves_nothing(here: Room) -> None:
    path = here.door("eva")
    seen = here.press(path, "preview", words="**Bold** <script>alert(1)</script> [x](javascript:alert(1))")
    assert "<strong>Bold</strong>" in seen.text
    assert "<script>alert" not in seen.text
    assert 'href="javascript' not in seen.text
    assert RELEASED in here.words()
    assert editor(here.client.get(path).text).startswith("**Bold**")


def test_the_live_preview_is_made_here_and_harmless(here: Room) -> None:
    seen = here.press(here.door("eva"), "look", words="# A\n\n<img src=x onerror=alert(1)>")
    assert seen.text.startswith("<h1>A</h1>")
    assert "<img" not in seen.text


def test_history_tells_who_when_and_what_and_brings_old_words_back(here: Room) -> None:
    path = here.door("eva")
    here.press(path, "save", words=BETTER)
    page = here.client.get(path)
    assert "Eva Endo" in text(page)
    assert "Drafted from the changes" in text(page)
    assert f'<span class="gone">-- {RELEASED}</span>' in page.text
    first = next(one.seq for one in here.world.ledger.read(here.launch_id) if one.kind == "worded")
    assert "Saved." in text(here.press(path, "bring-back", version=str(first)))
    assert here.words() == f"## New\n\n- {RELEASED}\n"
    missing = here.press(path, "bring-back", version="9999")
    assert missing.status_code == 404


def test_what_is_missing_stands_beside_the_words_and_goes_away_with_them(here: Room) -> None:
    path = here.door("eva")
    bad = here.press(path, "save", words="TODO\n")
    assert '"TODO" is a placeholder' in text(bad)
    assert [here.state.status] == ["failed"]
    good = here.press(path, "save", words=BETTER)
    assert "Nothing is missing in them any more." in text(good)
    assert here.state.status == "passed"


def test_editing_after_the_gate_was_signed_opens_it_again_and_shows_the_difference(here: Room) -> None:
    here.send(here.path("cleo", "review"), decision="approve")
    assert here.item("review").status == "passed"
    here.press(here.door("eva"), "save", words=BETTER)
    review = here.item("review")
    assert (str(review.status), review.round, review.because) == ("open", 2, "content")
    assert any("+- Reports come every night, by themselves." in change for change in review.changes)


def test_whoever_wrote_notes_does_not_sign_them(here: Room) -> None:
    here.press(here.door("eva"), "save", words=BETTER)
    answer = here.send(here.path("eva", "review"), decision="approve")
    assert "wrote notes" in text(answer)
    assert here.item("review").status == "open"
    here.send(here.path("cleo", "review"), decision="approve")
    assert here.item("review").status == "passed"


def test_once_the_launch_is_over_nothing_is_saved_any_more(here: Room) -> None:
    path = here.door("eva")
    page = here.client.get(path).text
    here.did(Abandon(by=here.who("ada"), reason="no more"))
    assert here.press(path, "save", page=page, words=BETTER).status_code == 409
    assert "is abandoned" in text(here.client.get(path))


def test_no_words_can_break_out_of_the_page(here: Room) -> None:
    nasty = "</textarea><script>alert(1)</script>{{ 7 * 7777777 }}{% raw %}\x1b[2J<!--\n"
    answer = here.press(here.door("eva"), "save", words=nasty)
    assert "<script>alert" not in answer.text
    assert "54444439" not in answer.text
    assert "\x1b" not in answer.text
    assert "\x1b" not in here.words()
    assert "script-src 'sha256-" in answer.headers["Content-Security-Policy"]
    assert "unsafe" not in answer.headers["Content-Security-Policy"]


def test_where_links_ask_for_the_code_saving_does(tmp_path: Path) -> None:
    with room(tmp_path, released="TODO", link_code=True) as here:
        state = here.state
        people = ("eva@example.com",)
        here.known(e.Asked(item="notes", round=state.round, mailing=state.mailing + 1, form="rescue", people=people))
        (link,) = make_links(here.world, here.launch, "notes", people)
        path = here.door("eva")
        assert here.press(path, "save", words=BETTER, code="AAAA-AAAA").status_code == 403
        assert "TODO" in here.words()
        assert "Saved." in text(here.press(path, "save", words=BETTER, code=code_of(here.world, link)))


def test_the_form_is_sealed_to_what_it_was_shown_with(here: Room) -> None:
    path = here.door("eva")
    given = hidden(here.client.get(path).text)
    forged = here.client.post(path, data={**given, "base": "", "what": "save", "words": BETTER})
    assert forged.status_code == 403

"""The page that shows an announcement before it leaves."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from checklists.commands import Sign
from tasks.announcements.previewing import MOST_TO_ONE
from tests.web.signing.scene import Scene, scene, text


@pytest.fixture
def here(tmp_path: Path) -> Iterator[Scene]:
    with scene(tmp_path) as made:
        made.organise((tmp_path / "people.yaml").read_text() + "languages: [en, de]\n")
        yield made


def by_link(here: Scene, name: str = "eva") -> str:
    return here.path(name, "words").replace("/sign/", "/preview/")


def trials(here: Scene) -> list[str]:
    mails = [file.read_text() for file in here.world.settings.outbox.glob("*.eml")]
    return [mail for mail in mails if "[Test]" in mail]


def test_an_approver_sees_what_will_leave_by_their_link(here: Scene) -> None:
    page = here.client.get(by_link(here))
    assert page.status_code == 200
    for words in (
        "nothing has left",
        "1 person hears it as of now: 1 in en, 0 in de",
        "Subject Acme 2.4.0",
        "Preview text Acme",
        "To Customers: 1 address",
    ):
        assert words in text(page)
    assert "script" not in page.headers["content-security-policy"].replace("default-src", "")


def test_it_says_where_it_goes_and_where_answers_do(here: Scene) -> None:
    text_of_file = here.world.organisation_file.file.read_text()
    here.organise(text_of_file + "brand: {reply-to: hello@acme.example}\n")
    said = text(here.client.get(by_link(here)))
    assert "Where it goes: email: mail to each" in said
    assert "Answers to hello@acme.example" in said
    assert "Where it goes: email: mail to each" in text(here.client.get(here.path("eva", "words")))


def test_the_mail_stands_alone_and_can_do_nothing(here: Scene) -> None:
    mail = here.client.get(by_link(here) + "/mail?locale=de&look=dark")
    assert 'lang="de"' in mail.text
    assert "Guten Tag Eva Endo," in text(mail)
    assert "@media all" in mail.text
    assert "prefers-color-scheme: dark)" not in mail.text
    policy = mail.headers["content-security-policy"]
    assert policy.startswith("sandbox;")
    assert "default-src 'none'" in policy


QUERIES = ["?channel=../x&locale=%00&width=9&part=x&look=x", "?locale=de&part=text", "?width=phone"]


@pytest.mark.parametrize("query", QUERIES)
def test_whatever_is_asked_for_is_one_of_what_there_is(here: Scene, query: str) -> None:
    assert here.client.get(by_link(here) + query).status_code == 200


def test_whoever_signs_sees_the_renderings_and_who_hears_it(here: Scene) -> None:
    page = here.client.get(here.path("eva", "words"))
    said = text(page)
    assert "As people will get it 1 person hears it as of now: 1 in en, 0 in de" in said
    assert "By email, as soon as everything before it is done" in said
    assert by_link(here) in page.text
    assert page.text.count("<iframe") == 2


def test_every_reason_to_get_it_can_be_looked_at(here: Scene) -> None:
    by_role, subscribed = "because of your role in this launch", "you subscribed to news about Acme"
    assert "Reader" not in text(here.client.get(by_link(here)))
    file = here.world.organisation_file.file.read_text()
    here.organise(file.replace("addresses: [customer@example.net]", "addresses: [customer@example.net], roles: [qa]"))
    page = here.client.get(by_link(here))
    assert "Reader somebody outside somebody with a role" in text(page)
    for standing, words in (("", subscribed), ("subscribed", subscribed), ("role", by_role)):
        query = {"standing": standing, "part": "text", "locale": "en"}
        assert words in here.client.get(by_link(here), params=query).text
        assert words in here.client.get(f"{by_link(here)}/mail", params=query).text
    here.client.post(f"{by_link(here)}?standing=role&locale=en", data={"email": ""})
    (mail,) = trials(here)
    assert by_role in " ".join(mail.split())
    gate = here.client.get(here.path("eva", "words"))
    assert gate.text.count("<iframe") == 4
    assert "email, de, somebody with a role:" in text(gate)


def test_a_link_that_opens_no_page_to_sign_shows_no_preview(here: Scene) -> None:
    path = by_link(here)
    here.did(Sign(by=here.who("eva"), item="words", decision="approve"))
    assert "nothing has left" not in text(here.client.get(path))
    assert here.client.get("/preview/nothing").status_code == 404
    assert here.client.get(here.path("ben").replace("/sign/", "/preview/")).status_code == 404, "no announcement"


def test_a_test_goes_to_whoever_looks_and_to_nobody_they_name(here: Scene) -> None:
    came = here.client.post(by_link(here), data={"email": "ben@example.com"})
    assert came.status_code == 200
    assert "The test to eva@example.com is accepted." in text(came)
    assert '<div class="news" role="status">' in came.text
    (mail,) = trials(here)
    assert "To: ben@example.com" not in mail


def test_a_test_that_does_not_go_looks_like_none_that_went(here: Scene) -> None:
    for _ in range(MOST_TO_ONE + 1):
        came = here.client.post(by_link(here), data={"email": ""})
    assert came.status_code == 409
    assert '<div class="news bad" role="alert">' in came.text


FORMS = ["&".join(f"a{n}=1" for n in range(40)), "email=a%40example.com&email=b%40example.com", "email=%ff"]


@pytest.mark.parametrize("form", FORMS)
def test_what_no_form_of_ours_sends_is_refused_and_sends_nothing(here: Scene, form: str) -> None:
    kind = {"Content-Type": "application/x-www-form-urlencoded"}
    assert here.client.post(by_link(here), content=form, headers=kind).status_code == 422
    assert trials(here) == []


def test_looking_sends_nothing_and_other_sites_send_nothing(here: Scene) -> None:
    here.client.get(by_link(here))
    came = here.client.post(
        by_link(here), data={"email": "eva@example.com"}, headers={"origin": "https://evil.example"}
    )
    assert came.status_code == 403
    assert trials(here) == []

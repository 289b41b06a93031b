from __future__ import annotations

import re
from base64 import b64encode
from contextlib import closing
from hashlib import sha256
from http.client import HTTPConnection
from pathlib import Path
from uuid import UUID, uuid5

import httpx
import pytest

from tasks.senders.outbox import Outbox
from tasks.world import World
from templates.render import Rendered
from tests.tasks.parcels import parcel
from tests.web.room import PrefectPeer, make_world, serving

EVIL = "<script>alert(1)</script>\" onload='x' {{ 7 * 7 }}"
SPACE = UUID("8a4ad4a2-4d0e-4f6b-9f37-0d3a1f6b2c11")


def put(world: World, name: str, content: Rendered, recipient: str = "ada@example.com") -> str:
    id_ = str(uuid5(SPACE, name))
    sent = Outbox(world.settings.outbox).send(parcel(content, delivery_id=id_, recipient=recipient))
    assert sent.state == "accepted"
    return id_


def mail(subject: str = "Acme 2.4.0", text: str = "Faster exports\n", html: str = "<p>Faster exports</p>") -> Rendered:
    return Rendered(channel="email", subject=subject, text=text, html=html)


def post(text: str) -> Rendered:
    blocks = [
        {"type": "header", "text": {"type": "plain_text", "text": text}},
        {"type": "section", "text": {"type": "mrkdwn", "text": "*fish* &amp; `chips` <https://x.example|more>"}},
        {"type": "context", "elements": [{"type": "mrkdwn", "text": "Example Org"}]},
        {"type": "divider"},
    ]
    return Rendered(channel="slack", subject=text, slack={"text": text, "blocks": blocks})


def get_exactly(client: httpx.Client, path: str) -> tuple[int, str]:
    """The answer to a path that nobody tidied on its way."""
    with closing(HTTPConnection(client.base_url.host, client.base_url.port)) as connection:
        connection.request("GET", path)
        answer = connection.getresponse()
        return answer.status, answer.read().decode()


def test_an_outbox_nothing_was_put_in_says_so(client: httpx.Client) -> None:
    answer = client.get("/outbox")
    assert (answer.status_code, "Nothing has been sent yet" in answer.text) == (200, True)


def test_messages_are_listed_the_newest_first(client: httpx.Client, world: World) -> None:
    ids = [put(world, str(n), mail(f"Number {n}") if n % 2 else post(f"Number {n}")) for n in range(4)]
    answer = client.get("/outbox")
    assert re.findall(r'href="/outbox/([^"]+)"', answer.text) == ids[::-1]
    assert re.findall(r"Number (\d)", answer.text) == ["3", "2", "1", "0"]


def test_a_mail_shows_its_text_and_its_html_in_a_frame(client: httpx.Client, world: World) -> None:
    id_ = put(world, "a", mail("Grüße 🚀", text="fish & chips\n", html="<p>Größer</p>"))
    shown = client.get(f"/outbox/{id_}")
    assert all(word in shown.text for word in ("Grüße 🚀", "ada@example.com", "launches@acme.example", id_))
    assert "fish &amp; chips" in shown.text
    assert f'<iframe src="/outbox/{id_}/mail" title="The mail as it looks" sandbox ' in shown.text
    assert "frame-src 'self'" in shown.headers["Content-Security-Policy"]
    assert client.get(f"/outbox/{id_}/mail").text.strip() == "<p>Größer</p>"


def test_the_frame_can_do_nothing_but_show(client: httpx.Client, world: World) -> None:
    framed = client.get(f"/outbox/{put(world, 'a', mail(html='<script>alert(1)</script>'))}/mail")
    policy = framed.headers["Content-Security-Policy"]
    assert policy.startswith("sandbox; default-src 'none'; style-src 'unsafe-inline'; img-src data:")
    assert (framed.headers["Content-Type"], "allow-" in policy) == ("text/html; charset=utf-8", False)


def test_a_slack_message_shows_its_blocks_and_its_payload(client: httpx.Client, world: World) -> None:
    shown = client.get(f"/outbox/{put(world, 'a', post('Acme 2.4.0'), '#launches')}").text
    spans = re.findall(r'<span class="(\w+)">(.*?)</span>', shown.partition('class="section"')[2])
    words = [("bold", "fish"), ("plain", " &amp; "), ("code", "chips"), ("plain", " "), ("link", "more")]
    assert spans[:6] == [*words, ("plain", "Example Org")]
    assert "#launches" in shown
    assert "&#34;plain_text&#34;" in shown
    assert "<iframe" not in shown


@pytest.mark.parametrize("content", [mail(EVIL, text=EVIL), post(EVIL)])
def test_what_a_message_says_is_never_markup(client: httpx.Client, world: World, content: Rendered) -> None:
    id_ = put(world, "a", content)
    for page in (client.get("/outbox").text, client.get(f"/outbox/{id_}").text):
        assert "<script" not in page
        assert "alert(1)" in page
        assert "{{ 7 * 7 }}" in page


@pytest.mark.parametrize("path", ["/outbox", "/outbox/{id}", "/outbox/nothing"])
def test_the_style_sheet_is_the_one_the_policy_allows(client: httpx.Client, world: World, path: str) -> None:
    answer = client.get(path.format(id=put(world, "a", mail())))
    (style,) = re.findall(r"<style>(.*?)</style>", answer.text, re.DOTALL)
    assert (
        f"'sha256-{b64encode(sha256(style.encode()).digest()).decode()}'" in answer.headers["Content-Security-Policy"]
    )
    assert not re.search(r"\sstyle=", answer.text)


@pytest.mark.parametrize(
    "name",
    [
        "../secret",
        "..%2fsecret",
        "%2e%2e%2fsecret",
        "..%5csecret",
        "secret",
        "secret.eml",
        "8a4ad4a2-4d0e-4f6b-9f37-0d3a1f6b2c11",
        "8A4AD4A2-4D0E-4F6B-9F37-0D3A1F6B2C11",
        "8a4ad4a2-4d0e-4f6b-9f37-0d3a1f6b2c11%0a",
        "8a4ad4a2-4d0e-4f6b-9f37-0d3a1f6b2c11%00",
        "8a4ad4a2-4d0e-4f6b-9f37-0d3a1f6b2c11/mail",
        "8a4ad4a2-4d0e-4f6b-9f37-0d3a1f6b2c11/mail/x",
    ],
)
def test_nothing_but_a_delivery_is_ever_opened(client: httpx.Client, world: World, name: str) -> None:
    put(world, "a", mail())
    for place in (world.settings.home, world.settings.outbox):
        (place / "secret.eml").write_text("Subject: s3cr3t\n\ns3cr3t")
    status, text = get_exactly(client, f"/outbox/{name}")
    assert (status, "s3cr3t" in text) == (404, False)
    assert "There is no such message" in text


@pytest.mark.parametrize("written", ["", "not JSON", "[]", '{"payload": 1, "to": "x"}', '{"payload": {"blocks": [1]}}'])
def test_a_file_the_outbox_did_not_write_is_passed_over(client: httpx.Client, world: World, written: str) -> None:
    put(world, "a", mail())
    (world.settings.outbox / f"{SPACE}.json").write_text(written)
    (world.settings.outbox / f".{SPACE}.eml.half").write_text("half")
    assert client.get("/outbox").text.count("<li>") == 1
    assert client.get(f"/outbox/{SPACE}").status_code == 404


def test_a_mail_of_any_bytes_is_no_error(client: httpx.Client, world: World) -> None:
    put(world, "a", mail())
    (world.settings.outbox / f"{SPACE}.eml").write_bytes(
        b"Subject: =?utf-8?b?\xff?=\nTo: \xff,,<<\nContent-Type: x\n\n\xff"
    )
    assert client.get("/outbox").status_code == 200
    assert client.get(f"/outbox/{SPACE}").status_code in (200, 404)


def test_the_list_ends_somewhere_and_says_so(client: httpx.Client, world: World) -> None:
    put(world, "a", mail())
    (written,) = world.settings.outbox.iterdir()
    for number in range(210):
        (world.settings.outbox / f"{uuid5(SPACE, str(number))}.eml").hardlink_to(written)
    shown = client.get("/outbox").text
    assert (shown.count("<li>"), "The newest 200 of 211 messages" in shown) == (200, True)


def test_the_outbox_is_shut_once_mails_leave_for_real(tmp_path: Path, prefect: PrefectPeer) -> None:
    world = make_world(tmp_path / "home", sendgrid_api_key="SG.not-a-real-key")
    id_ = put(world, "a", mail("s3cr3t"))
    with serving(world) as client:
        for path in ("/outbox", f"/outbox/{id_}", f"/outbox/{id_}/mail", "/outbox/nothing"):
            answer = client.get(path)
            assert (answer.status_code, "s3cr3t" in answer.text) == (404, False)
            assert "The outbox is shut" in answer.text


def test_the_outbox_is_shut_where_people_are_verified(tmp_path: Path, prefect: PrefectPeer) -> None:
    """Its mails hold links and codes with which whoever reads them could sign."""
    world = make_world(tmp_path / "home", identity="verified")
    id_ = put(world, "a", mail("s3cr3t"))
    with serving(world) as client:
        for path in ("/outbox", f"/outbox/{id_}", f"/outbox/{id_}/mail", "/outbox/nothing"):
            answer = client.get(path)
            assert (answer.status_code, "s3cr3t" in answer.text) == (404, False)
            assert "messages hold their links and codes" in answer.text


def test_the_outbox_is_for_looking_only(client: httpx.Client, world: World) -> None:
    id_ = put(world, "a", mail())
    for path in ("/outbox", f"/outbox/{id_}", f"/outbox/{id_}/mail"):
        assert (client.post(path).status_code, client.head(path).content) == (405, b"")

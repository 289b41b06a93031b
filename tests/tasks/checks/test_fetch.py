"""Requests that stay where they may go, within their time and size."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from pathlib import Path

import pytest

from tasks.checks.fetch import Fetcher, NoAnswer, OutOfTime
from tests.tasks.checks import tls
from tests.tasks.checks.conftest import LOOPBACK
from tests.tasks.checks.site import Page, Site, Visit, blurts, drips, floods, hangs, redirects, says


def fetcher(seconds: float = 20, allowed: tuple[str, ...] = LOOPBACK) -> Fetcher:
    return Fetcher(allowed, seconds)


def test_an_answer_has_its_status_its_address_and_its_text(site: Site) -> None:
    site.pages |= {"/old": redirects("new?x=1"), "/new": says(418, "tea ☕", kind="Text/Plain; charset=utf-8")}
    answer = fetcher().fetch(site.at("/old"), read_at_most=1000)
    assert (answer.status, answer.address, answer.media_type) == (418, site.at("/new?x=1"), "text/plain")
    assert answer.text == "tea ☕"


def test_the_request_says_its_host_and_nothing_about_us(site: Site) -> None:
    fetcher().fetch(site.at("/"))
    assert set(site.headers[0]) == {"Host", "User-Agent", "Accept", "Accept-Encoding"}
    assert site.headers[0]["Host"] == f"127.0.0.1:{site.port}"


@pytest.mark.parametrize(
    "host", ["127.0.0.1", "localhost", "2130706433", "0x7f000001", "127.1", "[::1]", "[::ffff:127.0.0.1]", "[::]", "0"]
)
def test_loopback_is_refused_when_it_is_not_allowed(site: Site, host: str) -> None:
    with pytest.raises(NoAnswer, match="which is not a public address; allow it"):
        fetcher(allowed=()).fetch(site.at("/", host))
    assert not site.asked


def test_a_mapped_address_is_refused_even_where_loopback_is_allowed(site: Site) -> None:
    with pytest.raises(NoAnswer, match="not a public address"):
        fetcher().fetch(site.at("/", "[::ffff:127.0.0.1]"))
    assert not site.asked


def test_a_name_is_resolved_once_and_connected_to_what_was_checked(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    """A name that changes its address between the look and the use (DNS rebinding) gains nothing."""
    real, asked = socket.getaddrinfo, []

    def rebinding(host: str, *rest: object, **more: object) -> object:
        asked.append(host)
        return real("127.0.0.1" if host == "rebinding.test" else host, *rest, **more)  # type: ignore[arg-type]

    monkeypatch.setattr(socket, "getaddrinfo", rebinding)
    fetcher().fetch(site.at("/", "rebinding.test"))
    assert asked == ["rebinding.test", "127.0.0.1"]
    assert site.headers[0]["Host"] == f"rebinding.test:{site.port}"


@pytest.mark.parametrize(
    "to",
    [
        "http://169.254.169.254/latest/meta-data/",
        "http://10.0.0.1/",
        "http://[::1]/",
        "//192.168.0.1/",
        "http://[64:ff9b::7f00:1]/",
        "http://2852039166/",
    ],
)
def test_a_redirect_to_a_private_address_is_refused(site: Site, to: str) -> None:
    site.pages["/"] = redirects(to)
    with pytest.raises(NoAnswer, match="which is not a public address"):
        fetcher().fetch(site.at("/"))


@pytest.mark.parametrize("to", ["file:///etc/passwd", "gopher://127.0.0.1/", "ftp://127.0.0.1/", "data:,x"])
def test_a_redirect_to_another_protocol_is_refused(site: Site, to: str) -> None:
    site.pages["/"] = redirects(to)
    with pytest.raises(NoAnswer, match="is not an address a check can ask"):
        fetcher().fetch(site.at("/"))


def test_five_redirects_are_followed_and_not_six(site: Site) -> None:
    site.pages |= {f"/{number}": redirects(f"/{number + 1}") for number in range(6)} | {"/6": says(200)}
    assert fetcher().fetch(site.at("/1")).status == 200
    with pytest.raises(NoAnswer, match="redirects more than 5 times"):
        fetcher().fetch(site.at("/0"))


def test_a_redirect_is_an_answer_when_it_is_not_followed(site: Site) -> None:
    site.pages["/"] = redirects("http://10.0.0.1/")
    assert fetcher().fetch(site.at("/"), follow=False).status == 302


def test_secret_headers_do_not_go_to_another_origin(site: Site) -> None:
    with Site() as other:
        site.pages |= {"/": redirects(other.at("/")), "/same": redirects("/end"), "/end": says(200)}
        with pytest.raises(NoAnswer, match="must not see the credentials"):
            fetcher().fetch(site.at("/"), headers={"Authorization": "secret"})
        assert not other.asked
    assert fetcher().fetch(site.at("/same"), headers={"Authorization": "secret"}).status == 200
    assert site.headers[-1]["Authorization"] == "secret"


@pytest.mark.parametrize(
    ("address", "reason"),
    [
        ("http://name:word@127.0.0.1/", "carries a name or password"),
        ("http://name@127.0.0.1/", "carries a name or password"),
        ("file:///etc/passwd", "write it with http"),
        ("127.0.0.1/x", "write it with http"),
        ("http:///x", "write it with http"),
        ("http://127.0.0.1:99999/", "is not an address|connection failed"),
        ("http://[::1/", "is not an address"),
        ("http://a\nb/", "is not an address"),
        ("http://a b/", "is not known"),
        ("http://xn--/", "is not an address|is not known"),
        (f"http://{'a' * 300}.test/", "is not known"),
        (f"http://127.0.0.1/{'a' * 70_000}", "is not an address"),
        ("https://.127.0.0.1/", "is not known|is not an address"),
        ("", "write it with http"),
    ],
)
def test_what_is_no_address_is_said(address: str, reason: str) -> None:
    with pytest.raises(NoAnswer, match=reason):
        fetcher().fetch(address)


@pytest.mark.parametrize("page", [drips, hangs])
def test_a_server_that_keeps_us_waiting_is_left_in_time(site: Site, page: Page) -> None:
    site.pages["/"] = page
    with pytest.raises(NoAnswer, match="did not answer in time"):
        fetcher(seconds=0.3).fetch(site.at("/"), read_at_most=10**6)


def test_a_head_that_drips_is_left_in_time(site: Site) -> None:
    def drip(visit: Visit) -> None:
        visit.wfile.write(b"HTTP/1.1 200 OK\r\n")
        while not visit.server.site.closing.wait(0.05):
            visit.wfile.write(b"X: y\r\n")

    site.pages["/"] = drip
    with pytest.raises(NoAnswer, match="did not answer in time"):
        fetcher(seconds=0.3).fetch(site.at("/"))


def test_one_address_does_not_use_up_the_time_of_the_others(site: Site) -> None:
    site.pages |= {"/slow": hangs, "/": says(200)}
    shared = Fetcher(LOOPBACK, seconds=20, patience=1)
    with pytest.raises(NoAnswer, match="did not answer in time"):
        shared.fetch(site.at("/slow"))
    assert shared.fetch(site.at("/")).status == 200


def test_after_its_time_nothing_is_asked(site: Site) -> None:
    with pytest.raises(OutOfTime, match="raise the item's `timeout`"):
        fetcher(seconds=0).fetch(site.at("/"))
    assert not site.asked


def test_a_body_is_read_to_its_limit_and_no_further(site: Site) -> None:
    site.pages |= {"/endless": floods, "/fits": says(200, "x" * 1000)}
    assert len(fetcher().fetch(site.at("/fits"), read_at_most=1000).text) == 1000
    for path in ("/endless", "/fits"):
        with pytest.raises(NoAnswer, match="is longer than"):
            fetcher().fetch(site.at(path), read_at_most=999)
    assert fetcher().fetch(site.at("/endless")).status == 200  # nobody asked for its body


def test_a_compressed_body_is_not_unpacked(site: Site) -> None:
    site.pages["/"] = says(200, "x", Content_Encoding="gzip")
    with pytest.raises(NoAnswer, match="answers compressed"):
        fetcher().fetch(site.at("/"), read_at_most=1000)


@pytest.mark.parametrize("said", [b"", b"\x00\xff not HTTP\r\n\r\n", b"HTTP/1.1 200 OK\r\nContent-Length: x\r\n\r\n"])
def test_an_answer_that_is_no_http_is_said(site: Site, said: bytes) -> None:
    site.pages["/"] = blurts(said)
    with pytest.raises(NoAnswer, match="the connection failed"):
        fetcher().fetch(site.at("/"))


def test_a_closed_port_is_said() -> None:
    with Site() as gone:
        address = gone.at("/")
    with pytest.raises(NoAnswer, match="the connection failed"):
        fetcher().fetch(address)


def test_proxies_and_cookies_and_netrc_of_the_machine_are_not_used(
    site: Site, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / ".netrc").write_text("machine 127.0.0.1 login me password secret\n")
    monkeypatch.setenv("NETRC", str(tmp_path / ".netrc"))
    for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy"):
        monkeypatch.setenv(name, "http://127.0.0.1:1")
    site.pages["/"] = says(302, Location="/next", Set_Cookie="a=b")
    fetcher().fetch(site.at("/"))
    assert site.asked == ["GET /", "GET /next"]
    assert not {"Cookie", "Authorization"} & set(site.headers[1])


@pytest.fixture
def secure(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Site]:
    certificate = tls.certificate(tmp_path, "localhost")
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
    with Site(tls=tls.server(certificate)) as running:
        running.pages["/"] = says(200)
        yield running


def test_a_certificate_is_verified_for_the_name_although_its_address_is_connected_to(secure: Site) -> None:
    assert fetcher().fetch(secure.at("/", "localhost")).status == 200
    with pytest.raises(NoAnswer, match="CERTIFICATE_VERIFY_FAILED"):
        fetcher().fetch(secure.at("/", "127.0.0.1"))


def test_a_certificate_nobody_vouches_for_is_refused(secure: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("SSL_CERT_FILE")
    with pytest.raises(NoAnswer, match="CERTIFICATE_VERIFY_FAILED"):
        fetcher().fetch(secure.at("/", "localhost"))

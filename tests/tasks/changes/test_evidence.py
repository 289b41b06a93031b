"""Digests of evidence, from a real site; what cannot be fetched, or must not be, says so and is kept all the same."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path
from time import monotonic

import pytest

from checklists.commands import AddEvidence
from checklists.decide import Refusal
from checklists.entries import Piece
from tasks.carrying_out import carry_out
from tasks.changes import evidence
from tasks.changes.evidence import TAKEN_OUT, digested, without_secret
from tests.checklists.launches import DAN, STRANGER
from tests.tasks.bound import edit, house, opened
from tests.tasks.checks.site import Site, drips, floods, hangs, redirects, says
from tests.tasks.worlds import Place

REPORT = b"%PDF-1.7 all well"


@pytest.fixture
def site() -> Iterator[Site]:
    with Site() as running:
        running.pages["/report.pdf"] = says(200, REPORT.decode())
        yield running


@pytest.fixture
def at(tmp_path: Path) -> Place:
    """A world whose checks may reach this machine."""
    made = house(tmp_path)
    edit(made, "organisation: Example", "organisation: Example\nallow-private-addresses: [127.0.0.0/8]")
    return made


def piece(at: Place, url: str) -> Piece:
    return digested(at.world, {"report": Piece(url=url)})["report"]


def test_evidence_has_the_digest_of_what_lies_there(at: Place, site: Site) -> None:
    found = piece(at, site.at("/report.pdf"))
    assert (found.sha256, found.size, found.problem) == (sha256(REPORT).hexdigest(), len(REPORT), "")


def test_a_redirect_is_followed_and_the_address_stays_as_it_was_given(at: Place, site: Site) -> None:
    site.pages["/latest"] = redirects(site.at("/report.pdf"))
    found = piece(at, site.at("/latest"))
    assert (found.url, found.sha256) == (site.at("/latest"), sha256(REPORT).hexdigest())


def test_a_digest_somebody_claims_is_not_believed(at: Place, site: Site) -> None:
    claimed = {"a": Piece(url=site.at("/gone"), sha256="0" * 64, size=1), "b": Piece(url=site.at("/report.pdf"))}
    found = digested(at.world, claimed)
    assert (found["a"].sha256, found["a"].size, found["a"].problem) == (None, None, "answers 404")
    assert found["b"].sha256 == sha256(REPORT).hexdigest()


@pytest.mark.parametrize("status", [401, 403, 404, 500])
def test_an_answer_that_is_not_good_is_no_evidence(at: Place, site: Site, status: int) -> None:
    site.pages["/x"] = says(status, "an error page")
    found = piece(at, site.at("/x"))
    assert (found.sha256, found.problem) == (None, f"answers {status}")


def test_what_is_too_long_is_not_read_to_its_end(at: Place, site: Site) -> None:
    site.pages["/flood"] = floods
    found = piece(at, site.at("/flood"))
    assert (found.sha256, found.problem) == (None, "is longer than 20 MiB")


def test_what_is_compressed_has_no_digest(at: Place, site: Site) -> None:
    site.pages["/gz"] = says(200, "x", Content_Encoding="gzip")
    assert "compressed" in piece(at, site.at("/gz")).problem


def test_who_is_slow_holds_nobody_up(at: Place, site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(evidence, "SECONDS", 0.4)
    site.pages |= {"/hang": hangs, "/drip": drips}
    began = monotonic()
    given = {f"p{number}": Piece(url=site.at(("/hang", "/drip")[number % 2])) for number in range(20)}
    found = digested(at.world, given)
    assert monotonic() - began < 5
    assert {one.sha256 for one in found.values()} == {None}
    assert all("time" in one.problem for one in found.values())


PRIVATE = [
    "http://127.0.0.1:{port}/report.pdf",
    "http://localhost:{port}/report.pdf",
    "http://[::1]:{port}/report.pdf",
    "http://[::ffff:127.0.0.1]:{port}/report.pdf",
    "http://2130706433:{port}/report.pdf",
    "http://0x7f.1:{port}/report.pdf",
    "http://169.254.169.254/latest/meta-data/",
    "http://10.0.0.1/",
    "http://100.64.0.1/",
]


@pytest.mark.parametrize("url", PRIVATE)
def test_evidence_never_lets_tminus_into_private_networks(tmp_path: Path, site: Site, url: str) -> None:
    found = piece(house(tmp_path), url.format(port=site.port))
    assert found.sha256 is None
    assert found.problem
    assert "127.0.0.1" not in found.problem, "what an inner name leads to is nobody's business"
    assert site.asked == []


def test_a_redirect_never_leads_into_private_networks(at: Place, site: Site) -> None:
    edit(at, "127.0.0.0/8", "127.0.0.1/32")
    with Site("127.0.0.2") as inner:
        inner.pages["/secret"] = says(200, "secret")
        site.pages["/out"] = redirects(inner.at("/secret", "127.0.0.2"))
        found = piece(at, site.at("/out"))
        assert inner.asked == []
    assert (found.sha256, found.problem) == (None, "not a public address")


@pytest.mark.parametrize(
    "url",
    ["", "file:///etc/passwd", "ftp://example.com/x", "javascript:alert(1)", "//x", "http://", "http://[", "gopher://x",
     "http://a\nb/", "http://\u202e/", "http://xn--a/", "https://" + "a" * 300],
)  # fmt: skip
def test_what_is_no_web_address_is_kept_with_its_reason(at: Place, url: str) -> None:
    found = piece(at, url)
    assert found.url == url
    assert found.sha256 is None
    assert 0 < len(found.problem) <= 300


def test_a_server_that_is_gone_is_said(at: Place) -> None:
    with socket.create_server(("127.0.0.1", 0)) as closed:
        port = closed.getsockname()[1]
    assert "connection failed" in piece(at, f"http://127.0.0.1:{port}/").problem


@pytest.mark.parametrize("secret", ["ada:hunter2@", "hunter2@", ":hunter2@"])
def test_no_password_in_an_address_is_written_down_or_used(at: Place, site: Site, secret: str) -> None:
    found = piece(at, site.at("/report.pdf").replace("//", f"//{secret}"))
    assert found == Piece(url=site.at("/report.pdf"), problem=TAKEN_OUT)
    assert site.asked == []


@pytest.mark.parametrize("url", ["https://example.com/a@b", "mailto:ada@example.com", "http://[", "not an address"])
def test_addresses_without_a_password_stay_as_they_are(url: str) -> None:
    assert without_secret(url) == url


def test_evidence_that_is_attached_is_recorded_with_its_digest(at: Place, site: Site) -> None:
    launch = opened(at)
    shown = {"report": Piece(url=site.at("/report.pdf"))}
    answer, _ = carry_out(at.world, launch.id, AddEvidence(by=DAN, item="notes", evidence=shown))
    assert not isinstance(answer, Refusal), answer
    exhibit = answer.items["notes"].evidence["report"]
    assert (exhibit.piece.sha256, exhibit.by) == (sha256(REPORT).hexdigest(), DAN.email)


def test_who_may_attach_nothing_lets_tminus_fetch_nothing(at: Place, site: Site) -> None:
    launch = opened(at)
    shown = {"report": Piece(url=site.at("/report.pdf"))}
    answer, _ = carry_out(at.world, launch.id, AddEvidence(by=STRANGER, item="notes", evidence=shown))
    assert isinstance(answer, Refusal)
    assert site.asked == []


def test_no_evidence_is_no_work(at: Place) -> None:
    assert digested(at.world, {}) == {}

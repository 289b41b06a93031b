"""A host may be slow, endless or wrong about the time: what it costs us is bounded, and it is asked again."""

from __future__ import annotations

import time
from collections.abc import Iterator

import pytest

from tasks.watching import rest
from tasks.watching.hosts import GitHub
from tasks.watching.rest import LONGEST_WAIT, Later
from tests.peers.code_host import CodeHost


@pytest.fixture
def peer() -> Iterator[CodeHost]:
    with CodeHost() as peer:
        yield peer


def later(peer: CodeHost) -> Later:
    with pytest.raises(Later) as caught:
        GitHub("example-org/acme", peer.host).tags({})
    return caught.value


@pytest.mark.parametrize("mode", ["later", "reset"])
@pytest.mark.parametrize("said", ["nan", "inf", "-inf", "1e400", "soon", "-5", "0x10", "Mon, 99 Foo 20000 99:99"])
def test_a_host_that_says_no_time_is_asked_again_in_our_own(peer: CodeHost, mode: str, said: str) -> None:
    peer.retry_after = said
    peer.answer(mode)
    assert later(peer).at is None


@pytest.mark.parametrize("mode", ["later", "reset"])
@pytest.mark.parametrize("said", ["5000000000", "999999999999999", "9" * 300, "Fri, 31 Dec 9999 23:59:59 GMT"])
def test_a_host_puts_us_off_for_a_day_at_most(peer: CodeHost, mode: str, said: str) -> None:
    peer.retry_after = said
    peer.answer(mode)
    at = later(peer).at
    if mode == "reset" and said.startswith("Fri"):
        assert at is None
    else:
        assert at is not None
        assert abs(at - time.time() - LONGEST_WAIT) < 60


@pytest.mark.parametrize(
    ("mode", "limit", "value", "said"),
    [
        ("hang", "PATIENCE", 0.3, "does not answer (ReadTimeout)"),
        ("trickle", "PAGE_TIME", 0.3, "does not answer (OSError)"),
        ("large", "LARGEST", 500, "does not answer (OSError)"),
        ("endless", "MOST_PAGES", 5, "there are more than 5 pages; watch it with plain git instead"),
        ("endless", "LOOK_TIME", 0.2, "take more than 0.2 seconds; watch it with plain git instead"),
    ],
)
def test_no_host_keeps_a_round_waiting(
    peer: CodeHost, monkeypatch: pytest.MonkeyPatch, mode: str, limit: str, value: float, said: str
) -> None:
    monkeypatch.setattr(rest, limit, value)
    peer.answer(mode)
    before = time.monotonic()
    assert said in str(later(peer))
    assert time.monotonic() - before < 5
    peer.let_go()

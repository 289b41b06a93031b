"""Takes the digest of evidence where it can be fetched: through the same guarded door as every check."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import httpx

from checklists.entries import Evidence, Piece
from tasks.checks.fetch import MEBIBYTE, NO_ADDRESS, Fetcher, NoAnswer
from tasks.world import World
from templates.words import one_line

SECONDS = 5  # for all pieces together: somebody waits for the answer
AT_MOST = 20 * MEBIBYTE
AT_ONCE = 8
PRIVATE = "not a public address"
TAKEN_OUT = "its address held a name or password, which was taken out"


def digested(world: World, evidence: Evidence) -> Evidence:
    """The same pieces, each with its sha256, or with the reason why nobody could take it. Never raises."""
    fetcher = Fetcher(world.organisation.allow_private_addresses, SECONDS)
    with ThreadPoolExecutor(min(AT_ONCE, len(evidence)) or 1) as pool:
        taken = pool.map(lambda piece: _taken(fetcher, piece.url), evidence.values())
        return dict(zip(evidence, taken, strict=True))


def _taken(fetcher: Fetcher, url: str) -> Piece:
    bare = without_secret(url)
    if bare != url:
        return Piece(url=bare, problem=TAKEN_OUT)
    try:
        answer = fetcher.fetch(url, digest_at_most=AT_MOST)
    except NoAnswer as error:
        return Piece(url=url, problem=_said(error, url))
    if not answer.is_good or answer.digest is None:
        return Piece(url=url, problem=f"answers {answer.status}")
    return Piece(url=url, sha256=answer.digest.sha256, size=answer.digest.size)


def without_secret(url: str) -> str:
    """The address without the name and password that may stand before its host: the record shows it to everybody."""
    try:
        parsed = httpx.URL(url)
        return str(parsed.copy_with(userinfo=b"")) if parsed.userinfo else url
    except NO_ADDRESS:
        return url


def _said(error: Exception, url: str) -> str:
    """What went wrong, without what to do about a check, and without what an inner name leads to."""
    said = str(error).removeprefix(f"{url}: ").partition(";")[0]
    return PRIVATE if PRIVATE in said else one_line(said, 300)

"""Everything outside, put together once and passed in: ledger, organisation, board, clock."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import Any, cast

from checklists.files.organisation_file import OrganisationFile
from checklists.launch import Launch
from checklists.organisation import Organisation
from checklists.people import Actor, Directory
from ledger.store import Ledger
from tasks.boards.around import Around
from tasks.boards.board import Board
from tasks.boards.prefect_address import api_url
from tasks.loopback import check_trust
from tasks.settings import Settings


@dataclass(frozen=True)
class World:
    """What `act` and `advance` reach out to."""

    settings: Settings
    ledger: Ledger
    organisation_file: OrganisationFile
    board: Board
    now: Callable[[], datetime] = lambda: datetime.now(UTC)

    @property
    def organisation(self) -> Organisation:
        """As the file says now, or as it last said something valid."""
        return self.organisation_file.current()

    def launch(self, launch_id: str) -> Launch | None:
        """The launch as it is now; None where there is none of this name. Raises Unreadable for a damaged record."""
        return self.ledger.launch(launch_id)

    def person(self, email: str) -> Actor:
        """Who this is, with today's roles; nobody in particular where the organisation does not know them."""
        return self.directory.actor(email.strip().lower(), self.now())

    @property
    def directory(self) -> Directory:
        """Everybody, and who signs for whom, now and in days to come."""
        yesterday = self.now().date() - timedelta(days=1)  # by UTC; somewhere that is today
        granted = self.ledger.delegations.standing(yesterday)
        return self.organisation.directory(tuple(one.delegation for one in granted))


@cache
def world() -> World:
    """The world of this process, from its environment."""
    settings = Settings()
    check_trust(settings.identity, "the Prefect server", api_url())
    settings.make_home()
    organisation = OrganisationFile(settings.organisation)
    board = _Late(lambda: _prefect_board(settings, organisation))
    return World(settings, Ledger(settings.ledger_url), organisation, cast("Board", board))


def _prefect_board(settings: Settings, organisation: OrganisationFile) -> Board:
    from tasks.boards.prefect_board import PrefectBoard

    return PrefectBoard(settings.identity, around(settings, organisation))


class _Late:
    """A board that is made when it is first used: Prefect takes a second to import, and who only looks needs none."""

    def __init__(self, make: Callable[[], Board]) -> None:
        self._make = cache(make)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._make(), name)


def around(settings: Settings, organisation: OrganisationFile) -> Around:
    """What forms and tables in Prefect say besides: the page only where people come to it without a link of theirs."""
    has_page = settings.identity == "asserted" or bool(settings.proxy_header)
    return Around(settings.identity, settings.public_url if has_page else "", organisation.current)

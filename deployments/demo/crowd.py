"""A thousand subscribers, and some who left: none of them exists, and nobody else has addresses like theirs."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from itertools import cycle, islice

from checklists.selection import Selection
from checklists.subscriber import State
from deployments.demo.webhook import NAME
from ledger.newcomers import Newcomer
from ledger.roster_steps import Meant
from ledger.store import Ledger

GET_IT = 1_000
HOW, ORIGIN = "import", "the demo"
PLANS = ("team", "team", "business", "enterprise")
LEFT: tuple[tuple[State, int], ...] = (("unsubscribed", 24), ("bounced", 9), ("unconfirmed", 11))


@dataclass(frozen=True, slots=True)
class Country:
    """Where some of them live, what they read, and what they are called there."""

    code: str
    locale: str
    timezone: str
    share: int
    given: tuple[str, ...]
    family: tuple[str, ...]


COUNTRIES = (
    Country(
        "GB", "en", "Europe/London", 3, ("Amelia", "Noah", "Priya", "Oliver", "Zoe"), ("Bell", "Shah", "Reid", "Okafor")
    ),
    Country(
        "US", "en", "America/Chicago", 2, ("Mason", "Ruth", "Diego", "Harper"), ("Young", "Rivera", "Kim", "O’Neil")
    ),
    Country(
        "DE",
        "de",
        "Europe/Berlin",
        3,
        ("Jörg", "Anke", "Emre", "Lotte", "Uwe"),
        ("Müller", "Krause", "Yıldız", "Groß"),
    ),
    Country("FR", "fr", "Europe/Paris", 2, ("Chloé", "Luc", "Inès", "Théo"), ("Lefèvre", "Moreau", "N’Diaye", "Petit")),
)


def imported(ledger: Ledger, now: datetime) -> str:
    """Who hears of it now, in one sentence. Imported once, they stay as they are."""
    ledger.newcomers.add(crowd(), HOW, ORIGIN, now)
    split = ledger.rosters.split(Meant(NAME, "", selection=Selection(topics=(NAME,))), now, "locale")
    read = Counter({locale: many for (why, locale), many in split.items() if not why})
    told = ", ".join(f"{many} in {locale}" for locale, many in read.most_common())
    return f"{read.total():,} subscribers hear of it: {told}"


def crowd() -> Iterator[Newcomer]:
    """Those who get what is announced, then those who do not; the same in each demo, so that twice adds nobody."""
    everybody: tuple[tuple[State, int], ...] = (("confirmed", GET_IT), *LEFT)
    states = [state for state, many in everybody for _ in range(many)]
    lived = islice(cycle([country for country in COUNTRIES for _ in range(country.share)]), len(states))
    for number, (country, state) in enumerate(zip(lived, states, strict=True)):
        yield _somebody(number, country, state)


def _somebody(number: int, country: Country, state: State) -> Newcomer:
    given = country.given[number % len(country.given)]
    family = country.family[number // len(country.given) % len(country.family)]
    return Newcomer(
        address=f"reader{number + 1}@{country.code.lower()}.customers.example",
        state=state,
        name=f"{given} {family}",
        locale=country.locale,
        timezone=country.timezone,
        attributes={"plan": PLANS[number % len(PLANS)], "country": country.code},
        topics=frozenset({NAME}),
        consent="says yes in every demo",
    )

"""What somebody filled into the form, read and not yet believed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from checklists.rules.refusal import LONGEST
from templates.words import is_web
from web.forms import fields_of, lines, number, once

MOST_FIELDS = 100
LONGEST_ADDRESS = 4_000
EVIDENCE = "evidence:"
NEEDS_WORDS = {
    "request-changes": "Say in the comment what has to change, so that it can be done.",
    "reject": "Say in the comment why, so that people know what to do now.",
    "waive": "Say in the comment why it can be left out; the reason stands in the record.",
}
Problems = dict[str, str]
"""What has to be put right, by the field it is about."""


@dataclass(frozen=True, slots=True)
class Filled:
    """The fields as they came; `evidence` has the addresses that were given, by name."""

    choice: str = ""
    comment: str = ""
    evidence: Mapping[str, str] = field(default_factory=dict)
    more_name: str = ""
    more_url: str = ""
    instead_of: str = ""
    email: str = ""
    code: str = ""
    until: str = ""
    seen: int = 0
    shown: str = ""
    seal: str = ""

    @property
    def pieces(self) -> dict[str, str]:
        """All evidence that comes with it."""
        more = {self.more_name: self.more_url} if self.more_name or self.more_url else {}
        return {**{name: url for name, url in self.evidence.items() if url}, **more}


def read(body: bytes) -> Filled | None:
    """None for what no form of ours sends: other bytes than UTF-8, a field twice, too many of them."""
    given = once(fields_of(body, MOST_FIELDS))
    return None if given is None else _filled({name: lines(value).strip() for name, value in given.items()})


def _filled(given: Mapping[str, str]) -> Filled:
    return Filled(
        choice=given.get("decision", ""),
        comment=given.get("comment", ""),
        evidence={n.removeprefix(EVIDENCE): url for n, url in given.items() if n.startswith(EVIDENCE)},
        more_name=given.get("more-name", ""),
        more_url=given.get("more-url", ""),
        instead_of=given.get("instead-of", ""),
        email=given.get("email", "").lower(),
        code=given.get("code", ""),
        until=given.get("until", ""),
        seen=number(given.get("seen", "")),
        shown=given.get("shown", ""),
        seal=given.get("seal", ""),
    )


def problems(filled: Filled, choices: tuple[str, ...], wanted: tuple[str, ...]) -> Problems:
    """What is wrong with it before anybody decides on it; `wanted` is the evidence an approval has to bring along."""
    if filled.choice not in choices:
        return {"decision": "Choose what you decide."}
    found: Problems = {}
    if filled.choice in NEEDS_WORDS and not filled.comment:
        found["comment"] = NEEDS_WORDS[filled.choice]
    if len(filled.comment) > LONGEST:
        found["comment"] = f"The comment has {len(filled.comment)} characters; {LONGEST} is the most, say it shorter."
    absent = [name for name in wanted if not filled.pieces.get(name)] if filled.choice == "approve" else []
    found |= {EVIDENCE + name: f"An approval needs {name}; give its address." for name in absent}
    if filled.until and day(filled.until) is None:
        found["until"] = "A day reads like 2026-12-24."
    return found | _addresses(filled)


def day(text: str) -> date | None:
    """The day of a date field; None where it is empty or none."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def _addresses(filled: Filled) -> Problems:
    found = {EVIDENCE + n: said for n, url in filled.evidence.items() if url and (said := _wrong(url))}
    if filled.more_name or filled.more_url:
        said = _wrong(filled.more_url) if filled.more_url else "Give its address, too."
        found |= {"more-url": said} if said else {}
        found |= {} if filled.more_name else {"more-name": "Give it a name, such as test-report."}
    return found


def _wrong(url: str) -> str:
    if not is_web(url) or url.lower().startswith("mailto:"):
        return "An address begins with https:// or http://."
    return f"At most {LONGEST_ADDRESS} characters." if len(url) > LONGEST_ADDRESS else ""

"""A launch whose gates are bound to something, and what becomes different under it."""

from __future__ import annotations

from dataclasses import replace
from hashlib import sha256

from checklists.checklist import Checklist
from checklists.commands import TMINUS, AddEvidence, Observe, Retag, Start
from checklists.entries import Content, Difference, Piece, Via
from checklists.launch import Launch
from checklists.people import Actor
from tests.checklists.launches import DAN, EVE, begun, start

FIRST, SECOND, THIRD = "1" * 40, "2" * 40, "3" * 40

BOUND = Checklist.model_validate(
    {
        "checklist": "bound",
        "items": {
            "qa": {"gate": "QA sign-off", "sign": ["2 of qa"], "bound-to": "code"},
            "security": {"gate": "Security", "sign": ["1 of security"], "bound-to": {"code": ["src/**"]}},
            "commit": {"check": "command", "with": {"run": ["look"]}},
            "guide": {"todo": "Write the guide", "owner": "docs"},
            "docs": {"gate": "Docs are right", "sign": ["1 of docs"], "bound-to": "guide"},
            "contract": {
                "gate": "Contract",
                "sign": ["1 of docs", "1 of qa"],
                "evidence": ["contract"],
                "bound-to": "evidence",
            },
            "everybody": {"gate": "Everybody knows", "sign": ["all of qa"]},
            "go": {
                "gate": "Go",
                "sign": ["1 of launch-managers"],
                "needs": ["qa", "security", "commit", "docs", "contract", "everybody"],
            },
            "words": {"gate": "The words", "sign": ["1 of docs"], "bound-to": "tell", "needs": ["guide"]},
            "tell": {
                "announce": {"audience": "customers", "channels": ["email"], "at": "T+0 09:00"},
                "needs": ["go", "words"],
            },
        },
    }
)


def bound_start() -> Start:
    asked = start(BOUND)
    return replace(asked, by=TMINUS, release=asked.release.model_copy(update={"commit": FIRST}))


def bound_launch() -> Launch:
    return begun(bound_start())


def difference(*files: str, why: str = "", **more: object) -> Difference:
    said = {"count": 1, "commits": ("2222222 Fix the login",), "files": files or ("src/login.py",), "why": why, **more}
    return Difference.model_validate(said)


def retag(commit: str = SECOND, *files: str, by: Actor = EVE, via: Via = "command", why: str = "") -> Retag:
    return Retag(by=by, via=via, commit=commit, difference=difference(*files, why=why))


def content(item: str, text: str) -> Content:
    return Content(item=item, round=1, sha256=sha256(text.encode()).hexdigest(), text=text)


def observe(*contents: Content, **more: object) -> Observe:
    return Observe(by=TMINUS, via="tminus", contents=contents, **more)  # type: ignore[arg-type]  # tests know what


def piece(text: str = "one") -> Piece:
    return Piece(url="https://example.com/contract", sha256=sha256(text.encode()).hexdigest())


def attach(text: str = "one", *, by: Actor = DAN, name: str = "contract", item: str = "contract") -> AddEvidence:
    return AddEvidence(by=by, item=item, evidence={name: piece(text)})

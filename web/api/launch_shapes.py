"""What a launch looks like, for the description of the API."""

from __future__ import annotations

from datetime import date
from typing import Any

from pydantic import AwareDatetime, Field

from checklists.entries import Cause, Doubt
from checklists.follow_up import Again
from checklists.item import ItemStatus
from checklists.item_entries import Because, Decision, Via
from checklists.launch import LaunchStatus
from checklists.people import Proof
from checklists.review_entries import Standing
from web.api.shapes import Kind, Shape


class DifferenceShape(Shape):
    base: str | None
    head: str | None
    count: int = Field(description="Commits between the two.")
    commits: list[str] = Field(description="The newest first: short hash and subject.")
    files: list[str]
    all_files: bool
    authors: list[str]
    why: str = Field(description="Why it is not known; empty where it is.")


class ExhibitShape(Shape):
    url: str
    sha256: str | None
    size: int | None
    problem: str = Field(description="Why nobody could take its digest.")
    by: str
    at: AwareDatetime


class ReviewShape(Shape):
    url: str
    standing: Standing


class SignatureShape(Shape):
    by: str = Field(examples=["ben@example.com"])
    place: str | None = Field(description="The line of the quorum it fills.", examples=["2 of qa"])
    decision: Decision
    at: AwareDatetime
    via: Via
    name: str
    comment: str
    proof: Proof = Field(description="How their door made sure of them.")
    self_signed: bool = Field(description="An author of what is signed; the gate allows it.")
    instead_of: str | None = Field(description="The absent person for whom they signed.")
    through: list[str] = Field(description="Who passed that on, in order.")


class FollowUpShape(Shape):
    purpose: str = Field(examples=["correction/1"])
    what: Again
    note: str = Field(description="Why, in a sentence.")
    text: str = Field(description="What is right now, in markdown.")
    replaced: bool = Field(description="A later one took its place: what has not left of it never does.")


class ItemShape(Shape):
    title: str
    kind: Kind
    status: ItemStatus
    round: int = Field(description="Counts from 1; a gate that is opened again begins another.")
    run_id: str | None
    run_url: str | None
    due: AwareDatetime | None = Field(description="In the product's time zone.")
    needs: list[str] = Field(description="The items it waits for.")
    blocked_by: list[str] = Field(description="Those of them that have not ended.")
    signatures: list[SignatureShape]
    missing: list[str] = Field(description="Places nobody has filled yet.", examples=[["1 of qa"]])
    question: str = Field(description="What was asked for when it was opened again.")
    summary: str
    findings: list[str]
    evidence: dict[str, str] = Field(description="Web addresses by name.")
    since: AwareDatetime | None = Field(description="When this round was opened.")
    because: Because | None = Field(description="Why it was opened again.")
    changes: list[str] = Field(description="What is different since the round before.")
    earlier: list[SignatureShape] = Field(description="Approvals that a change made void; one click confirms them.")
    asked: list[str] = Field(description="Who was sent a link and a code.")
    bound_to: Any = Field(description="What is signed, as the checklist says it.")
    bound_content: str = Field(description="The commit, or the digest of the content, that is signed now.")
    self_sign: bool
    exhibits: dict[str, ExhibitShape] = Field(description="The evidence by name, with digest, and who attached it.")
    review: ReviewShape | None = Field(description="The pull request in which notes are reviewed.")
    paused: str | None = Field(description="Why an announcement, or what is said after it, does not leave for now.")
    follow_ups: list[FollowUpShape] = Field(description="Corrections and recalls of an announcement, in order.")
    waived_until: AwareDatetime | None
    not_before: AwareDatetime | None = Field(description="An announcement does not leave before.")
    not_after: AwareDatetime | None = Field(description="Nor after: what has not left by then never does.")
    ended_by: str | None
    ended_at: AwareDatetime | None


class QuestionShape(Shape):
    cause: Cause | Doubt
    said: str


class LaunchShape(Shape):
    """What `tminus show LAUNCH --json` prints."""

    id: str = Field(examples=["acme-2.4.0"])
    product: str
    version: str
    commit: str | None
    status: LaunchStatus
    reason: str
    run_id: str | None
    run_url: str | None
    checklist: str
    launch_on: date | None
    title: str
    tag: str | None
    tier: int
    started_by: str
    started_at: AwareDatetime
    launched_at: AwareDatetime | None
    closed_at: AwareDatetime | None
    behind: list[str] = Field(description="Older launches that have to be out first.")
    successor: str | None = Field(description="The launch that took its place.")
    rehearsal: bool = Field(description="Of a pre-release: nothing of it leaves the outbox.")
    imported: bool = Field(description="Released before tminus knew of it.")
    difference: DifferenceShape | None = Field(description="Since the release before; null where nobody looked.")
    retagged: DifferenceShape | None = Field(description="Since the commit it was before.")
    questions: dict[str, QuestionShape] = Field(
        description="What became of the release; each is a to-do among `items`."
    )
    items: dict[str, ItemShape] = Field(description="By key, as the checklist names them.")

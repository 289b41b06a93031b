"""No stale approval ever counts, and no fresh one is thrown away; told from the record alone, whatever happens."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from hypothesis import given, settings

from checklists import entries as e
from checklists.fold import fold
from checklists.items import Announce, Gate, binding
from checklists.launch import Launch
from checklists.quorum import missing
from tests.checklists.stories import CHECKLIST, Move, entries_of, stories

ANY_TIME = settings(deadline=None, max_examples=150)
WORDS = ("asked", "rerun", "expired")
GATES = {key: binding(item) for key, item in CHECKLIST.items.items() if isinstance(item, Gate)}


@dataclass
class Witness:
    """Reads the record as an auditor would: when did what a gate is bound to change last, and who signed after that?"""

    commit: str | None = None
    digests: dict[str, str] = field(default_factory=dict)
    pieces: dict[str, e.Piece] = field(default_factory=dict)
    changed: dict[str, int] = field(default_factory=dict)
    signed: dict[str, dict[str, int]] = field(default_factory=dict)

    def read(self, entry: e.Entry) -> None:
        for key in self._touched(entry.data):
            self.changed[key] = entry.seq
        if isinstance(entry.data, e.Signed) and entry.data.decision == "approve":
            self.signed.setdefault(entry.data.item, {})[entry.actor] = entry.seq

    def _touched(self, data: object) -> Iterator[str]:
        match data:
            case e.Started():
                self.commit = data.release.commit
            case e.Retagged():
                moved, self.commit = data.commit != self.commit, data.commit
                unknown = bool(data.difference.why) or not data.difference.all_files
                files = data.difference.files
                if moved:
                    yield "qa"
                if moved and (unknown or any(file.startswith("src/") for file in files)):
                    yield "security"
            case e.Content():
                if self.digests.get(data.item) != data.sha256:
                    yield from (key for key, bound in GATES.items() if bound.to == data.item)
                self.digests[data.item] = data.sha256
            case e.EvidenceAdded() | e.Signed():
                if data.item == "contract" and self._is_replaced(data.evidence):
                    yield data.item

    def _is_replaced(self, evidence: e.Evidence) -> bool:
        found = False
        for name, piece in evidence.items():
            before = self.pieces.get(name)
            known = before is not None and before.sha256 and piece.sha256
            found |= before is not None and (before.url != piece.url or (bool(known) and before.sha256 != piece.sha256))
            if before is None or before.url != piece.url or piece.sha256:
                self.pieces[name] = piece
        return found

    def is_stale(self, key: str, who: str) -> bool:
        return self.signed[key][who] < self.changed.get(key, 0)


def told(entries: Sequence[e.Entry]) -> Iterator[tuple[Launch, e.Entry, Launch]]:
    """Each entry with the launch before and after it."""
    before = fold(entries[:1])
    for entry in entries[1:]:
        after = fold([entry], onto=before)
        yield before, entry, after
        before = after


@ANY_TIME
@given(stories)
def test_a_gate_never_passes_with_an_approval_from_before_the_last_change(story: Sequence[Move]) -> None:
    witness, entries = Witness(), entries_of(story)
    witness.read(entries[0])
    for before, entry, _ in told(entries):
        witness.read(entry)
        if isinstance(entry.data, e.Passed) and entry.data.item in GATES:
            gate = before.items[entry.data.item]
            assert not missing(gate.lines, gate.approvals)
            assert not [who for who in gate.approvals if witness.is_stale(gate.key, who)]


@ANY_TIME
@given(stories)
def test_an_approval_is_void_only_for_a_change_a_word_or_an_end(story: Sequence[Move]) -> None:
    witness, entries = Witness(), entries_of(story)
    witness.read(entries[0])
    for before, entry, after in told(entries):
        witness.read(entry)
        for key in GATES:
            lost = set(before.items[key].approvals) - set(after.items[key].approvals)
            by_word = isinstance(entry.data, e.Reopened) and entry.data.because in WORDS
            if lost and not by_word:
                assert all(witness.is_stale(key, who) for who in lost), (key, entry)
                assert {s.by for s in after.items[key].earlier} >= lost


@ANY_TIME
@given(stories)
def test_nothing_goes_on_before_what_it_needs_is_settled(story: Sequence[Move]) -> None:
    for before, entry, _ in told(entries_of(story)):
        data = entry.data
        if isinstance(data, e.Opened):
            assert before.held is None
            assert not before.behind
        if isinstance(data, e.Opened | e.Passed) and not isinstance(before.items[data.item].item, Announce):
            assert not before.blocked_by(data.item)
        if isinstance(data, e.RunOpened) and isinstance(before.items[data.item].item, Announce) and data.form == "work":
            assert entry.at >= before.dates.not_before[data.item]
            assert before.held is None
            assert not before.blocked_by(data.item)

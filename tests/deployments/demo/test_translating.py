from __future__ import annotations

from pathlib import Path

import pytest

from checklists.commands import TMINUS, Word
from checklists.notes.change import Audience
from checklists.notes.rewriting import Text
from deployments.demo.history import FEATURES, LATE
from deployments.demo.translating import LANGUAGES, translate, translated
from deployments.demo.writing import edited
from tests.checklists.launches import told
from tests.deployments.demo.test_people import launch_of

DRAFT = (
    "## New\n\n"
    + "".join(f"- **{one.slug}:** {one.gain}\n" for one in FEATURES)
    + f"\n## Fixed\n\n- **reports:** Keep the time zone of who wrote them\n- **exports:** {LATE}\n"
)


@pytest.mark.parametrize("locale", LANGUAGES)
def test_every_line_that_the_demo_writes_is_translated(locale: str) -> None:
    words = edited(DRAFT)
    both = zip(words.splitlines(), translated(words, locale).splitlines(), strict=True)
    assert [line for line, other in both if line and line == other] == []
    assert translated("Somebody else's.\n", locale) == "Somebody else's.\n"


def test_the_translations_follow_the_notes(tmp_path: Path) -> None:
    launch, organisation = launch_of("saas-feature"), tmp_path / "organisation.yaml"
    lacking = ("customer abc: it has no words for this audience",)
    rounds: tuple[tuple[str, tuple[str, ...]], ...] = ((DRAFT, lacking), (edited(DRAFT), ()))
    for words, findings in rounds:
        texts: dict[Audience, Text] = {"customer": Text(words), "internal": Text(words)}
        launch = told(launch, Word(by=TMINUS, item="notes", texts=texts, findings=findings))
        assert [translate(launch, organisation) for _ in range(2)] == [not findings, False]
    german = tmp_path / "messages" / "translations" / launch.id / "customer.de.md"
    assert german.read_text("utf-8") == translated(edited(DRAFT), "de")

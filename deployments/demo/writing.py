"""What a simulated person makes of drafted notes: words for customers, of what engineers wrote for each other."""

from __future__ import annotations

from collections.abc import Iterator

from deployments.demo.history import FEATURES

MENDED = "- **reports:** Keep the time zone of who wrote them"
TITLE = "# Scheduled exports and single sign-on"
OURS = "- Reports keep the time zone of whoever wrote them, wherever they are read."


def edited(draft: str) -> str:
    """The draft in words that customers understand, under a title. What a person has written before stays as it is."""
    title = "" if draft.startswith("# ") else f"{TITLE}\n\n"
    return title + "".join(f"{line}\n" for line in _lines(draft.splitlines()))


def _lines(draft: list[str]) -> Iterator[str]:
    for line in draft:
        feature = next((one for one in FEATURES if line.startswith(f"- **{one.slug}:** {one.gain}")), None)
        if feature:
            yield feature.told
        else:
            yield OURS if line.startswith(MENDED) else line

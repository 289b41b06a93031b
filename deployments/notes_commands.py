"""Commands on release notes."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal

from cyclopts import App, Parameter

from deployments.wiring import As, Flag, reach

notes = App(name="notes", help="Draft the notes of a release, edit them, publish them.", help_format="plaintext")
Reader = Literal["customer", "admin", "developer", "internal"]
Places = Annotated[
    list[Literal["github-release", "changelog"]] | None,
    Parameter(negative=(), help="Where to; as often as needed. Both when left out."),
]


@notes.default
def draft(
    span: str = "",
    *,
    audience: Reader = "customer",
    repo: Path = Path(),
    path: str = "",
    format: Literal["markdown", "html", "text", "json"] = "markdown",
    each: Flag = False,
    check: Flag = False,
) -> None:
    """Draft the notes of a release for one audience, from git alone.

    Parameters
    ----------
    span
        A release, or two: v1.1, or v1.0..v1.1. What is not released yet, when left out.
    audience
        Who reads them.
    repo
        The repository; this folder when left out.
    path
        Only what touches this folder of it, such as packages/api, counted from the top of the repository.
    format
        How they are written.
    each
        Every release in between by itself, the newest first; all there are, when SPAN is left out.
    check
        Say what they lack, and end with status 1 where it is anything.
    """
    from deployments.drafting import draft_notes

    draft_notes(repo, span, audience, path, format, each=each, check=check)


@notes.command
def edit(launch: str, item: str | None = None, *, audience: Reader | None = None, as_: As = None) -> None:
    """Edit the notes of a launch in $EDITOR; what cannot be saved is kept in a file that is named.

    Parameters
    ----------
    launch
        The launch, such as acme-2.4.0.
    item
        Its notes; not needed where there is only one.
    audience
        Whose words; the first audience when left out.
    """
    reach()  # before Prefect is imported
    from deployments.editing import edit_notes

    edit_notes(launch, item, audience, as_)


@notes.command
def publish(
    launch: str,
    item: str | None = None,
    *,
    to: Places = None,
    audience: Reader | None = None,
    dry_run: Flag = False,
    as_: As = None,
) -> None:
    """Write approved notes into the release on GitHub, and into CHANGELOG.md by pull request; twice is once.

    Parameters
    ----------
    launch
        The launch, such as acme-2.4.0.
    item
        Its notes; not needed where there is only one.
    audience
        Whose words; developers' or customers' when left out.
    dry_run
        Show what would be written, and write nothing.
    """
    reach()  # before Prefect is imported
    from deployments.publishing import publish_notes

    publish_notes(launch, item, to or ["github-release", "changelog"], audience, as_, is_dry=dry_run)

"""Commands on files and on the record: validate, schema, verify, export."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from deployments.answers import No

if TYPE_CHECKING:
    from ledger.store import Ledger


def validate(*files: Path) -> None:
    """Check checklist and organisation files; without files, the library and the organisation file in use."""
    from checklists.files.validate import validate as look
    from tasks.settings import Settings

    settings = Settings()
    findings = look(files, settings.folders, settings.organisation)
    if findings:
        raise No("\n".join(map(str, findings)))
    print("valid")


def schema(kind: Literal["checklist", "organisation"] = "checklist") -> None:
    """Print the JSON Schema of checklist files, or of the organisation file, for editors."""
    from checklists.files.schema import text

    sys.stdout.write(text(kind))


def verify(launch: str | None = None, *, file: Path | None = None) -> None:
    """Check that nobody changed the record of a launch, or an exported file of it.

    Parameters
    ----------
    launch
        The launch in the ledger.
    file
        An export (JSON lines), checked without ledger or Prefect.
    """
    if (launch is None) == (file is None):
        from deployments.wiring import wrong_usage

        raise wrong_usage("verify takes a launch, or --file")
    fault = _verify_file(file) if file else _verify_launch(str(launch))
    if fault:
        raise No(f"{file or launch}: {fault}")
    print("intact")


def _verify_file(file: Path) -> object:
    from ledger.chain import verify_lines

    try:
        with file.open("rb") as lines:
            return verify_lines(lines)
    except OSError as error:
        raise No(f"{file}: {error.strerror}") from error


def _verify_launch(launch: str) -> object:
    ledger = _ledger()
    if not ledger.read(launch):
        raise No(f"{launch}: no such launch; `tminus list` shows the launches there are")
    return ledger.verify(launch)


def _ledger() -> Ledger:
    from ledger.store import Ledger
    from tasks.settings import Settings

    return Ledger(Settings().ledger_url)


def export(launch: str) -> None:
    """Write the record of a launch as JSON lines, for `verify --file`."""
    from ledger.chain import to_lines

    chain = _ledger().sealed(launch)
    if not chain:
        raise No(f"{launch}: no such launch; `tminus list` shows the launches there are")
    for text in to_lines(chain):
        sys.stdout.buffer.write(text)
    sys.stdout.buffer.flush()


COMMANDS: dict[str, Callable[..., None]] = {
    "validate": validate,
    "schema": schema,
    "verify": verify,
    "export": export,
}

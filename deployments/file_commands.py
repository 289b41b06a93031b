"""Commands on files: validate, schema."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Literal

from deployments.answers import No


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

"""Small YAML files for the tests, and what is wrong with them as people read it."""

from pathlib import Path
from textwrap import dedent

import pytest

from checklists.errors import InvalidFile
from checklists.files.load import LIBRARY, load_checklist
from checklists.files.reader import read


def write(folder: Path, name: str, text: str) -> Path:
    file = folder / f"{name}.yaml"
    file.write_text(dedent(text).lstrip("\n"), encoding="utf-8")
    return file


def unreadable(file: Path) -> str:
    with pytest.raises(InvalidFile) as refused:
        read(file)
    return str(refused.value)


def findings(file: Path) -> list[str]:
    """The sentences about a checklist file, without its folder."""
    with pytest.raises(InvalidFile) as refused:
        load_checklist(file, (file.parent, LIBRARY))
    return str(refused.value).replace(f"{file.parent}/", "").splitlines()

"""What is checked: the launch's product, version and commit, and what its checks may touch."""

from __future__ import annotations

import re
from pathlib import Path
from urllib.parse import quote

from pydantic import SecretStr

from checklists.value import Value
from tasks.checks.result import CheckFailed

PLACEHOLDER = re.compile(r"\{(product|version|tag|commit)\}")


class Subject(Value):
    """One launch as its checks see it; `folder` is the one its checklist lies in."""

    product: str
    version: str
    tag: str | None = None
    commit: str | None = None
    repository: str | None = None
    folder: Path
    pages: tuple[str, ...] = ()
    allowed_networks: tuple[str, ...] = ()
    github_api: str = "https://api.github.com"
    github_token: SecretStr | None = None

    def filled(self, text: str) -> str:
        """The text with exactly `{product}`, `{version}`, `{tag}` and `{commit}` replaced."""
        return PLACEHOLDER.sub(lambda found: self._value(found[1], text), text)

    def filled_address(self, address: str) -> str:
        """The same for an address: what is filled in cannot change where the address leads."""
        return PLACEHOLDER.sub(lambda found: quote(self._value(found[1], address), safe=""), address)

    def path(self, name: str) -> Path:
        """A file or folder below the checklist's folder, with every symbolic link followed first."""
        try:
            folder = self.folder.resolve()
            found = (folder / name).resolve()
            if not found.is_relative_to(folder):
                raise CheckFailed(f"{name}: leads outside the checklist's folder; name something inside it")
            found.stat()
        except (OSError, ValueError, RuntimeError) as problem:
            raise CheckFailed(f"{name}: cannot be found in the checklist's folder; add it or correct it") from problem
        return found

    def _value(self, name: str, text: str) -> str:
        value: str | None = getattr(self, name)
        if not value:
            raise CheckFailed(f"{text}: this launch has no {name}; start it with one, or take {{{name}}} out")
        return value

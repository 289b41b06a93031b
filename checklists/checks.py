"""The items that a machine looks at: links, an address, a commit's status, a program."""

from __future__ import annotations

import re
from typing import Annotated, Any, ClassVar, Literal

from pydantic import BeforeValidator, Field, StringConstraints

from checklists.common import Common, Text
from checklists.value import Value

CHECKS = ("links", "http", "github-status", "command")


def _seconds(value: Any) -> Any:
    found = re.fullmatch(r"(\d{1,5})([smh])", value, re.ASCII) if isinstance(value, str) else None
    if isinstance(value, str) and not found:
        raise ValueError(f"a time reads like 90 (seconds), '30s', '5m' or '1h', not {value!r}")
    return int(found[1]) * {"s": 1, "m": 60, "h": 3600}[found[2]] if found else value


_Seconds = int | Annotated[str, StringConstraints(pattern=r"^\d{1,5}[smh]$")]
Seconds = Annotated[
    int, BeforeValidator(_seconds, json_schema_input_type=_Seconds), Field(strict=True, ge=0, le=86_400)
]
"""Whole seconds, written `90`, `30s`, `5m` or `1h`."""


class Automated(Common):
    """Something a machine finds out, as often as `retries` allows, before a person is asked."""

    kind: ClassVar[str] = "check"
    retries: int = Field(2, strict=True, ge=0, le=20)
    retry_delay: Seconds = 5
    timeout: Seconds = 60


class LinkTargets(Value):
    """What to look for links in. `{product}`, `{version}`, `{tag}` and `{commit}` are filled in."""

    files: tuple[Text, ...] = Field((), description="Files beside the checklist.")
    pages: tuple[Text, ...] = Field((), description="Addresses of pages; every link on them must answer.")


class LinksCheck(Automated):
    """Every link in the named files or pages answers."""

    check: Literal["links"]
    with_: LinkTargets = LinkTargets()


class HttpTarget(Value):
    """One address and the status it must answer with."""

    url: Text
    status: int = Field(200, strict=True, ge=100, le=599)


class HttpCheck(Automated):
    """An address answers with a status."""

    check: Literal["http"]
    with_: HttpTarget


class GithubStatusCheck(Automated):
    """All checks of the launch's commit are green on GitHub."""

    check: Literal["github-status"]


class CommandLine(Value):
    """A program in the checklist's folder and its arguments; never a shell."""

    run: tuple[Text, ...] = Field(min_length=1)


class CommandCheck(Automated):
    """A program beside the checklist ends with status 0."""

    check: Literal["command"]
    with_: CommandLine

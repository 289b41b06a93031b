"""Renders messages: one folder each, strict about missing values, safe against what people wrote."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Annotated, Any, Literal

from jinja2 import FileSystemLoader, StrictUndefined, TemplateError, TemplateNotFound, Undefined, select_autoescape
from jinja2.sandbox import ImmutableSandboxedEnvironment
from markupsafe import Markup
from pydantic import AfterValidator

from checklists.checklist import unknown
from checklists.errors import LaunchError
from checklists.value import Value
from templates import markup
from templates.sections import mrkdwn, sections
from templates.words import SUBJECT_LENGTH, clean, cut, md, md_link, one_line, web, when

FOLDER = Path(__file__).parent
REFERENCE = re.compile(r"(?:[A-Za-z0-9.-]+/[A-Za-z0-9.-]+)?[#!]\d{1,10}")

Channel = Literal["email", "slack"]
Subject = Annotated[str, AfterValidator(lambda text: one_line(text, SUBJECT_LENGTH))]


class Unrenderable(LaunchError):
    """A message or one of its values is missing or of no use: a mistake of the caller or of the template."""


class Rendered(Value):
    """A message as it leaves: a mail has `text` and `html`, a Slack message its `slack` payload."""

    channel: Channel
    subject: Subject
    text: str = ""
    html: str = ""
    slack: dict[str, Any] | None = None


def render(message: str, channel: Channel, values: Mapping[str, Any]) -> Rendered:
    """The message in the folder `message`. The values are plain data: texts, numbers, dates, lists, mappings.

    Raises Unrenderable, naming the template and the value, where one is missing.
    """
    values = _cleaned(f"templates/{message}", values)  # once for all of its files
    subject = _fill(TEXTS, message, "subject.txt", values)
    if channel == "slack":
        return Rendered(channel=channel, subject=subject, slack=_payload(message, values))
    return Rendered(
        channel=channel,
        subject=subject,
        text=_fill(TEXTS, message, "body.txt", values).strip() + "\n",
        html=_fill(TEXTS, message, "body.html", values),
    )


def render_markdown(message: str, name: str, values: Mapping[str, Any]) -> str:
    """A markdown file of a message's folder, such as `form.md`; every value shows as text unless a filter says more."""
    return _fill(MARKDOWN, message, name, values).strip() + "\n"


def render_text(message: str, name: str, values: Mapping[str, Any]) -> str:
    """A file of a message's folder as plain text, every value as it is."""
    return _fill(TEXTS, message, name, values).strip() + "\n"


def written_at(messages: Iterable[str]) -> tuple[int, ...]:
    """When the files of these messages were last written, in nanoseconds: they may be edited while tminus runs."""
    return tuple(file.stat().st_mtime_ns for message in messages for file in sorted((FOLDER / message).glob("*.*")))


def _payload(message: str, values: Mapping[str, Any]) -> dict[str, Any]:
    try:
        payload: dict[str, Any] = json.loads(_fill(TEXTS, message, "slack.json", values))
    except ValueError as error:
        raise Unrenderable(f"templates/{message}/slack.json: is not JSON when filled: {error}; use tojson") from error
    return payload


def _fill(environment: ImmutableSandboxedEnvironment, message: str, name: str, values: Mapping[str, Any]) -> str:
    place = f"templates/{message}/{name}"
    try:
        return environment.get_template(f"{message}/{name}").render(_cleaned(place, values))
    except TemplateNotFound as error:
        raise Unrenderable(f"{place}: {_absent(message, name)}") from error
    except (TemplateError, TypeError) as error:
        raise Unrenderable(f"{place}: {error}; check the values it is given") from error


class _Clean(dict[str, Any]):
    """Values that are plain data, without what nobody can see."""


def _cleaned(place: str, values: Mapping[str, Any]) -> _Clean:
    try:
        return values if isinstance(values, _Clean) else _Clean(clean(values))
    except TypeError as error:
        raise Unrenderable(f"{place}: {error}; check the values it is given") from error


def _absent(message: str, name: str) -> str:
    messages = sorted({found.parent.name for found in FOLDER.glob("*/*.*") if found.suffix != ".pyc"})
    if message not in messages:
        return unknown(message, messages, "message")
    return f"this message has no {name}; add the file, or use another channel"


def _given(text: str) -> str:
    """The text itself; a missing value complains here, by its name, and not inside the markdown parser."""
    return str(text) if isinstance(text, Undefined) else text


def _html(text: str) -> Markup:
    return markup.html(_given(text))


def _prose(text: str) -> str:
    return "\n\n".join(markup.blocks(_given(text), markup.PLAIN))


def _passage(text: str) -> Markup:
    return Markup("\n\n".join(markup.blocks(_given(text), markup.MARKDOWN)))  # noqa: S704 every text in it is escaped by our dialect


def _quoted(text: str) -> Markup:
    """Several lines of somebody's words as a markdown quotation that shows exactly these words."""
    return Markup("\n").join(Markup("> {}  ").format(md(line)) for line in _given(text).strip().splitlines())


def _reference(name: str) -> Markup:
    """`#12` or `group/project!7` as it is, so that hosts make links of it; anything else as text."""
    return Markup(name) if REFERENCE.fullmatch(name) else md(name)  # noqa: S704 the pattern has no mark of markdown


def _squeezed(text: str) -> str:
    """At most one empty line in a row, wherever a template's parts leave some."""
    return re.sub(r"\n(?:[ \t]*\n){2,}", "\n\n", text)


FILTERS: dict[str, Callable[..., Any]] = {
    "cut": cut,
    "html": _html,
    "md": md,
    "mrkdwn": mrkdwn,
    "one_line": one_line,
    "passage": _passage,
    "prose": _prose,
    "reference": _reference,
    "quoted": _quoted,
    "sections": lambda text: sections(_given(text)),
    "slack_link": lambda url, name: markup.slack_link(mrkdwn(name), url),
    "web": web,
    "squeezed": _squeezed,
    "when": when,
}


def _environment(finalize: Callable[[Any], Any] | None = None) -> ImmutableSandboxedEnvironment:
    environment = ImmutableSandboxedEnvironment(
        loader=FileSystemLoader(FOLDER),
        undefined=StrictUndefined,
        autoescape=select_autoescape(("html", "md"), default_for_string=True),
        finalize=finalize,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters |= FILTERS
    environment.globals["md_link"] = md_link
    return environment


TEXTS = _environment()
MARKDOWN = _environment(finalize=md)

"""Fills templates: strict about missing values, safe against what people wrote. Imports nothing that takes long."""

from __future__ import annotations

import re
import textwrap
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from jinja2 import (
    Environment,
    FileSystemLoader,
    StrictUndefined,
    TemplateError,
    TemplateNotFound,
    Undefined,
    select_autoescape,
)
from jinja2.loaders import split_template_path
from markupsafe import Markup, escape

from checklists.errors import LaunchError
from templates import entry, markup
from templates.locales import day, language, number, plural
from templates.sandbox import Sandbox, hurried
from templates.sections import card_texts, mrkdwn, sections
from templates.words import clean, cut, imprint, md, md_link, one_line, web, when

FOLDER = Path(__file__).parent
WIDE = 76
LARGEST = 5_000_000  # signs that one template makes
REFERENCE = re.compile(r"(?:[A-Za-z0-9.-]+/[A-Za-z0-9.-]+)?[#!]\d{1,10}")


class Unrenderable(LaunchError):
    """A message or one of its values is missing or of no use: a mistake of the caller or of the template."""


def render_markdown(message: str, name: str, values: Mapping[str, Any]) -> str:
    """A markdown file of a message's folder, such as `form.md`; every value shows as text unless a filter says more."""
    return fill(MARKDOWN, message, name, values).strip() + "\n"


def render_text(message: str, name: str, values: Mapping[str, Any]) -> str:
    """A file of a message's folder as plain text, every value as it is."""
    return fill(TEXTS, message, name, values).strip() + "\n"


def written_at(names: Iterable[str]) -> tuple[int, ...]:
    """When these templates were last written, in nanoseconds: they may be edited while tminus runs."""
    return tuple((FOLDER / name).stat().st_mtime_ns for name in names)


def versions(files: Iterable[Path]) -> tuple[tuple[str, int | None], ...]:
    """The same of any files, with their names."""
    return tuple((str(file), last_written(file)) for file in files)


def last_written(file: Path) -> int | None:
    """In nanoseconds; None where nothing is there."""
    try:
        return file.stat().st_mtime_ns
    except OSError:
        return None


def fill(environment: Sandbox, message: str, name: str, values: Mapping[str, Any]) -> str:
    return filled(environment, f"{message}/{name}", cleaned(f"templates/{message}/{name}", values))


def filled(environment: Sandbox, template: str, values: Mapping[str, Any]) -> str:
    """This template with values that were cleaned. Raises Unrenderable, naming it and what is wrong."""
    with whole(f"templates/{template}"), hurried():
        try:
            made = environment.get_template(template).render(values)
        except TemplateNotFound as error:
            gone = _absent(*template.split("/", 1)) if error.name == template else f"there is no {error.name}"
            raise Unrenderable(f"templates/{template}: {gone}") from error
        if len(made) > LARGEST:
            raise ValueError(f"it says more than {LARGEST:,} signs")
        made.encode()  # raises where a sign is half of one
        return made


@contextmanager
def whole(place: str) -> Iterator[None]:
    """Whatever breaks in here is a mistake in this place, where people write: Unrenderable. Memory is the machine's."""
    try:
        yield
    except (LaunchError, MemoryError):
        raise
    except RecursionError as error:
        raise Unrenderable(f"{place}: it goes on without end, as what includes or calls itself; end it") from error
    except (TemplateError, TypeError) as error:
        raise Unrenderable(f"{place}: {error}; check the values it is given") from error
    except Exception as error:
        said = f"{error} ({type(error).__name__})"
        raise Unrenderable(f"{place}: {said}; check what stands there, and its values") from error


class _Clean(dict[str, Any]):
    """Values that are plain data, without what nobody can see."""


def cleaned(place: str, values: Mapping[str, Any]) -> _Clean:
    try:
        return values if isinstance(values, _Clean) else _Clean(clean(values))
    except TypeError as error:
        raise Unrenderable(f"{place}: {error}; check the values it is given") from error


def _absent(message: str, name: str) -> str:
    from checklists.checklist import unknown  # only here: it takes longer than all of this

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


def _wrapped(text: str) -> str:
    """Lines of at most 76 signs, as plain mail is read; links and what is set in by four stay whole."""
    return "\n".join(_wrap(line) for line in str(text).split("\n"))


def _wrap(line: str) -> str:
    if len(line) <= WIDE or line.startswith("    "):
        return line
    inset = " " * len(re.match(r"(?:[->] |\d+\. | )*", line)[0])  # type: ignore[index]  # it matches nothing, too
    return textwrap.fill(line, WIDE, subsequent_indent=inset, break_long_words=False, break_on_hyphens=False)


def _put_in(text: str, **words: object) -> str:
    """`{product}` in a text of the message's own gives way to the word; braces in the words stay what they are.

    Where a word is markup, all of it is: the text and the other words are escaped.
    """
    given = _given(text)
    if any(isinstance(word, Markup) for word in words.values()):
        given, words = escape(given), {name: escape(word) for name, word in words.items()}
    said = re.sub(r"\{(\w+)\}", lambda found: str(words.get(found[1], found[0])), given)
    return Markup(said) if isinstance(given, Markup) else said  # noqa: S704 every part of it was escaped


def _counted(say: Mapping[str, str], key: str, count: int, locale: str, **words: object) -> str:
    """`changes_one` or `changes_other` of these words, or what else the language has for this many, with `{count}`."""
    form = say.get(f"{key}_{plural(count, locale)}") or say[f"{key}_other"]
    return _put_in(form, count=number(count, locale), **words)


FILTERS: dict[str, Callable[..., Any]] = {
    "card_texts": lambda text: card_texts(_given(text)),
    "counted": _counted,
    "cut": cut,
    "day": day,
    "html": _html,
    "imprint": lambda organisation, address: imprint(_given(organisation), address),
    "language": language,
    "md": md,
    "mrkdwn": mrkdwn,
    "number": number,
    "one_line": one_line,
    "passage": _passage,
    "prose": _prose,
    "excerpt": lambda text, limit=entry.EXCERPT: entry.excerpt(_given(text), limit),
    "put_in": _put_in,
    "reference": _reference,
    "quoted": _quoted,
    "sections": lambda text: sections(_given(text)),
    "slack_link": lambda url, name: markup.slack_link(mrkdwn(name), url),
    "web": web,
    "squeezed": _squeezed,
    "when": when,
    "wrapped": _wrapped,
}


class _Loader(FileSystemLoader):
    """Reads a template anew once any folder has another file for it, not only where the one that was read is edited."""

    def get_source(self, environment: Environment, template: str) -> tuple[str, str, Callable[[], bool]]:
        places = [Path(folder, *split_template_path(template)) for folder in self.searchpath]
        before = versions(places)
        try:
            source, file, _ = super().get_source(environment, template)
        except TemplateNotFound:
            raise
        except (ValueError, OSError) as error:
            file = next((str(place) for place in places if place.is_file()), template)
            raise Unrenderable(f"{file}: cannot be read: {error}; save it as UTF-8, where we may read it") from error
        return source, file, lambda: versions(places) == before


def environment(folders: Sequence[Path] = (FOLDER,), finalize: Callable[[Any], Any] | None = None) -> Sandbox:
    """Templates of these folders, the first one that has a file counts: sandboxed, strict, escaping HTML by itself."""
    made = Sandbox(
        loader=_Loader([*folders]),
        undefined=StrictUndefined,
        autoescape=select_autoescape(("html", "md", "xml"), default_for_string=True),
        finalize=finalize,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.filters |= FILTERS
    made.globals["md_link"] = md_link
    return made


TEXTS = environment()
MARKDOWN = environment(finalize=md)

"""Where messages lie: folders of yours first, then the library; each message in as many languages as it has files for.

`body.de.html` is the German `body.html`, `words.de.toml` the German words that the templates themselves say. What a
language lacks is taken from the next one: `pt-BR`, then `pt`, then the file without a language.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from pathlib import Path

from markupsafe import Markup

from checklists.binding import KEY
from checklists.checklist import unknown
from templates.filling import FOLDER, Unrenderable, environment, last_written, whole
from templates.locales import LOCALE, chain
from templates.personal import kept_on_one_line, otherwise, phrase
from templates.sandbox import Sandbox
from templates.words import clean, md_marks, one_line

LETTER = "letter"
"""The folder that all messages share: the frame, and its words."""
ONE_TEXT = "body.md"
"""A whole message in markdown; the frame shows it."""
IN_PLACE_OF = ("preheader.txt", "body.html", "body.txt", "slack.json", "teams.json", "feed.txt")
"""What it stands instead of, where that lies in a later folder."""
TRANSLATIONS, LONGEST = "translations", 100_000
LAUNCH = r"[A-Za-z0-9][A-Za-z0-9.+_-]*"
FILE = re.compile(r"(?P<stem>[a-z]+)(?:\.(?P<locale>[A-Za-z0-9-]+))?\.(?P<kind>txt|html|json|toml|md)")


@dataclass(frozen=True)
class Messages:
    """All messages of these folders; the first folder that has a file counts."""

    folders: tuple[Path, ...] = (FOLDER,)

    @cached_property
    def plain(self) -> Sandbox:
        return _personal(environment(self.folders))

    @cached_property
    def markdown(self) -> Sandbox:
        return _personal(environment(self.folders, finalize=_md))

    def find(self, message: str, name: str, locale: str) -> str | None:
        """The template for `body.html` in this language: `announcement/body.de.html`. The frame's, where it has none.

        A folder of yours that has the file in any language that will do counts before the library.
        """
        place, file = self._first(message, name, locale)
        if name in IN_PLACE_OF and self._first(message, ONE_TEXT, locale)[0] < place:
            file = None
        return file or self._first(LETTER, name, locale)[1]

    def _first(self, message: str, name: str, locale: str) -> tuple[int, str | None]:
        """Behind how many folders it is, and the file."""
        stem, kind = name.rsplit(".", 1)
        for place, folder in enumerate(self.folders):
            for one in (*chain(locale), ""):
                file = f"{message}/{stem}.{one}.{kind}" if one else f"{message}/{name}"
                if (folder / file).is_file():
                    return place, file
        return len(self.folders), None

    def check(self, message: str) -> None:
        """Raises Unrenderable where there is no message of this name."""
        if not re.fullmatch(KEY, message) or message not in self.names():
            raise Unrenderable(f"templates/{message}: {unknown(message, [*self.names()], 'message')}")

    def names(self) -> tuple[str, ...]:
        found = {file.parent.name for folder in self.folders for file in folder.glob("*/subject*.txt")}
        return tuple(sorted(found))

    def files(self, *names: str) -> tuple[Path, ...]:
        """All that these messages may be made of: their files, the frame's, and whatever of yours they may include."""
        own = (place for folder in self.folders if folder != FOLDER for place in sorted(folder.glob("*")))
        yours = (file for place in own if place.name != TRANSLATIONS for file in (place, *sorted(place.rglob("*"))))
        return (*yours, *(file for name in (*names, LETTER) for file in sorted((FOLDER / name).glob("*.*"))))

    def speaks(self, message: str, locale: str) -> bool:
        """Whether any file of the message itself is in this language."""
        return bool(set(chain(locale)) & self._languages(message))

    def heard(self, message: str, locale: str) -> str:
        """The language that its words are really in: the library's English, where it does not speak this one."""
        return locale if self.speaks(message, locale) else "en"

    def _languages(self, message: str) -> set[str]:
        """Those in the names of its files; the library's without one are English."""
        files = (file for folder in self.folders for file in (folder / message).glob("*.*"))
        named = ((file, match) for file in files if (match := FILE.fullmatch(file.name)))
        found = (match["locale"] or ("en" if FOLDER in file.parents else "") for file, match in named)
        return {locale for locale in found if re.fullmatch(LOCALE, locale)}

    def offered(self, message: str, languages: Sequence[str]) -> tuple[str, ...]:
        """Those of the organisation's languages in which this message is made; the first one always."""
        return (languages[0], *(one for one in languages[1:] if self.speaks(message, one)))

    def mentions(self, message: str, name: str) -> bool:
        """Whether the message's own files use this value."""
        files = (file for folder in self.folders for file in (folder / message).glob("*.*"))
        found = (_text(file) for file in files if file.suffix != ".toml" and file.is_file())
        return any(re.search(rf"\b{re.escape(name)}\b", text) for text in found)

    def translated(self, launch: str, audience: str, locale: str) -> str:
        """The notes of a launch in this language, as somebody wrote them: `translations/acme-2.4.0/customer.de.md`."""
        found = (self._translations(launch, f"{audience}.{one}.md") for one in chain(locale))
        file = next((file for files in found for file in files), None)
        return _text(file)[:LONGEST] if file else ""

    def translations(self, launch: str) -> tuple[Path, ...]:
        """Every file with notes of this launch in another language."""
        return self._translations(launch, "*.md")

    def _translations(self, launch: str, name: str) -> tuple[Path, ...]:
        if not re.fullmatch(LAUNCH, launch):
            return ()
        files = (file for folder in self.folders for file in sorted((folder / TRANSLATIONS / launch).glob(name)))
        return tuple(file for file in files if file.is_file())

    def words(self, message: str, locale: str) -> dict[str, str]:
        """What the templates say by themselves, in the nearest language there is; a message's own word counts."""
        said: dict[str, str] = {}
        for one in reversed((*chain(locale), "")):
            for name in (LETTER, message):
                for folder in reversed(self.folders):
                    said |= _read(folder / name / (f"words.{one}.toml" if one else "words.toml"))
        return said


def _personal(made: Sandbox) -> Sandbox:
    """Templates that know a reader: what they do with values, which are clean, leaves the marks whole."""
    made.filters |= {"otherwise": otherwise, "phrase": phrase, "one_line": kept_on_one_line}
    return made


def _md(text: object) -> Markup:
    return text if isinstance(text, Markup) else md_marks(kept_on_one_line(text))


def _text(file: Path) -> str:
    """However it was saved."""
    with whole(str(file)):
        return file.read_text(encoding="utf-8", errors="replace")


def _read(file: Path) -> dict[str, str]:
    written = last_written(file)
    return {} if written is None else _parsed(file, written)


@lru_cache(maxsize=1_000)
def _parsed(file: Path, written: int) -> dict[str, str]:
    """What the file says, read once for each time it was written: somebody may edit it while tminus runs."""
    try:
        found = tomllib.loads(file.read_text(encoding="utf-8"))
    except (ValueError, OSError, RecursionError) as error:
        raise Unrenderable(f"{file}: cannot be read: {error}; a line reads like  read_more = 'Read more'") from error
    wrong = [key for key, value in found.items() if not isinstance(value, str)]
    if wrong:
        raise Unrenderable(f"{file}: {wrong[0]} is no text; put it in quotes")
    return {key: one_line(clean(value)) for key, value in found.items()}

"""One rendering for everybody who gets the same: message × kind of channel × language × brand × why they get it.

    render_body("announcement", "email", values, Frame(look=look(brand), locale="de"))

Where something of the reader belongs stands a mark (`templates/personal.py`), so that one rendering serves a thousand
people: nothing of a person is in it, and nothing anybody wrote can be taken for a mark. The same values give the same
rendering, to the letter: what was approved can be compared with what leaves.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from html import escape
from typing import Any, Literal

import css_inline

from templates.filling import Unrenderable, cleaned, filled, whole
from templates.limits import fitting_slack, fitting_teams
from templates.messages import LETTER, ONE_TEXT, Messages
from templates.personal import LINKS, Nobody, Person
from templates.places import misplaced
from templates.render import Channel, Rendered
from templates.words import SUBJECT_LENGTH, in_one_line

Standing = Literal["subscribed", "role", "listed", "nobody"]
"""Why it comes: they asked for it, and may unsubscribe; their role asks for it; they are on a list of the organisation
file; or no person gets it, as on a channel that posts once."""
TEST = "margin:0;padding:10px 16px;background:#ffe08a;color:#3d2c00;"
PREHEADER = 150
INLINER = css_inline.CSSInliner(load_remote_stylesheets=False, keep_at_rules=True)
LIBRARY = Messages()


@dataclass(frozen=True)
class Frame:
    """Around the words: whose they are, in which language, to whom, and where the templates lie."""

    look: Mapping[str, str]
    locale: str = "en"
    standing: Standing = "subscribed"
    is_test: bool = False
    messages: Messages = LIBRARY


def render_body(message: str, channel: Channel, values: Mapping[str, Any], frame: Frame) -> Rendered:
    """The message in the folder `message`, filled with plain data. Raises Unrenderable, naming template and value."""
    with whole(f"templates/{message}"):
        frame.messages.check(message)
        return _Rendering(message, channel, cleaned(f"templates/{message}", values), frame).whole()


@dataclass(frozen=True)
class _Rendering:
    """One message on its way through its templates."""

    message: str
    channel: Channel
    values: Mapping[str, Any]
    frame: Frame

    def whole(self) -> Rendered:
        subject = self._subject()
        preheader = in_one_line(self._fill("preheader.txt", {"subject": subject}), PREHEADER)
        made: dict[str, Any] = {"channel": self.channel, "subject": subject, "preheader": preheader}
        if self.channel == "email":
            html = self._fill("body.html", {"subject": subject, "preheader": preheader})
            made |= {"text": self._text("body.txt", subject), "html": self._checked(_mail(html, self._banner))}
        elif self.channel == "feed":
            made["text"] = self._text("feed.txt", subject)
        else:
            made[self.channel] = self._payload(subject)
        return Rendered(**made, locale=self.frame.locale)

    @cached_property
    def say(self) -> dict[str, str]:
        return self.frame.messages.words(self.message, self.frame.locale)

    @property
    def _banner(self) -> str:
        return self.say["is_test"] if self.frame.is_test else ""

    def _subject(self) -> str:
        test = f"[{self.say['test']}] " if self.frame.is_test else ""
        return in_one_line(test + self._fill("subject.txt", {}), SUBJECT_LENGTH)

    def _text(self, name: str, subject: str) -> str:
        said = self._fill(name, {"subject": subject}).strip()
        return (f"{self._banner}\n\n{said}" if self._banner else said) + "\n"

    def _payload(self, subject: str) -> dict[str, Any]:
        name, parts = f"{self.channel}.json", "blocks" if self.channel == "slack" else "body"
        said, place = self._fill(name, {"subject": subject}), self._place(name)
        try:
            payload = json.loads(said)
        except (ValueError, RecursionError) as error:
            raise Unrenderable(f"{place}: is not JSON when filled: {error}; use tojson") from error
        if not isinstance(payload, dict) or not isinstance(payload.get(parts, []), list):
            raise Unrenderable(f'{place}: is no object with a list when filled; it reads like {{"{parts}": []}}')
        fits = fitting_slack if self.channel == "slack" else fitting_teams
        return fits(payload, self.say["cut_off"], str(self.values.get("link") or ""), self.say["more"], self._banner)

    def _fill(self, name: str, more: Mapping[str, Any]) -> str:
        file = self.frame.messages.find(self.message, name, self.frame.locale)
        if file is None:
            raise Unrenderable(f"templates/{self.message}: this message has no {name}; add the file")
        return filled(self.frame.messages.plain, file, {**self.values, **self._shared, **more})

    @cached_property
    def _shared(self) -> dict[str, Any]:
        """What every template has besides its message's own values."""
        shared = {
            "brand": dict(self.frame.look),
            "say": self.say,
            "locale": self.frame.locale,
            "channel": self.channel,
            "standing": self.frame.standing,
            "person": Nobody() if self.frame.standing == "nobody" else Person(),
        }
        return shared | {"content": self._content(shared)}

    def _content(self, shared: Mapping[str, Any]) -> str:
        """The markdown of `body.md`, where the message is written in one; else nothing."""
        file = self.frame.messages.find(self.message, ONE_TEXT, self.frame.locale)
        if file is None or file.startswith(LETTER):
            return ""
        return filled(self.frame.messages.markdown, file, {**self.values, **shared})

    def _checked(self, html: str) -> str:
        """Nothing of a person may be an address, but the two that are made here: it could be a script."""
        if wrong := misplaced(html):
            raise Unrenderable(
                f"{self._place('body.html')}: person.{wrong[0]} stands in an address, a style or elsewhere in a tag; "
                f"only {' and '.join(f'person.{one}' for one in LINKS)} may; put it between tags, or into alt or title"
            )
        return html

    def _place(self, name: str) -> str:
        return f"templates/{self.frame.messages.find(self.message, name, self.frame.locale) or self.message}"


def _mail(html: str, banner: str) -> str:
    """As mail programs want it: styles beside what they are for; what depends on the screen stays in the head."""
    if banner:
        said = f'<p class="test" style="{TEST}">{escape(banner)}</p>'
        html, found = re.subn(r"(<body\b[^>]*>)", lambda match: match[0] + said, html, count=1)
        html = html if found else said + html
    try:
        return INLINER.inline(html)
    except css_inline.InlineError as error:
        raise Unrenderable(f"the styles of a mail cannot be put in: {error}; check its style sheet") from error

"""Renders messages: one folder each, for each channel they leave by."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, Field

from checklists.value import Value
from templates.filling import MARKDOWN as MARKDOWN
from templates.filling import TEXTS as TEXTS
from templates.filling import Unrenderable as Unrenderable
from templates.filling import cleaned, fill
from templates.filling import render_markdown as render_markdown
from templates.filling import render_text as render_text
from templates.personal import facts_in, filled, name_of
from templates.words import SUBJECT_LENGTH, in_one_line

Channel = Literal["email", "slack", "teams", "feed"]
Subject = Annotated[str, AfterValidator(lambda text: in_one_line(text, SUBJECT_LENGTH))]


class Rendered(Value):
    """A message as it leaves: a mail has `text` and `html`, what is posted its payload for `slack` or `teams`.

    What the change channel says has its markdown in `text`, and the same in other languages in `others`. `preheader`
    stands beside the subject in a list of mails.
    """

    channel: Channel
    subject: Subject
    text: str = ""
    html: str = ""
    slack: dict[str, Any] | None = None
    teams: dict[str, Any] | None = None
    preheader: str = ""
    locale: str = "en"
    others: Mapping[str, Rendered] = Field(default_factory=dict)

    @property
    def asked(self) -> frozenset[str]:
        """What a mail says of its reader, such as `name` and `company`."""
        return frozenset(map(name_of, facts_in(self.subject, self.text, self.html)))


def render(message: str, channel: Channel, values: Mapping[str, Any]) -> Rendered:
    """The message in the folder `message`. The values are plain data: texts, numbers, dates, lists, mappings.

    Raises Unrenderable, naming the template and the value, where one is missing.
    """
    values = cleaned(f"templates/{message}", values)  # once for all of its files
    subject = fill(TEXTS, message, "subject.txt", values)
    if channel == "slack":
        return Rendered(channel=channel, subject=subject, slack=_payload(message, values))
    return Rendered(
        channel=channel,
        subject=subject,
        text=fill(TEXTS, message, "body.txt", values).strip() + "\n",
        html=fill(TEXTS, message, "body.html", values),
    )


def _payload(message: str, values: Mapping[str, Any]) -> dict[str, Any]:
    try:
        payload: dict[str, Any] = json.loads(filled(fill(TEXTS, message, "slack.json", values), {}))
    except ValueError as error:
        raise Unrenderable(f"templates/{message}/slack.json: is not JSON when filled: {error}; use tojson") from error
    return payload

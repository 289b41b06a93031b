"""Marks a message of a rehearsal, so that nobody who finds it takes it for the real one."""

from __future__ import annotations

import re

from markupsafe import escape

from templates.render import Rendered

MARK = "[Rehearsal]"
SAID = "This is a rehearsal. It was written to the outbox, and went to nobody."
REHEARSED = "A rehearsal: nothing of it reaches anybody"
"""On the pages and forms of it."""
BODY = re.compile(r"<body[^>]*>", re.IGNORECASE)
BANNER = (
    '<p style="margin:0;padding:12px 16px;background:#7a1f1f;color:#ffffff;'
    'font:600 15px/20px Arial,sans-serif;text-align:center;">{}</p>'
)


def rehearsed(message: Rendered) -> Rendered:
    """The same message, marked on top of all of its parts."""
    slack = message.slack
    if slack is not None:
        head = {"type": "section", "text": {"type": "mrkdwn", "text": f"*{SAID}*"}}
        slack = {**slack, "text": f"{MARK} {slack.get('text', '')}", "blocks": [head, *slack.get("blocks", [])]}
    marked = {
        "subject": f"{MARK} {message.subject}",
        "text": f"{SAID}\n\n{message.text}" if message.text else "",
        "html": _marked(message.html) if message.html else "",
        "slack": slack,
    }
    return Rendered.model_validate({**message.model_dump(by_alias=False), **marked})


def _marked(html: str) -> str:
    banner = BANNER.format(escape(SAID))
    found = BODY.search(html)
    return html[: found.end()] + banner + html[found.end() :] if found else banner + html

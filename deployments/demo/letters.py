"""The simulated people's mail: the links in their letters, and the pages behind them, used as a browser would."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from email import message_from_bytes, policy
from email.message import EmailMessage
from html import unescape
from pathlib import Path

import requests

LINK = re.compile(r"https?://[^\s\"<>]+/(?:sign|notes)/[\w-]+")
CONFIRM = re.compile(r'<form method="post" class="confirm">(.*?)</form>', re.DOTALL)
FIELD = re.compile(r'<input type="hidden" name="([\w-]+)" value="([^"]*)">')
EDITOR = re.compile(r'<form method="post"[^>]* class="edit"[^>]*>(.*?)<textarea[^>]*>\n(.*?)</textarea>', re.DOTALL)
PATIENCE = 10  # seconds
SLOW = 30  # seconds: saving follows the links of a text


def confirm(outbox: Path, person: str, item: str) -> bool:
    """Whether this person has confirmed their approval of the item, with one click on the page behind their link."""
    for link in links(outbox, person):
        page = requests.get(link, timeout=PATIENCE)
        form = CONFIRM.search(page.text)
        if page.ok and form and item in page.text:
            fields = {name: unescape(value) for name, value in FIELD.findall(form[1])}
            return requests.post(link, data=fields, timeout=PATIENCE).ok
    return False


def write(outbox: Path, person: str, launch: str, edited: Callable[[str], str]) -> bool:
    """Whether this person has saved what they make of the customers' notes, on the page behind their link."""
    for link in links(outbox, person):
        if "/notes/" not in link:
            continue
        page = requests.get(link, params={"for": "customer"}, timeout=PATIENCE)
        form = EDITOR.search(page.text)
        if page.ok and form and launch in unescape(page.text).lower():
            fields = {name: unescape(value) for name, value in FIELD.findall(form[1])}
            words = edited(unescape(form[2]))
            given = {**fields, "words": words, "what": "save"}
            saved = requests.post(link, params={"for": "customer"}, data=given, timeout=SLOW)
            return saved.ok and "Saved." in saved.text
    return False


def links(outbox: Path, person: str) -> Iterator[str]:
    """The personal links this person was sent, the newest first."""
    mails = outbox.glob("*.eml") if outbox.is_dir() else ()
    for file in sorted(mails, key=lambda file: file.stat().st_mtime_ns, reverse=True):
        mail = message_from_bytes(file.read_bytes(), policy=policy.default)
        if isinstance(mail, EmailMessage) and person in str(mail["To"]).lower():
            text = mail.get_body(("plain",))
            yield from dict.fromkeys(LINK.findall(str(text.get_content()) if text else ""))

"""A parcel as the bytes of a mail."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from email import policy
from email.errors import MessageError
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import Policy
from email.utils import format_datetime

from checklists.errors import LaunchError
from tasks.senders.sender import Parcel

OURS = "in the organisation file or the settings"
AS_THEY_ARE = ("List-Unsubscribe", "List-Unsubscribe-Post")
LONGEST_LINE = 998  # RFC 5322, 2.1.1


class NoMail(LaunchError):
    """It cannot be a mail, for whom it is meant or for what stands in its headers."""


@dataclass(frozen=True, slots=True)
class _AsItIs:
    """A header that is neither encoded nor folded: mail programs read it to the letter (RFC 2047, 5; RFC 8058, 3.1)."""

    name: str
    value: str

    def fold(self, *, policy: Policy) -> str:
        """What the email package asks of a header; nothing else looks at its value."""
        line = f"{self.name}: {self.value}"
        if not (line.isascii() and line.isprintable() and len(line) <= LONGEST_LINE):
            raise ValueError(f"{self.name} is not one line of at most {LONGEST_LINE} ASCII signs")
        return line + policy.linesep


def as_mail(parcel: Parcel) -> bytes:
    """Raises NoMail."""
    try:
        return _mail(parcel)
    except (MessageError, ValueError) as error:
        raise NoMail(f"the mail to {parcel.recipient} has a header that no mail can have ({error})") from error


def _mail(parcel: Parcel) -> bytes:
    mail = EmailMessage(policy.SMTP if parcel.recipient.isascii() and parcel.sender.isascii() else policy.SMTPUTF8)
    mail["Message-ID"] = f"<{parcel.delivery_id}@{parcel.sender.rpartition('@')[2]}>"
    mail["Date"] = format_datetime(datetime.now(UTC))
    mail["From"] = _address(parcel.sender, parcel.sender_name, where=OURS)
    mail["To"] = _address(parcel.recipient)
    if parcel.reply_to:
        mail["Reply-To"] = _address(parcel.reply_to, where=OURS)
    mail["Subject"] = parcel.content.subject
    for name, value in parcel.headers.items():
        mail[name] = _AsItIs(name, value) if name in AS_THEY_ARE else value
    mail.set_content(parcel.content.text)
    mail.add_alternative(parcel.content.html, subtype="html")
    return mail.as_bytes()


def _address(spec: str, name: str = "", *, where: str = "where it came from") -> Address:
    try:
        return Address(name, addr_spec=spec)
    except (MessageError, ValueError) as error:
        raise NoMail(f"{spec} is no address a mail can have; correct it {where}") from error

"""Mail through an SMTP server, for those without SendGrid: one receiver a transaction, TLS or nothing."""

from __future__ import annotations

import smtplib
import ssl
from contextlib import suppress
from dataclasses import dataclass
from typing import ClassVar
from urllib.parse import SplitResult, unquote, urlsplit

from pydantic import SecretStr

from checklists.errors import LaunchError
from tasks.loopback import is_here
from tasks.senders.mail import NoMail, as_mail
from tasks.senders.sender import OneByOne, Outcome, Parcel, accepted, not_sent, rejected, unknown, words

PORTS = {"smtp": 587, "smtps": 465, "smtp+plain": 25}
REMEDY = "TMINUS_SMTP_URL reads like smtp://user:password@mail.example.com:587"


class WrongAddress(LaunchError):
    """The setting names no SMTP server."""


@dataclass(frozen=True)
class Smtp(OneByOne):
    """`smtp` insists on STARTTLS unless the server is this machine, `smtps` is TLS from the first byte, `smtp+plain`
    says outright that none is wanted. What was said after DATA may have been taken: `unknown`, never repeated."""

    url: SecretStr
    timeout: float = 30
    repeatable: ClassVar[bool] = False

    def send(self, parcel: Parcel) -> Outcome:
        try:
            message = as_mail(parcel)
            server = self._connected()
        except NoMail as error:
            return rejected(str(error))
        except WrongAddress as error:
            return not_sent(str(error), is_ours=True)
        except smtplib.SMTPAuthenticationError as error:
            why = f"the SMTP server does not know this user or password; {REMEDY}"
            return not_sent(why, is_ours=error.smtp_code >= 500)
        except smtplib.SMTPNotSupportedError:
            why = "the SMTP server offers no STARTTLS; use smtps://, or smtp+plain:// in a network you trust"
            return not_sent(why, is_ours=True)
        except (OSError, smtplib.SMTPException) as error:
            return not_sent(f"the SMTP server could not be reached ({type(error).__name__})")
        try:
            return _transaction(server, parcel, message)
        finally:
            with suppress(OSError, smtplib.SMTPException):
                server.quit()

    def _connected(self) -> smtplib.SMTP:
        at = _read(self.url)
        host, port, context = str(at.hostname), at.port or PORTS[at.scheme], ssl.create_default_context()
        if at.scheme == "smtps":
            server: smtplib.SMTP = smtplib.SMTP_SSL(host, port, timeout=self.timeout, context=context)
        else:
            server = smtplib.SMTP(host, port, timeout=self.timeout)
        try:
            server.ehlo()
            if at.scheme == "smtp" and (server.has_extn("starttls") or not is_here(f"http://{host}")):
                server.starttls(context=context)
                server.ehlo()
            if at.username:
                _log_in(server, unquote(at.username), unquote(at.password or ""))
        except BaseException:
            server.close()
            raise
        return server


def _log_in(server: smtplib.SMTP, user: str, password: str) -> None:
    try:
        server.login(user, password)
    except smtplib.SMTPServerDisconnected as error:  # some hang up on who tries a second way of logging in
        raise smtplib.SMTPAuthenticationError(535, "the server hung up") from error


def _read(url: SecretStr) -> SplitResult:
    try:
        found = urlsplit(url.get_secret_value())
        is_known = found.scheme in PORTS and bool(found.hostname) and (found.port or 1) > 0
    except ValueError:
        is_known = False
    if not is_known:
        raise WrongAddress(REMEDY)
    return found


def _transaction(server: smtplib.SMTP, parcel: Parcel, message: bytes) -> Outcome:
    """MAIL and RCPT commit to nothing; from DATA on the server may have the mail whatever it says after that."""
    try:
        code, answer = server.mail(parcel.sender)
        if code >= 400:
            return _refused(code, answer)
        code, answer = server.rcpt(parcel.recipient)
        if code >= 400:
            return _refused(code, answer, is_theirs=True)
    except (OSError, smtplib.SMTPException) as error:
        return not_sent(f"the SMTP server broke off before the mail had left ({type(error).__name__})")
    try:
        code, answer = server.data(message)
    except smtplib.SMTPDataError as error:
        return _refused(error.smtp_code, error.smtp_error, is_theirs=True)
    except (OSError, smtplib.SMTPException) as error:
        return unknown(f"the SMTP server broke off after the mail had left ({type(error).__name__})")
    return accepted(parcel.delivery_id) if code == 250 else _refused(code, answer, is_theirs=True)


def _refused(code: int, answer: bytes | str, *, is_theirs: bool = False) -> Outcome:
    """`is_theirs` once it knew the receiver. 421 is about the server, whenever it says that (RFC 5321, 3.8)."""
    said = words(answer.decode(errors="replace") if isinstance(answer, bytes) else answer)
    why = f"the SMTP server answered {code}: {said}"
    return not_sent(why, is_theirs=is_theirs and code != 421) if 400 <= code < 500 else rejected(why)

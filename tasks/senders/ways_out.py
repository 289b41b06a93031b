"""The real way out where one is configured, the outbox otherwise."""

from __future__ import annotations

import os

from pydantic import SecretStr

from tasks.senders.outbox import Outbox
from tasks.senders.sender import Sender
from tasks.senders.sendgrid import SendGrid
from tasks.senders.slack import SlackWebhook
from tasks.settings import Settings


def by_mail(settings: Settings) -> Sender:
    if settings.sendgrid_api_key:
        return SendGrid(settings.sendgrid_api_key, host=settings.sendgrid_host)
    return Outbox(settings.outbox)


def by_slack(settings: Settings, variable: str | None) -> Sender:
    """`variable` is the name of the one that holds the address of an incoming webhook."""
    webhook = os.environ.get(variable or "", "")
    return SlackWebhook(SecretStr(webhook)) if webhook else Outbox(settings.outbox)

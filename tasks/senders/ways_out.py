"""The real way out where one is configured, the outbox otherwise. A kind of channel is one function here."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping

from pydantic import SecretStr

from checklists.launch import Launch
from checklists.organisation import Channel
from tasks.senders.feed import Feed
from tasks.senders.outbox import Outbox, Rehearsal
from tasks.senders.sender import Sender
from tasks.senders.sendgrid import SendGrid
from tasks.senders.sendgrid_log import SendGridLog
from tasks.senders.slack import SlackWebhook
from tasks.senders.slack_bot import SlackBot
from tasks.senders.smtp import Smtp
from tasks.senders.teams import TeamsWebhook
from tasks.senders.webhook import Webhook
from tasks.settings import Settings
from tasks.world import World


def by_mail(settings: Settings) -> Sender:
    if settings.sendgrid_api_key:
        return SendGrid(settings.sendgrid_api_key, host=settings.sendgrid_host)
    return Smtp(settings.smtp_url) if settings.smtp_url else Outbox(settings.outbox)


def mail_log(settings: Settings) -> SendGridLog | None:
    """Where to look up what became of mail; nowhere where SendGrid does not carry it."""
    key = settings.sendgrid_api_key
    return SendGridLog(key, host=settings.sendgrid_host) if key else None


def by_slack(settings: Settings, variable: str | None) -> Sender:
    """`variable` is the name of the one that holds the address of an incoming webhook."""
    webhook = _secret(variable)
    return SlackWebhook(webhook) if webhook else Outbox(settings.outbox)


def way_out(world: World, launch: Launch, channel: str) -> Sender:
    """How this launch reaches people on a channel: nothing of a rehearsal leaves, whatever is configured."""
    return way_by(world, launch, world.organisation.channels[channel])


def way_by(world: World, launch: Launch, channel: Channel) -> Sender:
    """The same by a channel as it was when somebody read the file."""
    if launch.rehearsal:
        return Rehearsal(world.settings.outbox, as_posts=channel.kind == "webhook")
    return WAYS[channel.kind](world, channel)


def mail_out(world: World, launch: Launch) -> Sender:
    """How this launch reaches one person by mail, whatever channels there are and what they are called."""
    return Rehearsal(world.settings.outbox) if launch.rehearsal else by_mail(world.settings)


def sender_for(world: World, name: str) -> Sender:
    """How messages leave by this channel of the organisation file."""
    channel = world.organisation.channels[name]
    return WAYS[channel.kind](world, channel)


def _mail(world: World, _: Channel) -> Sender:
    return by_mail(world.settings)


def _feed(world: World, _: Channel) -> Sender:
    return Feed(world)


def _slack(world: World, channel: Channel) -> Sender:
    token = _secret(channel.token_env)
    if token and channel.post_to:
        return SlackBot(token, channel.post_to)
    return by_slack(world.settings, channel.webhook_env)


def _teams(world: World, channel: Channel) -> Sender:
    url = _secret(channel.webhook_env)
    return TeamsWebhook(url) if url else Outbox(world.settings.outbox)


def _webhook(world: World, channel: Channel) -> Sender:
    url, secret = _secret(channel.webhook_env), _secret(channel.secret_env)
    return Webhook(url, secret) if url and secret else Outbox(world.settings.outbox, as_posts=True)


WAYS: Mapping[str, Callable[[World, Channel], Sender]] = {
    "email": _mail,
    "feed": _feed,
    "slack": _slack,
    "teams": _teams,
    "webhook": _webhook,
}


def _secret(variable: str | None) -> SecretStr | None:
    found = os.environ.get(variable or "", "")
    return SecretStr(found) if found else None

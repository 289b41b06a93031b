"""Where a channel leads, in words: it is part of what is signed."""

from __future__ import annotations

from checklists.organisation import Channel

PLACES = {
    "email": "mail to each",
    "slack": "Slack",
    "teams": "Teams",
    "feed": "the change channel",
    "webhook": "a webhook",
}
"""Where a kind of channel leads."""


def place_of(way: Channel) -> str:
    """`Slack, to #launches, with the token in SLACK_TOKEN`: of what is secret, the variable that holds it."""
    said = (
        (way.post_to, "to"),
        (way.token_env, "with the token in"),
        (way.webhook_env, "by the address in"),
        (way.secret_env, "with the secret in"),
    )
    return ", ".join((PLACES[way.kind], *(f"{words} {name}" for name, words in said if name)))
